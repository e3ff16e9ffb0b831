"""The Fisher-Pry line, on series that follow it exactly, nearly, or not at all."""

import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from benchmarks import coverage
from flows.warehouse.analysis import pair_forecasts
from flows.warehouse.runner import fill_computed
from tests.sql.support import created, given, with_curves

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
    for model in ("pair_values", "pair_smoothed", "pair_lines"):
        created(con, f"intermediate/{model}")
    with_curves(con)
    for computed in (pair_forecasts.ORIGINS, pair_forecasts.TESTS):
        fill_computed(con, computed)
        created(con, f"staging/{computed.table.replace('analysis_', 'analysis__')}")
    return {name: created(con, f"marts/{name}") for name in ("substitution", "forecast_backtest", "forecasts")}


def noisy(shares: list[float], size: float = 0.01) -> list[float]:
    """The shares with a noise that the model has to find: neither alike from month to month nor none."""
    return [share + size * math.sin(2.5 * number) for number, share in enumerate(shares)]


def test_a_logistic_curve_gives_its_own_rate(con):
    [row] = fitted(con, noisy([logistic(day, 0.8, date(2019, 7, 1)) for day in MONTHS]))["substitution"]
    assert (row["gaining"], row["is_rate_shown"], row["rate_reason"]) == ("p", True, None)
    assert row["rate_per_year"] == pytest.approx(0.8, abs=0.05)
    assert row["rate_low"] < 0.8 < row["rate_high"]
    # From 10 to 90 percent the log odds go from -ln 9 to ln 9: ln 81 = 4.394.
    assert row["years_10_to_90"] == pytest.approx(4.394 / row["rate_per_year"], abs=0.001)
    assert (row["first_pct"], row["last_pct"]) == (pytest.approx(6, abs=2), pytest.approx(94, abs=2))
    assert (row["first_period"], row["last_period"], row["point_count"]) == (MONTHS[0], MONTHS[-1], 84)


def test_a_line_that_plainly_moved_without_a_rate_is_told_as_such(con):
    bent = noisy([0.2 if number < 42 else 0.2 + (number - 42) * 0.015 for number in range(84)])
    [row] = fitted(con, bent)["substitution"]
    assert (row["gaining"], row["rate_per_year"], row["rate_reason"]) == ("p", None, "no straight line")
    assert row["risen_pct"] > 99.9


def test_editions_that_moved_by_twenty_errors_are_told_to_have_moved(con):
    # As in the Kaggle surveys: 28 to 40 percent in five editions whose counting error is half a point.
    days = [date(year, 1, 1) for year in range(2018, 2023)]
    shares = [0.28, 0.41, 0.30, 0.43, 0.40]
    [row] = fitted(con, shares, days=days, members=12000, grain="edition")["substitution"]
    assert row["gaining"] == "p"
    assert (row["first_pct"], row["last_pct"]) == (pytest.approx(28), pytest.approx(40))
    assert row["risen_pct"] == pytest.approx(100)


def test_under_ten_members_of_one_there_is_no_rate(con):
    [row] = fitted(con, [0.99 - 0.01 * (number % 5 == 0) for number in range(40)], days=MONTHS[:40], members=20)[
        "substitution"
    ]
    assert (row["rate_per_year"], row["rate_reason"]) == (None, "under 10 members of the smaller framework")


def test_a_curve_that_keeps_its_law_beats_both_rules_and_earns_its_forecast(con):
    found = fitted(con, noisy([logistic(day, 0.8, date(2019, 7, 1)) for day in MONTHS], 0.002))
    assert sorted(row["fitted_to"].year for row in found["forecast_backtest"]) == [2017, 2018, 2019, 2020, 2021]
    assert all(row["is_best"] for row in found["forecast_backtest"])
    first = min(found["forecast_backtest"], key=lambda row: row["fitted_to"])
    # The year after, and not all that came after: the years do not overlap.
    assert (first["fitted_count"], first["tested_count"]) == (24, 12)
    [row] = found["forecasts"]
    assert (row["cut_count"], row["best_count"], row["is_current"]) == (5, 5, True)
    assert row["p_value"] == row["p_corrected"] < 0.05
    assert (row["is_forecast_shown"], row["forecast_date"]) == (True, date(2023, 12, 1))
    assert row["forecast_pct"] == pytest.approx(100 * logistic(date(2023, 12, 1), 0.8, date(2019, 7, 1)), abs=0.3)


def test_a_series_that_has_ended_is_not_forecast(con):
    found = fitted(con, noisy([logistic(day, 0.8, date(2019, 7, 1)) for day in MONTHS], 0.002))
    assert found["forecasts"][0]["is_forecast_shown"]
    later = {"source": "o", "series": "y", "population": "all", "grain": "month", "period_start": date(2023, 3, 1)}
    con.execute("insert into intermediate.observations by name select * replace (?::date as period_start) from "
                "intermediate.observations limit 1", [later["period_start"]])  # fmt: skip
    [row] = created(con, "marts/forecasts")
    assert (row["is_current"], row["is_forecast_shown"], row["forecast_date"]) == (False, False, None)
    assert row["reason"].startswith("has ended")


def test_one_of_many_countries_gets_no_line(con):
    found = fitted(con, [logistic(day, 0.8, date(2019, 7, 1)) for day in MONTHS], is_named=False)
    assert found == {"substitution": [], "forecast_backtest": [], "forecasts": []}


def test_a_rise_that_stops_is_no_substitution_and_is_not_forecast(con):
    shares = [min(0.3, 0.05 + 0.01 * number) for number in range(84)]
    found = fitted(con, shares)
    [row] = found["forecasts"]
    assert (row["is_forecast_shown"], row["forecast_pct"], row["usual_error_pct"]) == (False, None, None)
    assert row["reason"].startswith("is not proven better")


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
    assert (row["gaining"], row["is_rate_shown"], row["years_10_to_90"]) == (None, False, None)
    assert row["rate_low"] < 0 < row["rate_high"]


def test_three_editions_are_too_few(con):
    days = [date(year, 1, 1) for year in (2018, 2019, 2020)]
    assert fitted(con, [0.3, 0.4, 0.5], days=days, members=1000, grain="edition")["substitution"] == []


def test_counts_have_the_error_of_counting_at_least(con):
    days = [date(year, 1, 1) for year in (2017, 2018, 2019, 2020, 2021)]
    shares = [round(1000 * logistic(day, 0.8, date(2019, 7, 1))) / 1000 for day in days]
    [row] = fitted(con, shares, days=days, members=1000, grain="edition")["substitution"]
    assert row["rate_per_year"] == pytest.approx(0.8, abs=0.02)
    # Standard error of the slope by counting alone: 1 / sqrt(sum w (x - mean)^2), w = 1000 p (1 - p), near 0.026.
    assert (row["rate_high"] - row["rate_low"]) / 2 > 1.96 * 0.026


def test_alike_neighbours_widen_the_interval(con):
    curve = [logistic(day, 0.5, date(2019, 7, 1)) for day in MONTHS]
    widths = []
    for likeness in ("0", ".8"):
        errors = 0.03 * coverage.noise(np.random.default_rng(1), likeness, len(MONTHS))
        [row] = fitted(con, [share + error for share, error in zip(curve, errors, strict=True)])["substitution"]
        widths.append(row["rate_high"] - row["rate_low"])
    assert widths[1] > 1.5 * widths[0]
