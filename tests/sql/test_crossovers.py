"""Who passed whom, and when: on short series with a change of leader that one can see."""

import math
from datetime import date
from typing import Any

import duckdb
import pytest

from flows.warehouse.analysis import crossing_intervals
from flows.warehouse.runner import fill_computed
from tests.sql.support import SQL, created, given, with_curves

FRAMEWORKS = [
    {"framework": name, "framework_order": order, "is_compared": True, "is_framework": True, "first_release": released}
    for order, (name, released) in enumerate((("p", date(2016, 9, 1)), ("t", date(2015, 11, 9)), ("k", None)), start=1)
]


def observed(source: str, pairs: list[tuple[float, float]], **values: Any) -> list[dict[str, Any]]:
    """Monthly figures of p and t from January 2017 on; a pair of None leaves the month out."""
    rows = []
    for number, both in enumerate(pairs):
        row = {
            "source": source,
            "series": "x",
            "population": "all",
            "grain": "month",
            "period_start": date(2017 + number // 12, 1 + number % 12, 1),
            "unit": "links",
            "base": None,
            "quality": "full",
            "origin": "live",
            "retrieved_at": None,
            "reference": None,
        } | values
        rows += [row | {"framework": name, "value": float(value)} for name, value in zip("pt", both, strict=True)]
    return rows


def crossovers(
    con: duckdb.DuckDBPyConnection,
    rows: list[dict[str, Any]],
    *,
    is_binomial: bool = True,
    reading_error: float = 1.0,
) -> list[dict[str, Any]]:
    given(con, "intermediate.observations", rows)
    given(con, "staging.reference__frameworks", FRAMEWORKS)
    lines = {(row["source"], row["series"], row["population"], row["grain"]) for row in rows}
    named = [
        {
            "source": s,
            "series": x,
            "population": p,
            "grain": g,
            "series_order": 1,
            "is_binomial": is_binomial,
            "is_named": True,
            "has_pairs": True,
            "is_stock": False,
            "reading_error": reading_error,
        }
        for s, x, p, g in sorted(lines)
    ]
    given(con, "intermediate.series_populations", named)
    given(con, "intermediate.headline_pair", [{"framework_a": "p", "framework_b": "t"}])
    for model in ("pair_values", "pair_smoothed", "pair_lines", "pair_crossings"):
        created(con, f"intermediate/{model}")
    for model in ("framework_shares", "head_to_head", "leads"):
        created(con, f"marts/{model}")
    with_curves(con)
    fill_computed(con, crossing_intervals.COMPUTED)
    created(con, "staging/analysis__crossing_intervals")
    return sorted(created(con, "marts/crossovers"), key=lambda row: (row["source"], row["crossed_period"]))


def test_a_change_of_leader_lies_between_the_last_month_surely_behind_and_the_first_surely_ahead(con):
    [row] = crossovers(con, observed("s", [(300 + 20 * n, 700 - 20 * n) for n in range(24)]))
    assert (row["framework_a"], row["framework_b"], row["leader_before"], row["leader_after"]) == ("p", "t", "t", "p")
    # Both have 500 in month 11.
    assert (row["crossed_period"], row["before_period"]) == (date(2017, 12, 1), date(2017, 11, 1))
    assert date(2017, 8, 1) <= row["crossed_low"] < date(2017, 12, 1) <= row["crossed_high"] <= date(2018, 3, 1)
    assert (row["is_lasting"], row["is_proven"]) == (True, True)


def test_slow_noise_around_a_half_proves_no_crossing(con):
    # Half a year ahead, half a year behind: today's figures cross four times, and the curve under them never surely.
    shares = [50 + 4 * math.sin(2 * math.pi * n / 12) + math.sin(2.5 * n) for n in range(48)]
    found = crossovers(
        con, observed("s", [(share, 100 - share) for share in shares], unit="per_day"), is_binomial=False
    )
    assert len(found) > 3
    assert [row for row in found if row["is_proven"]] == []


def test_a_line_is_cut_at_a_break_of_its_series(con):
    months = [(30.0, 70.0), (31.0, 69.0)] * 12 + [(69.0, 31.0), (70.0, 30.0)] * 12
    observations = observed("s", months, unit="per_day")
    crossovers(con, observations, is_binomial=False)
    with_curves(con, [{"source": "s", "event_date": date(2019, 1, 1)}])
    curves = con.execute("select ahead_pct from staging.analysis__curves order by period_start").fetchall()
    # With a piece on either side, each month is sure; one curve through both would not be so around the step.
    assert all(ahead < 0.1 for (ahead,) in curves[:24])
    assert all(ahead > 99.9 for (ahead,) in curves[24:])


def test_a_pair_that_never_crosses_has_no_row(con):
    assert crossovers(con, observed("s", [(300, 700)] * 12)) == []


def test_one_that_crosses_back_has_each_crossing(con):
    found = crossovers(con, observed("s", [(300, 700)] * 6 + [(700, 300)] * 6 + [(200, 800)] * 6))
    assert [(row["leader_after"], row["crossed_period"], row["is_lasting"]) for row in found] == [
        ("p", date(2017, 7, 1), False),
        ("t", date(2018, 1, 1), True),
    ]


def test_a_lead_of_two_months_is_passed_over_but_ends_the_unbroken_lead(con):
    months = [(300, 700)] * 6 + [(700, 300)] * 6 + [(300, 700)] * 2 + [(700, 300)] * 6
    [row] = crossovers(con, observed("s", months))
    # The one walk over leads dates it, as everywhere; the date that passes the gap over stands beside it.
    assert (row["crossed_period"], row["sustained_from"]) == (date(2018, 3, 1), date(2018, 3, 1))
    dates = {row["definition"].split(":")[0]: row for row in created(con, "marts/crossing_dates")}
    assert dates["leads of under three months in between passed over"]["dated_period"] == date(2017, 7, 1)
    assert [row["dated_period"] for row in dates.values() if row["is_plain"]] == [date(2018, 3, 1)]


def test_periods_that_are_not_drawn_at_the_end_do_not_undo_the_walk(con):
    # The last month has 20 members, too few to be drawn: the walk ends before it, and dates the change all the same.
    months = [(300, 700)] * 6 + [(700, 300)] * 6 + [(300, 700)] * 2 + [(700, 300)] * 6 + [(15, 5)]
    [row] = crossovers(con, observed("s", months))
    assert (row["crossed_period"], row["sustained_from"]) == (date(2018, 3, 1), date(2018, 3, 1))
    check = (SQL / "checks" / "crossovers_dated_by_the_walk.sql").read_text(encoding="utf-8")
    assert con.execute(check).fetchall() == []
    con.execute("update marts.crossovers set crossed_period = '2017-07-01'")
    assert len(con.execute(check).fetchall()) == 1


def test_a_tie_is_no_lead(con):
    editions = [(10, 90), (50, 50), (90, 10)]
    [row] = crossovers(con, observed("s", editions, grain="edition"))
    assert row["crossed_period"] == date(2017, 3, 1)


def test_a_lead_that_chance_may_have_made_stays_open(con):
    # 30 to 70 is surely behind, 51 to 49 is a coin toss.
    [row] = crossovers(con, observed("s", [(30, 70), (51, 49)], grain="edition"))
    assert (row["before_period"], row["crossed_low"], row["crossed_high"], row["is_proven"]) == (
        date(2017, 1, 1), date(2017, 1, 1), None, False,
    )  # fmt: skip


def test_a_change_between_two_editions_lies_between_them(con):
    [row] = crossovers(con, observed("s", [(30, 70), (40, 60), (70, 30)], grain="edition"))
    assert (row["crossed_low"], row["before_period"], row["crossed_period"], row["crossed_high"]) == (
        date(2017, 2, 1), date(2017, 2, 1), date(2017, 3, 1), date(2017, 3, 1),
    )  # fmt: skip


def test_figures_from_before_both_were_out_do_not_count(con):
    rows = observed("s", [(70, 30)] * 6 + [(30, 70)] * 6)
    early = [row | {"period_start": row["period_start"].replace(year=2016)} for row in rows]
    # p came out in September 2016, where its label on older papers ends to count: t leads all the rest.
    assert crossovers(con, early) == []


def test_quarters_are_left_to_their_months(con):
    quarters = observed("s", [(30, 70), (70, 30)] * 6, grain="quarter")
    months = observed("s", [(30, 70)] * 12)
    assert crossovers(con, months + quarters) == []
    # Quarters of another population, without months of its own, are all that it has.
    alone = crossovers(con, months + observed("s", [(30, 70)] * 4 + [(70, 30)] * 4, grain="quarter", population="page"))
    assert [(row["population"], row["grain"], row["crossed_period"]) for row in alone] == [
        ("page", "quarter", date(2017, 5, 1))
    ]


def test_thin_months_are_dated_by_centred_windows(con):
    # Single months flip to and fro; over seven months t leads up to the middle and p from there on.
    months = [(1, 4), (4, 1), (1, 4), (1, 4), (2, 3), (1, 4), (4, 1), (4, 1), (1, 4), (4, 1), (4, 1), (4, 1)]
    [row] = crossovers(con, observed("s", months))
    windows = {
        n: sum(p for p, _ in months[max(0, n - 3) : n + 4]) - sum(t for _, t in months[max(0, n - 3) : n + 4])
        for n in range(12)
    }
    first = min(n for n in range(12) if all(windows[m] > 0 for m in range(n, 12)))
    assert row["crossed_period"] == date(2017, first + 1, 1)
    assert row["method"].startswith("centred windows")


@pytest.mark.parametrize("unit", ["index_0_100", "per_day"])
def test_an_index_and_a_rate_have_the_error_that_their_months_show(con, unit):
    months = [(40 + n, 52 - n) for n in range(13)]
    [row] = crossovers(con, observed("s", months, unit=unit), is_binomial=False)
    assert row["crossed_period"] == date(2017, 8, 1)
    assert "the curve under the line is surely behind" in row["method"]
    assert row["crossed_low"] <= row["crossed_period"] <= row["crossed_high"]


def test_an_index_without_scatter_still_has_an_error_of_a_point(con):
    [row] = crossovers(con, observed("s", [(40, 50)] * 6 + [(50, 40)] * 6, unit="index_0_100"), is_binomial=False)
    # At 40 to 50 one point on either is 100 * sqrt(40 ** 2 + 50 ** 2) / 90 ** 2 = 0.79 points of the share.
    [(least,)] = con.execute("select min(sd_pct) from intermediate.pair_smoothed").fetchall()
    assert least >= 0.79
    assert row["crossed_period"] == date(2017, 7, 1)


def test_editions_without_members_have_no_interval(con):
    [row] = crossovers(con, observed("s", [(40, 50), (50, 40)], grain="edition", unit="per_day"), is_binomial=False)
    assert (row["crossed_low"], row["crossed_high"]) == (None, None)


def test_complete_counts_read_off_a_picture_cross_within_the_error_of_reading(con):
    # An error of 0.5 on each value is 1.4 on both: what lies less than that apart is open. However few months there are
    # before, the first two are surely behind.
    ahead = (-4, -4, -0.5, 0.5, 1, 1, 4, 4)
    read = [(30 + by / 2, 30 - by / 2) for by in ahead]
    rows = observed("s", read, unit="percent")
    [row] = crossovers(con, rows, is_binomial=False, reading_error=0.5)
    assert [row[name].month for name in ("crossed_low", "crossed_period", "crossed_high")] == [2, 4, 7]
    assert "reading error" in row["method"]


def test_windows_weigh_months_by_their_members(con):
    given(con, "intermediate.observations", observed("s", [(1, 1), (90, 8)]))
    given(con, "staging.reference__frameworks", FRAMEWORKS)
    given(
        con,
        "intermediate.series_populations",
        [
            {
                "source": "s",
                "series": "x",
                "population": "all",
                "grain": "month",
                "is_binomial": True,
                "is_named": True,
                "has_pairs": True,
                "is_stock": False,
                "reading_error": 1.0,
            }
        ],
    )
    given(con, "intermediate.headline_pair", [{"framework_a": "p", "framework_b": "t"}])
    for model in ("intermediate/pair_values", "intermediate/pair_smoothed"):
        created(con, model)
    curve = {"line": 0, "period_start": date(2020, 1, 1)} | dict.fromkeys(("curve_pct", "curve_low_pct"), 1.0)
    given(con, "staging.analysis__curves", [curve | {"curve_high_pct": 1.0}])
    january, february = sorted(created(con, "marts/head_to_head_smoothed"), key=lambda row: row["period_start"])
    # 91 of 100, not the mean of 50 and 91.8; the month of two members is there, and marked.
    assert (january["centred_pct"], january["trailing_pct"], january["is_small_base"]) == (91, 50, True)
    assert (february["trailing_pct"], february["is_small_base"]) == (91, False)


def test_smoothed_shares_keep_thin_months_and_mark_them(con):
    rows = [
        {
            "source": "s",
            "series": "x",
            "population": "all",
            "grain": "month",
            "period_start": date(2017, month, 1),
            "framework": "p",
            "value": float(value),
            "base": base,
            "share_pct": 100 * value / base,
            "share_low_pct": 0.0,
        }
        for month, value, base in ((1, 5, 10), (2, 80, 90), (9, 50, 100))
    ]
    given(con, "marts.framework_shares", rows)
    line = {"source": "s", "series": "x", "population": "all", "grain": "month"}
    given(con, "intermediate.series_populations", [line])
    found = sorted(created(con, "marts/framework_shares_smoothed"), key=lambda row: row["period_start"])
    assert [(row["centred_pct"], row["centred_base"], row["is_small_base"]) for row in found] == [
        (85, 100, True),
        (85, 100, False),
        (50, 100, False),
    ]
    assert [row["trailing_base"] for row in found] == [10, 100, 100]


def test_an_interval_is_the_same_on_every_run_and_whatever_else_there_is(con):
    alone = crossovers(con, observed("s", [(4, 6)] * 20 + [(6, 4)] * 20))
    with_another = observed("s", [(4, 6)] * 20 + [(6, 4)] * 20) + observed("a", [(1, 9)] * 30 + [(9, 1)] * 40)
    con.execute("drop table raw.analysis_crossing_intervals")
    assert [row for row in crossovers(con, with_another) if row["source"] == "s"] == alone


@pytest.mark.parametrize(("is_named", "first", "is_held"), [(True, "x", True), (False, "x", False), (False, "p", True)])
def test_of_one_of_many_countries_only_the_first_pair_is_dated(con, is_named, first, is_held):
    given(con, "intermediate.observations", observed("s", [(40, 60), (60, 40)]))
    given(con, "staging.reference__frameworks", FRAMEWORKS)
    row = {
        "source": "s",
        "series": "x",
        "population": "all",
        "grain": "month",
        "is_binomial": True,
        "is_named": is_named,
        "has_pairs": True,
        "reading_error": 1.0,
    }
    given(con, "intermediate.series_populations", [row])
    given(con, "intermediate.headline_pair", [{"framework_a": first, "framework_b": "t"}])
    assert bool(created(con, "intermediate/pair_values")) == is_held
