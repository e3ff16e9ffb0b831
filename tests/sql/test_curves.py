from datetime import date

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
        "first_pct": 10.0,
        "last_pct": 90.0,
        "rate_per_year": 2.2,
        "rate_low": 2.0,
        "rate_high": 2.4,
        "is_rate_shown": True,
        "rate_reason": None,
        "years_10_to_90": 2.0,
        "years_low": 1.5,
        "years_high": 3.0,
    }
    forecast = {
        "is_forecast_shown": True,
        "reason": "beat both rules at 2 of 2 years' ends",
        "forecast_date": date(2022, 1, 1),
        "forecast_pct": 98.78,
        "usual_error_pct": 3.0,
        "model_error_pct": 3.0,
        "last_value_error_pct": 9.0,
        "last_trend_error_pct": 5.0,
    }
    speaking = KEY | {"grain": changed.pop("drawn_grain", "year")}
    survey = KEY | {"source": "v", "grain": "edition", "is_pair_drawn": True}
    held = changed.pop("editions", {date(2020, 1, 1): (None, None)})
    assert isinstance(held, dict)
    given(con, "marts.head_to_head", [
        survey | {"period_start": day, "low_pct": low, "high_pct": high} for day, (low, high) in held.items()
    ])  # fmt: skip
    given(con, "pages.options", [row | {"is_headline": True} for row in (speaking, survey)])
    given(con, "marts.substitution", [KEY | {key: changed.get(key, value) for key, value in rates.items()}])
    given(con, "marts.forecasts", [KEY | {key: changed.get(key, value) for key, value in forecast.items()}])
    given(con, "marts.frameworks", [{"framework": "a", "label": "Alpha"}, {"framework": "b", "label": "Beta"}])
    labels = {"s": "Source", "v": "Survey"}
    given(con, "marts.source_status", [{"source": s, "label": labels[s], "headline_order": 1} for s in labels])
    points = zip(DAYS, (10.0, 60.0, 90.0), (12.0, 50.0, 88.0), strict=True)
    given(
        con,
        "marts.head_to_head_smoothed",
        [
            KEY
            | {"period_start": day, "a_share_of_pair_pct": share}
            | {"curve_pct": pct, "curve_low_pct": pct - 5, "curve_high_pct": pct + 5}
            for day, share, pct in points
        ],
    )
    said = {(row["population"], row["framework_b"]): row for row in created(con, "pages/fits")}
    return [said[row["population"], row["framework_b"]] | row for row in created(con, "pages/curves")]


def test_the_curve_stands_beside_the_figures_and_goes_on_to_the_forecast(con):
    rows = curves(con)
    assert [row["period_label"] for row in rows] == ["2019", "2020", "2021", "Jan 2022"]
    assert [row["point_date"] for row in rows] == [date(year, 7, 1) for year in (2019, 2020, 2021, 2022)]
    assert [row["observed_pct"] for row in rows] == [10, 60, 90, None]
    assert [row["fitted_pct"] for row in rows] == [12, 50, 88, None]
    assert [row["fitted_low_pct"] for row in rows] == [7, 45, 83, None]
    assert [row["forecast_pct"] for row in rows] == [None, None, 88, 98.78]


GAINED = "Alpha gained on Beta, fitted from 10% in 2019 to 90% of both in 2021"


def test_words(con):
    row = curves(con)[0]
    assert row["sentence"] == (f"{GAINED}: at this rate 10 to 90 percent takes 2.0 years (1.5 to 3.0).")
    assert row["forecast_sentence"] == "Forecast for Jan 2022: Alpha 99%, usual error 3.0 points."
    assert row["title"] == "Alpha gained on Beta in the one series that is long enough to fit"


def test_without_an_earned_forecast_the_line_ends_with_the_figures(con):
    unearned = {"is_forecast_shown": False, "reason": "could be tested at 1 years' ends, fewer than four"}
    rows = curves(con, forecast_date=None, forecast_pct=None, usual_error_pct=None, **unearned)
    assert [row["period_label"] for row in rows] == ["2019", "2020", "2021"]
    assert {row["forecast_pct"] for row in rows} == {None}
    assert rows[0]["forecast_sentence"] == "No forecast: the series could be tested at 1 years' ends, fewer than four."


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"gaining": None, "is_rate_shown": False}, "Neither is shown to gain: the interval of the rate holds 0."),
    ({"gaining": None, "is_rate_shown": False, "rate_per_year": None, "rate_reason": "no straight line"},
     "Neither is shown to gain: no straight line does, and the share ends where it began, within its error."),
    ({"gaining": None, "is_rate_shown": False, "rate_per_year": None, "rate_reason": "under 10 members of it"},
     "No rate: the smaller framework has under 10 members in all."),
    ({"is_rate_shown": False}, f"{GAINED}, at a rate that the figures leave open."),
    ({"is_rate_shown": False, "rate_per_year": None, "rate_reason": "no straight line"},
     f"{GAINED}, at no constant rate."),
], ids=["rate around 0", "not straight", "thin", "moved, rate open", "moved, no rate"])  # fmt: skip
def test_the_reason_given_is_the_reason_that_holds(con, changed, sentence):
    row = curves(con, **changed)[0]
    assert row["sentence"] == sentence
    assert row["title"].startswith(
        "Alpha gained" if changed.get("gaining", "a") else "The one fitted series does not show"
    )


@pytest.mark.parametrize(("first", "last", "ending"), [
    ((20, 30), (40, 50), "; by other readings Alpha gained in Survey"),
    ((40, 50), (20, 30), "; by other readings Beta gained in Survey"),
    ((20, 30), (29, 50), "gain on the other"),
])  # fmt: skip
def test_surveys_too_short_for_a_line_say_what_their_intervals_do(con, first, last, ending):
    ends = {date(2020, 1, 1): first, date(2022, 1, 1): last}
    row = curves(con, gaining=None, is_rate_shown=False, editions=ends)[0]
    assert row["title"].startswith("The one fitted series does not show Alpha or Beta to gain")
    assert row["title"].endswith(ending)


def test_the_second_can_gain(con):
    row = curves(con, gaining="b")[0]
    assert row["sentence"].startswith("Beta gained on Alpha")
    assert row["title"].startswith("Beta gained on Alpha")


def test_months_speak_where_a_chart_draws_quarters(con):
    assert len(curves(con, drawn_grain="quarter")) == 4


def test_why_no_forecast_is_shown_is_a_sentence(con):
    unearned = {"is_forecast_shown": False, "reason": "is not proven better than the last value"}
    rows = curves(con, forecast_date=None, forecast_pct=None, usual_error_pct=None, **unearned)
    assert rows[0]["forecast_sentence"] == "No forecast: the series is not proven better than the last value."
