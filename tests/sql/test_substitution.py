"""The Fisher-Pry line, on series that follow it exactly, nearly, or not at all."""

import math
from datetime import date, timedelta
from typing import Any

import pytest

from tests.sql.support import created, given

FRAMEWORKS = [
    {"framework": name, "framework_order": order, "is_compared": True, "first_release": date(2010, 1, 1)}
    for order, name in enumerate("pt", start=1)
]
MONTHS = [date(2016 + number // 12, 1 + number % 12, 1) for number in range(84)]


def logistic(day: date, rate: float, middle: date) -> float:
    return 1 / (1 + math.exp(-rate * (day - middle).days / 365.25))


def fitted(con, shares: list[float], *, days: list[date] = MONTHS, **values: Any) -> dict[str, list[dict[str, Any]]]:
    """The marts for one pair of which the first has these shares of 100 points, or of `members` members."""
    members = values.pop("members", None)
    is_named = values.pop("is_named", True)
    grain = values.pop("grain", "month")
    rows = []
    for day, share in zip(days, shares, strict=True):
        row = {"source": "s", "series": "x", "population": "all", "grain": grain, "period_start": day}
        row |= {"unit": "links" if members else "per_day", "quality": "full"}
        total = members or 100.0
        rows.append(row | {"framework": "p", "value": float(total * share)})
        rows.append(row | {"framework": "t", "value": float(total * (1 - share))})
    given(con, "intermediate.observations", rows)
    given(con, "staging.reference__frameworks", FRAMEWORKS)
    named = [{"source": "s", "series": "x", "population": "all", "grain": grain}]
    named[0] |= {
        "is_binomial": members is not None,
        "is_named": is_named,
        "has_pairs": True,
        "is_stock": False,
        "reading_error": 1.0,
    }
    given(con, "intermediate.series_populations", named)
    given(con, "intermediate.headline_pair", [{"framework_a": "p", "framework_b": "t"}])
    for model in ("pair_values", "pair_smoothed", "pair_lines", "log_odds", "substitution_fits", "substitution_errors"):
        created(con, f"intermediate/{model}")
    return {name: created(con, f"marts/{name}") for name in ("substitution", "forecast_backtest", "forecasts")}


def test_an_exact_logistic_curve_gives_its_own_rate_and_middle(con):
    found = fitted(con, [logistic(day, 0.8, date(2019, 7, 1)) for day in MONTHS])
    [row] = found["substitution"]
    assert row["gaining"] == "p"
    assert row["rate_per_year"] == pytest.approx(0.8)
    assert abs(row["midpoint_date"] - date(2019, 7, 1)) <= timedelta(days=1)
    # From 10 to 90 percent the log odds go from -ln 9 to ln 9: ln 81 = 4.394.
    assert row["years_10_to_90"] == pytest.approx(4.394 / 0.8, abs=0.001)
    assert (row["r_squared"], row["point_count"]) == (pytest.approx(1), 84)
    assert row["rmse_pct"] == pytest.approx(0, abs=1e-6)
    assert (row["first_period"], row["last_period"]) == (MONTHS[0], MONTHS[-1])


def test_a_curve_that_keeps_its_law_is_forecast_and_beats_both_rules(con):
    found = fitted(con, [logistic(day, 0.8, date(2019, 7, 1)) for day in MONTHS])
    assert sorted(row["fitted_to"].year for row in found["forecast_backtest"]) == [2017, 2018, 2019, 2020, 2021]
    assert all(row["is_best"] for row in found["forecast_backtest"])
    first = min(found["forecast_backtest"], key=lambda row: row["fitted_to"])
    assert (first["fitted_count"], first["tested_count"], first["tested_to"]) == (24, 60, date(2022, 12, 1))
    [row] = found["forecasts"]
    assert (row["is_forecast_shown"], row["reason"]) == (True, "beat both rules at 5 of 5 years' ends")
    assert row["forecast_date"] == date(2023, 12, 1)
    assert row["forecast_pct"] == pytest.approx(100 * logistic(date(2023, 12, 1), 0.8, date(2019, 7, 1)), abs=0.1)


def test_one_of_many_countries_gets_no_line(con):
    found = fitted(con, [logistic(day, 0.8, date(2019, 7, 1)) for day in MONTHS], is_named=False)
    assert found == {"substitution": [], "forecast_backtest": [], "forecasts": []}


def test_a_rise_that_stops_is_no_substitution_and_is_not_forecast(con):
    shares = [min(0.3, 0.05 + 0.01 * number) for number in range(84)]
    found = fitted(con, shares)
    [row] = found["forecasts"]
    assert (row["is_forecast_shown"], row["forecast_pct"], row["usual_error_pct"]) == (False, None, None)
    assert row["reason"].startswith("erred by ")
    assert not any(row["is_best"] for row in found["forecast_backtest"])


def test_naive_rules_are_what_they_say(con):
    # A straight line of 1 point a month: going on as in the last year is right, to 100 at most.
    found = fitted(con, [0.1 + 0.01 * number for number in range(84)])
    errors = {row["fitted_to"].year: row for row in found["forecast_backtest"]}
    # The trailing half year lies 2.5 months behind, and so does its trend.
    assert errors[2021]["last_trend_error_pct"] == pytest.approx(2.5, abs=0.1)
    # The last value is 2.5 points behind at once, and 1 to 12 months later 3.5 to 14.5, 9 on average.
    assert errors[2021]["last_value_error_pct"] == pytest.approx(9, abs=0.1)


def test_no_change_has_no_gaining_one_and_no_middle(con):
    shares = [0.4 + 0.01 * (number % 3 - 1) for number in range(84)]
    [row] = fitted(con, shares)["substitution"]
    assert (row["gaining"], row["midpoint_date"], row["years_10_to_90"]) == (None, None, None)
    assert row["rate_low"] < 0 < row["rate_high"]


def test_three_editions_are_too_few(con):
    days = [date(year, 1, 1) for year in (2018, 2019, 2020)]
    assert fitted(con, [0.3, 0.4, 0.5], days=days, members=1000, grain="edition")["substitution"] == []


def test_counts_weigh_by_their_information_and_keep_the_error_of_counting(con):
    days = [date(year, 1, 1) for year in (2017, 2018, 2019, 2020, 2021)]
    shares = [round(1000 * logistic(day, 0.8, date(2019, 7, 1))) / 1000 for day in days]
    [row] = fitted(con, shares, days=days, members=1000, grain="edition")["substitution"]
    assert row["rate_per_year"] == pytest.approx(0.8, abs=0.01)
    # Standard error of the slope: 1 / sqrt(sum w (x - mean)^2), w = 1000 p (1 - p), near 0.026; times 3.18 (3 degrees).
    assert (row["rate_high"] - row["rate_low"]) / 2 == pytest.approx(0.08, abs=0.01)


def test_alike_neighbours_widen_the_interval(con):
    wave = [0.01 * math.sin(number / 6) for number in range(84)]
    noise = [0.01 * math.sin(2.5 * number) for number in range(84)]
    curve = [logistic(day, 0.5, date(2019, 7, 1)) for day in MONTHS]
    widths = []
    for errors in (noise, wave):
        [row] = fitted(con, [share + error for share, error in zip(curve, errors, strict=True)])["substitution"]
        widths.append(row["rate_high"] - row["rate_low"])
    assert widths[1] > 2 * widths[0]
