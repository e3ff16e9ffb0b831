from datetime import date
from math import log

import duckdb
import pytest

from tests.sql.support import created, given

KEY = {
    "source": "s",
    "series": "r",
    "population": "p",
    "grain": "year",
    "framework_a": "a",
    "framework_b": "b",
}
DAYS = [date(year, 1, 1) for year in (2019, 2020, 2021)]


def curves(con: duckdb.DuckDBPyConnection, **changed: object) -> list[dict[str, object]]:
    """A line that passes a half in 2020 and whose odds grow ninefold a year, with figures that lie on it but once."""
    rates = {
        "gaining": "a",
        "first_period": DAYS[0],
        "last_period": DAYS[2],
        "midpoint_date": DAYS[1],
        "years_10_to_90": 2.0,
    }
    forecast = {
        "is_forecast_shown": True,
        "reason": "beat both rules at 2 of 2 years' ends",
        "forecast_date": date(2022, 1, 1),
        "forecast_pct": 98.78,
        "usual_error_pct": 3.0,
    }
    speaking = KEY | {"grain": changed.pop("drawn_grain", "year")}
    given(con, "intermediate.series_populations", [speaking | {"is_speaking": True}])
    given(con, "intermediate.headline_series", [speaking | {"headline_order": 1}])
    given(con, "intermediate.pair_lines", [KEY | {"line": 7, "last_period": DAYS[2]} | dict.fromkeys(UNUSED)])
    given(con, "marts.substitution", [KEY | {key: changed.get(key, value) for key, value in rates.items()}])
    given(con, "marts.forecasts", [KEY | {key: changed.get(key, value) for key, value in forecast.items()}])
    given(con, "marts.frameworks", [{"framework": "a", "label": "Alpha"}, {"framework": "b", "label": "Beta"}])
    given(con, "marts.source_status", [{"source": "s", "label": "Source"}])
    given(
        con,
        "intermediate.log_odds",
        [
            {"line": 7, "period_start": day, "years": place + 1.0, "share_pct": share}
            for place, (day, share) in enumerate(zip(DAYS, (10.0, 60.0, 90.0), strict=True))
        ],
    )
    fit = {
        "line": 7,
        "is_full": True,
        "point_count": 4,
        "mean_years": 2.0,
        "mean_log_odds": 0.0,
        "slope": log(9),
        "mean_variance": 0.01,
        "slope_variance": 0.0,
    }
    given(con, "intermediate.substitution_fits", [fit, fit | {"is_full": False, "slope": 99.0}])
    given(con, "intermediate.substitution_errors", [{"line": 7, "inflation": 1.0}])
    return created(con, "marts/substitution_curves")


UNUSED = ("error_model", "is_thin", "first_period")


def test_the_line_stands_beside_the_figures_and_goes_on_to_the_forecast(con):
    rows = curves(con)
    assert [row["period_label"] for row in rows] == ["2019", "2020", "2021", "Jan 2022"]
    assert [row["point_date"] for row in rows] == [date(year, 7, 1) for year in (2019, 2020, 2021, 2022)]
    assert [row["observed_pct"] for row in rows] == [10, 60, 90, None]
    assert [row["fitted_pct"] for row in rows] == [pytest.approx(10), pytest.approx(50), pytest.approx(90), None]
    assert [row["forecast_pct"] for row in rows] == [None, None, pytest.approx(90), 98.78]


def test_the_interval_of_the_line_comes_from_its_errors(con):
    # Student's factor for 2 degrees is 4.303; at the mean the standard error is 0.1, so that odds are e^±0.4303.
    middle = curves(con)[1]
    assert middle["fitted_low_pct"] == pytest.approx(100 / (1 + 2.71828182846**0.4303), abs=1e-6)
    assert middle["fitted_high_pct"] == pytest.approx(100 - middle["fitted_low_pct"])


def test_words(con):
    row = curves(con)[0]
    assert row["sentence"] == (
        "Alpha gained on Beta: at this rate 10 to 90 percent takes 2.0 years. The line crossed a half in Jan 2020."
    )
    assert row["forecast_words"] == "Forecast for Jan 2022: Alpha 99%, usual error 3.0 points."
    assert row["title"] == "Alpha gained on Beta in the one series that is long enough to fit"


def test_without_an_earned_forecast_the_line_ends_with_the_figures(con):
    unearned = {"is_forecast_shown": False, "reason": "too short to be tested"}
    rows = curves(con, forecast_date=None, forecast_pct=None, usual_error_pct=None, **unearned)
    assert [row["period_label"] for row in rows] == ["2019", "2020", "2021"]
    assert {row["forecast_pct"] for row in rows} == {None}
    assert rows[0]["forecast_words"] == "No forecast: the series is too short to be tested."


def test_a_half_beyond_the_figures_is_not_told(con):
    for midpoint in (date(2031, 10, 1), None):
        assert "2031" not in curves(con, midpoint_date=midpoint)[0]["sentence"]
        assert "did not cross a half within the figures" in curves(con, midpoint_date=midpoint)[0]["sentence"]


def test_where_the_rate_may_be_nothing_nobody_gains(con):
    row = curves(con, gaining=None, midpoint_date=None, years_10_to_90=None)[0]
    assert row["sentence"].startswith("Neither is shown to gain")
    assert row["title"] == "No series shows Alpha or Beta to gain on the other"


def test_the_second_can_gain(con):
    row = curves(con, gaining="b")[0]
    assert row["sentence"].startswith("Beta gained on Alpha")
    assert row["title"].startswith("Beta gained on Alpha")


def test_months_speak_where_a_chart_draws_quarters(con):
    assert len(curves(con, drawn_grain="quarter")) == 4


def test_why_no_forecast_is_shown_is_a_sentence(con):
    unearned = {"is_forecast_shown": False, "reason": "erred by 2.6 points, the last trend by 0.9"}
    rows = curves(con, forecast_date=None, forecast_pct=None, usual_error_pct=None, **unearned)
    assert rows[0]["forecast_words"] == "No forecast: the line erred by 2.6 points, the last trend by 0.9."
