"""The models that pages read, from rows a person can add up."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.sql.support import created, given

MONTHS = [date(2020, month, 1) for month in (1, 2, 3, 4)]
FRAMEWORKS = [
    {"framework": "a", "label": "Alpha", "framework_order": 1, "is_compared": True, "is_framework": True},
    {"framework": "b", "label": "Beta", "framework_order": 2, "is_compared": True, "is_framework": True},
    {"framework": "c", "label": "Gamma", "framework_order": 3, "is_compared": True, "is_framework": True},
    {"framework": "none", "label": "None", "framework_order": 4, "is_compared": False, "is_framework": False},
]
SERIES = {
    "source": "shop",
    "series": "sales",
    "population": "all",
    "label": "Sales, all",
    "counts_what": "Things sold.",
    "base_definition": None,
    "unit": "sales",
    "grains": "month",
    "is_binomial": False,
    "has_pairs": True,
    "is_stock": False,
    "rank": 1,
    "continued_by": None,
    "reading_error": None,
    "series_order": 1,
    "caveat": None,
}


def sold(month: date, framework: str, value: float, population: str = "all", **more: Any) -> dict[str, Any]:
    key = {"source": "shop", "series": "sales", "population": population, "grain": "month", "period_start": month}
    figures = {"framework": framework, "value": float(value), "base": None, "unit": "sales", "reference": "shop"}
    return key | figures | {"origin": "live", "quality": "full", "retrieved_at": None} | more


def filled(con, rows: list[dict[str, Any]], series: list[dict[str, Any]] | None = None, kind: str = "Surveys") -> None:
    given(con, "intermediate.observations", rows)
    given(con, "staging.reference__frameworks", [row | {"first_release": date(2015, 1, 1)} for row in FRAMEWORKS])
    headline = {"source": "shop", "series": "sales", "population": None, "grain": "month"}
    headline |= {"kind": kind, "audience": "industry"}
    given(con, "staging.reference__headline_series", [headline | {"headline_order": 1}])
    given(con, "staging.reference__series", series or [SERIES])
    given(con, "intermediate.design_effects", [{"source": "other", "population": "all", "design_effect": 2.0}])
    subject = {"source": "shop", "label": "The shop", "kind": kind, "audience": "industry", "headline_order": 1}
    unknown = {"source": "unknown", "label": "Unknown", "kind": None}
    given(con, "marts.source_status", [subject | {"headline_series": "sales", "headline_grain": "month"}, unknown])
    for model in ("headline_series", "series_populations"):
        created(con, f"intermediate/{model}")
    for model in ("framework_shares", "head_to_head", "populations"):
        created(con, f"marts/{model}")
    given(con, "marts.frameworks", FRAMEWORKS)
    given(con, "pages.pairs", [{"framework_a": "a", "framework_b": "b", "is_first": True}])
    created(con, "pages/options")
    # A pair of another shop; a test that asks for doubts gives its own.
    pair = {"source": "other", "series": "sales", "population": "all", "grain": "month", "period_start": MONTHS[0]}
    doubt = {"framework_a": "a", "framework_b": "b", "is_within_chance": True, "is_order_open": False}
    given(con, "marts.head_to_head_latest", [pair | doubt])


def listed(con) -> None:
    """Lines, and the places of frameworks among them."""
    created(con, "pages/lines")
    created(con, "marts/framework_places")


def test_lines_leave_out_answers_and_tell_where_a_period_is_missing(con):
    rows = [sold(MONTHS[0], "a", 30), sold(MONTHS[1], "a", 30), sold(MONTHS[3], "a", 60), sold(MONTHS[0], "b", 10)]
    filled(con, [*rows, sold(MONTHS[0], "none", 99)])
    found = [
        (row["period_start"].month, row["framework"], row["next_start"].month, row["pair_pct"])
        for row in created(con, "pages/lines")
    ]
    assert found == [(1, "a", 2, 75.0), (1, "b", 2, 25.0), (2, "a", 3, None), (4, "a", 5, None)]


def test_figures_of_a_framework_begin_with_the_line_that_its_newest_one_goes_on(con):
    few = SERIES | {"population": "few", "rank": 2, "continued_by": "all", "series_order": 2}
    old = [sold(MONTHS[0], name, 5, "few") for name in "abc"]
    new = [sold(MONTHS[2], name, value) for name, value in zip("ab", (30, 20), strict=True)]
    filled(con, [*old, *new], [SERIES, few])
    listed(con)
    found = [
        (row["framework"], row["first_label"], row["period_label"], row["figure_words"], row["place_words"])
        for row in created(con, "pages/framework_readings")
    ]
    assert found == [
        ("a", "Jan 2020", "Mar 2020", "30 sales", "1 of 2"),
        ("b", "Jan 2020", "Mar 2020", "20 sales", "2 of 2"),
        ("c", "Jan 2020", "Jan 2020", "5 sales", "1 of 3"),
    ]


def test_a_newer_figure_in_a_shorter_list_is_told_beside_the_place_in_the_longer_one(con):
    filled(con, [*(sold(MONTHS[0], name, 5) for name in "abc"), sold(MONTHS[2], "a", 30), sold(MONTHS[2], "b", 20)])
    listed(con)
    found = [
        (row["framework"], row["figure_words"], row["place_words"], row["newer_words"])
        for row in created(con, "pages/framework_readings")
    ]
    assert found == [
        ("a", "5 sales", "1 of 3", "30 sales in Mar 2020, in a list with fewer names"),
        ("b", "5 sales", "1 of 3", "20 sales in Mar 2020, in a list with fewer names"),
        ("c", "5 sales", "1 of 3", None),
    ]


def test_a_figure_tells_how_far_it_may_be_misread_and_a_place_what_it_counts(con):
    rows = [sold(MONTHS[0], name, value, quality="digitised") for name, value in zip("abc", (9, 7, 6), strict=True)]
    filled(con, rows, [SERIES | {"reading_error": 0.7}])
    listed(con)
    found = {row["framework"]: row for row in created(con, "pages/framework_readings")}
    assert found["b"]["figure_words"] == "7 sales, read off a picture within 0.7 points"
    assert (found["b"]["above_words"], found["b"]["below_words"]) == ("Alpha, 9", "Gamma, 6; order open")
    assert [row["is_first"] for row in found.values()] == [True, False, False]
    assert found["c"]["above_words"] == "Beta, 7; order open"
    assert (
        found["b"]["place_figure"] == "The shop, Sales, all (7 sales, read off a picture within 0.7 points; Jan 2020)"
    )


def test_an_order_that_chance_may_have_made_is_told_as_such_in_the_place(con):
    filled(con, [sold(MONTHS[0], name, value) for name, value in zip("abc", (30, 28, 5), strict=True)])
    pair = {
        "source": "shop",
        "series": "sales",
        "population": "all",
        "grain": "month",
        "period_start": MONTHS[0],
        "is_within_chance": True,
    }
    ab = pair | {"framework_a": "a", "framework_b": "b", "is_order_open": False}
    bc = pair | {"framework_a": "b", "framework_b": "c", "is_order_open": True}
    # A quarter begins on the first day of its first month, and may read otherwise.
    of_quarter = ab | {"grain": "quarter", "is_order_open": True}
    given(con, "marts.head_to_head_latest", [of_quarter, ab, bc])
    listed(con)
    found = {row["framework"]: row for row in created(con, "pages/framework_readings")}
    assert found["a"]["below_words"] == "Beta, 28; chance may have made the difference"
    assert found["b"]["above_words"] == "Alpha, 30; chance may have made the difference"
    assert not any(row["is_first"] or row["is_last"] for row in found.values()), "chance made it"
    assert (found["b"]["below_words"], found["c"]["above_words"]) == ("Gamma, 5; order open", "Beta, 28; order open")
    assert [found[name]["place_words"] for name in "abc"] == ["1 of 3", "2 or 3 of 3", "2 or 3 of 3"]


READING = {"source_label": "Shop", "place": 2, "listed_count": 4, "place_words": "2 of 4", "has_pairs": True}
READING |= {"is_recent": True, "period_label": "2020 edition", "period_start": date(2020, 1, 1)}
READING |= {"is_first": False, "is_last": False}
READING |= {
    "origin": "live",
    "quality": "full",
    "framework": "a",
    "source": "s",
    "place_figure": "Shop (9 sales; 2020)",
}


CHANGE = {"framework": "a", "source": "s", "is_recent": True, "direction": 1, "change_words": "+5 to 2020"}


def stood(
    con, readings: Sequence[dict[str, Any]], changes: Sequence[dict[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    """Frameworks in words, by framework."""
    given(con, "pages.framework_readings", readings)
    told = [CHANGE | {key: row[key] for key in ("framework", "source")} | {"words": ""} for row in readings]
    given(con, "pages.framework_changes", told if changes is None else [row | {"words": ""} for row in changes])
    given(
        con,
        "marts.source_status",
        [{"source": name, "label": f"Shop {name}", "headline_order": 1} for name in "stuvwx"],
    )
    out = {"organisation": None, "first_release": date(2015, 1, 1)}
    given(con, "marts.frameworks", [row | out for row in FRAMEWORKS])
    return {row["framework"]: row for row in created(con, "pages/frameworks")}


def test_a_place_by_growth_stands_between_no_places_by_size(con):
    growth = {
        "place": 1,
        "place_words": "1 of 4",
        "has_pairs": False,
        "source": "t",
        "place_figure": "growth (45 percent)",
    }
    found = stood(con, [READING, READING | growth, READING | growth | {"framework": "b"}])
    assert (
        found["a"]["sentence"]
        == "Alpha stands at place 2 of 4 in the one source of the last three years that counts any of it"
    )
    assert found["a"]["detail"] == "In Shop (9 sales; 2020)."
    assert (
        found["a"]["left_out_words"]
        == "Left out here, as older than three years, of growth or alone in its list: Shop."
    )
    assert found["b"]["sentence"] == "Beta stands at place 1 of 4 in the one source that knows it"
    assert found["b"]["detail"] == "In growth (45 percent)."


def test_places_of_lists_of_other_lengths_are_counted_only_where_they_are_first_or_last(con):
    # 2 of 3 is further down its list than 4 of 7; where the order with a neighbour is open, nobody is surely last.
    places = {"s": (4, 7, "4 of 7"), "t": (13, 13, "13 of 13"), "u": (2, 3, "2 of 3"), "w": (3, 3, "2 or 3 of 3")}
    rows = [
        READING | {"source": source, "place": place, "listed_count": count, "place_words": words}
        | {"source_label": source.upper(), "is_last": source == "t"}
        for source, (place, count, words) in places.items()
    ]  # fmt: skip
    growth = READING | {"source": "v", "has_pairs": False}
    old = READING | {"framework": "b", "place": 1, "is_first": True, "place_words": "1 of 4", "is_recent": False}
    found = stood(con, [*rows, growth, old, old | {"source": "t"}])
    assert (
        found["a"]["sentence"]
        == "Alpha is first beyond chance in none of 4 sources of the last three years and last in 1"
    )
    assert found["a"]["detail"] == "Place 4 of 7 in S, 2 of 3 in U, 13 of 13 in T, 2 or 3 of 3 in W."
    assert (
        found["a"]["left_out_words"]
        == "Left out here, as older than three years, of growth or alone in its list: Shop."
    )
    assert found["b"]["sentence"] == (
        "Beta is first beyond chance in 2 of 2 sources, none newer than the 2020 edition, and last in none"
    )
    assert found["b"]["first_count"] == 2


def test_a_framework_of_which_none_is_counted_has_no_place(con):
    none = {"source": "t", "place": None, "place_words": "none at 0", "place_figure": "Links (0 links)"}
    found = stood(con, [READING, READING | none, READING | none | {"framework": "b"}])
    assert (
        found["a"]["sentence"]
        == "Alpha stands at place 2 of 4 in the one source of the last three years that counts any of it"
    )
    assert found["a"]["detail"] == "In Shop (9 sales; 2020). None is counted in Links (0 links)."
    assert found["b"]["sentence"].startswith("Beta has no place: the newest figures")
    assert found["b"]["detail"] == "None is counted in Links (0 links)."


@pytest.mark.parametrize(("has_pairs", "words"), [(True, ["1 of 2", "none at 0"]), (False, ["1 of 2", "2 of 2"])])
def test_a_count_of_nothing_is_no_place_and_a_growth_of_nothing_is_one(con, has_pairs, words):
    rows = [sold(MONTHS[0], name, value) for name, value in zip("ab", (9, 0), strict=True)]
    filled(con, rows, [SERIES | {"has_pairs": has_pairs}])
    listed(con)
    found = created(con, "pages/framework_readings")
    assert [row["place_words"] for row in found] == words
    assert [row["above_words"] for row in found] == [None, None if has_pairs else "Alpha, 9"]
    assert [row["place_words"] for row in created(con, "pages/framework_years")] == words


def test_a_year_has_no_first_where_the_errors_of_readings_leave_the_order_open(con):
    rows = [sold(month, name, value) for month, *values in ((MONTHS[0], 9, 8), (date(2021, 1, 1), 9, 3))
            for name, value in zip("ab", values, strict=True)]  # fmt: skip
    filled(con, rows, [SERIES | {"reading_error": 1.0}])
    listed(con)
    found = {(row["framework"], row["year"]): row for row in created(con, "pages/framework_years")}
    first, second = (found["a", year] for year in sorted({year for _, year in found}))
    assert (first["place_words"], first["is_first"]) == ("1 or 2 of 2", False)
    assert (second["place_words"], second["is_first"]) == ("1 of 2", True)
    assert found["b", first["year"]]["place_words"] == "1 or 2 of 2"


def test_which_way_a_framework_moved_is_told_of_each_source_and_counted_of_the_last_three_years(con):
    directions = {"s": 1, "t": -1, "u": 0, "v": None}
    rows = [CHANGE | {"source": source, "direction": way} for source, way in directions.items()]
    found = stood(
        con,
        [READING],
        [
            *rows,
            CHANGE | {"source": "w", "is_recent": False},
            CHANGE | {"source": "x", "direction": None, "change_words": None},
        ],
    )
    assert found["a"]["moved_sentence"] == (
        "Against about a year before, Alpha is up in 1 of 4 sources of the last three years that compare and down in 1"
    )
    assert found["a"]["moved_detail"] == (
        "Up: Shop s (+5 to 2020). Down: Shop t (+5 to 2020). Open: Shop u (+5 to 2020). "
        "With an error not known: Shop v (+5 to 2020). With nothing to compare: Shop x."
    )


def test_where_nothing_moved_or_all_is_old_no_direction_is_told(con):
    readings = [READING | {"framework": name} for name in "abc"]
    b, c = CHANGE | {"framework": "b", "direction": -1}, CHANGE | {"framework": "c", "is_recent": False}
    found = stood(con, readings, [CHANGE | {"direction": None}, b, c])
    assert found["a"]["moved_sentence"] == (
        "Against about a year before, Alpha is shown neither up nor down in the one source of the last three years "
        "that compares"
    )
    assert found["a"]["moved_detail"] == "With an error not known: Shop s (+5 to 2020)."
    assert found["b"]["moved_sentence"].endswith("Beta is down in the one source of the last three years that compares")
    assert found["c"]["moved_sentence"] == "Whether Gamma rises or falls, no source of the last three years tells"


def moved(con, rows: list[dict[str, Any]], breaks: Sequence[date] = (), **series: Any) -> dict[str, Any]:
    """How the one framework of the rows moved at the shop."""
    filled(con, rows, [SERIES | series])
    listed(con)
    cut = {"event": "Series break", "is_break": True, "framework": None, "source": "shop", "series": None}
    given(
        con,
        "marts.events",
        [cut | {"event_date": day, "population": None} for day in breaks]
        + [cut | {"event_date": MONTHS[0], "population": None, "source": "other"}],
    )
    (numbers,) = (row for row in created(con, "marts/framework_changes") if row["framework"] == "a")
    (found,) = (row for row in created(con, "pages/framework_changes") if row["framework"] == "a")
    return numbers | found


def year(first: int = 2019, *values: float, **more: Any) -> list[dict[str, Any]]:
    """A figure for each month from a year's first on."""
    return [sold(date(first + n // 12, n % 12 + 1, 1), "a", value, **more) for n, value in enumerate(values)]


def test_a_share_moved_by_the_interval_of_two_samples(con):
    # 20 of 100 and 40 of 100 have the intervals 13.3 to 28.9 and 30.9 to 49.8: Newcombe's of both, 7.3 to 31.9.
    rows = [sold(date(2019, 1, 1), "a", 20, base=100), sold(date(2020, 1, 1), "a", 40, base=100)]
    found = moved(con, rows, is_binomial=True)
    assert (found["direction"], found["moved_words"], found["change_words"]) == (1, "up", "+20 points to Jan 2020")
    assert found["words"] == "From 20.0% in Jan 2019 to 40.0% in Jan 2020: +20 points, between +7.3 and +31.9 points."
    assert (found["method"], found["change"], found["change_unit"]) == ("share", 20, "points")
    assert (found["change_low"], found["change_high"]) == pytest.approx((7.3, 31.9), abs=0.05)
    assert (found["before_start"], found["before_value"], found["before_base"]) == (date(2019, 1, 1), 20, 100)
    less = [rows[0], rows[1] | {"value": 25.0}]
    assert moved(con, less, is_binomial=True)["moved_words"] == "open"


def test_equal_counts_of_other_bases_move_and_equal_shares_are_told_as_such(con):
    rows = [sold(date(2019, 1, 1), "a", 300, base=1000), sold(date(2020, 1, 1), "a", 300, base=500)]
    assert moved(con, rows, is_binomial=True)["moved_words"] == "up"
    same = moved(con, [rows[0], rows[1] | {"value": 150.0}], is_binomial=True)
    assert (same["direction"], same["words"].split(":")[0]) == (0, "From 30% in Jan 2019 to 30% in Jan 2020")


def test_a_stock_that_stops_growing_gains_less(con):
    stopped = [*(100 * n for n in range(13)), *[1200] * 12]
    found = moved(con, year(2018, *stopped), is_stock=True)
    assert (found["gain"], found["before_gain"], found["moved_words"]) == (0, 1200, "down")


def test_a_stock_read_several_times_a_month_has_ends_of_its_change(con):
    days = [date(2018 + n // 24, n // 2 % 12 + 1, 1 + 14 * (n % 2)) for n in range(50)]
    rows = [sold(day, "a", 50 * n, grain="day") for n, day in enumerate(days)]
    found = moved(con, rows, is_stock=True, grains="day")
    assert (found["moved_words"], found["change_high"] < 1000) == ("open", True)


@pytest.mark.parametrize("ends", [(0, 3), (3, 0), (0, 0)])
def test_months_of_nothing_are_compared_as_counts(con, ends):
    values = [0.0 if n in (0, 12) else 40 + n % 3 for n in range(25)]
    values[12], values[24] = ends
    found = moved(con, year(2018, *values))
    assert (found["method"], found["change"], found["change_unit"]) == ("count", ends[1] - ends[0], "sales")
    assert found["change_low"] < found["change"] < found["change_high"] or ends == (0, 0)
    none_known = moved(con, year(2018, *values, unit="per_day"))
    assert (none_known["method"], none_known["direction"]) == (None, None)


def test_of_a_stock_the_gains_are_compared(con):
    # 1,200 in one year and 2,400 in the next: half a month of each is 150 together, chance some 118, and the leap from
    # 100 a month to 200 makes it 142.
    values = [*(100 * n for n in range(13)), *(1200 + 200 * n for n in range(1, 13))]
    found = moved(con, year(2018, *values), is_stock=True)
    assert (found["direction"], found["words"]) == (
        1,
        "Gained 2,400 sales in the 12 months to Jan 2020, 1,200 in those before: 1,200 more, "
        "between 908 more and 1,492 more.",
    )
    assert moved(con, year(2018, *(100 * n for n in range(25))), is_stock=True)["moved_words"] == "open"
    # As many more in the year, but all of them in its last month: that may be a burst.
    jump = [*(100 * n for n in range(24)), 3600]
    assert moved(con, year(2018, *jump), is_stock=True)["moved_words"] == "open"
    short = moved(con, year(2019, *(100 * n for n in range(10))), is_stock=True)
    assert (short["direction"], short["moved_words"]) == (None, "not told")
    assert (short["gain"], short["before_gain"], short["change"], short["method"]) == (900, None, None, None)
    assert short["words"].endswith("what it gained in those before does not compare.")


def test_months_that_scatter_leave_a_change_open_and_a_break_shortens_the_time(con):
    steady = [100 * 1.01**n for n in range(25)]
    found = moved(con, year(2018, *steady), unit="visits")
    assert (found["direction"], found["words"]) == (
        1,
        "From 113 in Jan 2019 to 127 in Jan 2020: +12.7%, between +12.6% and +12.8%.",
    )
    wild = [100 * (1.5 if n % 2 else 1) for n in range(26)]
    assert moved(con, year(2018, *wild[1:]))["moved_words"] == "open"
    cut = moved(con, year(2018, *steady), [date(2019, 5, 1)])
    assert cut["words"].startswith("From 117 in May 2019 to 127 in Jan 2020")
    assert cut["words"].endswith("; since May 2019: Series break.")
    late = moved(con, year(2018, *steady), [date(2019, 11, 1)])
    assert (late["direction"], late["moved_words"]) == (None, "not told")


def test_the_newest_period_of_a_picture_that_moved_when_read_again_compares_with_none(con):
    """Read in spring the newest month had 40, read again in summer 48: so may the newest of the summer."""
    picture = {"unit": "percent", "quality": "digitised", "population": "summer"}
    months = [date(2020, month, 1) for month in (1, 2, 3)]
    later = [sold(month, "a", value, **picture) for month, value in zip(months, (47, 48, 41), strict=True)]
    before = [sold(month.replace(year=2019), "a", 47, **picture) for month in months]
    series = SERIES | {"unit": "percent", "reading_error": 1.0, "population": "summer"}
    filled(con, [*before, *later, sold(months[1], "a", 40, **picture | {"population": "spring"})],
        [series, series | {"population": "spring", "rank": 2}])  # fmt: skip
    assert {row["revision_error"] for row in created(con, "marts/populations")} == {8.0}
    listed(con)
    given(con, "marts.events", [{"event_date": months[0], "is_break": False, "source": "x", "series": None}
        | {"population": None, "event": "", "framework": None}])  # fmt: skip
    (found,) = created(con, "marts/framework_changes")
    assert (found["period_start"], found["value"], found["direction"]) == (months[1], 48.0, 0)
    given(con, "marts.head_to_head_latest", [{"is_within_chance": False} | dict.fromkeys(
        ("source", "series", "population", "grain", "framework_a", "framework_b"), "x"
    ) | {"period_start": months[0], "is_order_open": False}])  # fmt: skip
    (row,) = created(con, "pages/framework_readings")
    assert row["figure_words"].startswith("41 percent, read off a picture within 1 point, not settled: the newest ")


def test_two_counts_move_by_poissons_law_and_a_percent_without_a_base_by_none(con):
    rows = [sold(date(2019, 1, 1), "a", 100), sold(date(2020, 1, 1), "a", 150)]
    found = moved(con, rows)
    assert (found["direction"], found["words"]) == (
        1,
        "From 100 in Jan 2019 to 150 in Jan 2020: +50 sales, between +19.0 and +81.0.",
    )
    found = moved(con, [row | {"unit": "percent"} for row in rows], unit="percent")
    assert (found["direction"], found["moved_words"]) == (None, "no error known")
    assert found["words"] == "From 100% in Jan 2019 to 150% in Jan 2020."


def test_where_the_pair_may_not_be_drawn_it_has_no_share(con):
    series = SERIES | {"is_binomial": True, "base_definition": "all who answered"}
    rows = [
        sold(month, name, value, base=100) for month, value in zip(MONTHS[:2], (14, 15), strict=True) for name in "ab"
    ]
    filled(con, rows, [series])
    found = created(con, "pages/lines")
    assert {row["is_drawn"] for row in found} == {True}
    assert [row["pair_pct"] for row in found] == [None, None, 50.0, 50.0]
    assert [row["is_drawn"] for row in created(con, "pages/pair_lines")] == [False, False, True, True]


def test_small_bases_are_kept_but_not_drawn(con):
    series = SERIES | {"is_binomial": True, "base_definition": "all who answered"}
    rows = [sold(MONTHS[0], "a", 10, base=29), sold(MONTHS[1], "a", 15, base=30)]
    filled(con, rows, [series])
    found = created(con, "pages/lines")
    assert [row["is_drawn"] for row in found] == [False, True]
    assert found[1]["share_pct"] == 50.0
    assert found[1]["share_low_pct"] < 50 < found[1]["share_high_pct"]


def test_pairs_over_different_bases_have_no_share(con):
    rows = [sold(MONTHS[0], "a", 10, base=100), sold(MONTHS[0], "b", 10, base=50)]
    filled(con, rows)
    assert [row["pair_pct"] for row in created(con, "pages/lines")] == [None, None]


def test_a_population_that_the_preferred_one_continues_shares_its_choice(con):
    old = {"population": "old", "label": "Sales, old", "rank": 2, "series_order": 2, "continued_by": "all"}
    both = [SERIES, SERIES | old]
    rows = [sold(MONTHS[0], "a", 1, "old"), sold(MONTHS[1], "a", 2, "all")]
    filled(con, rows, both)
    options = created(con, "pages/options")
    assert {(row["population"], row["choice"], row["label"]) for row in options} == {
        ("all", "all", "Sales, all"),
        ("old", "all", "Sales, all"),
    }


def test_what_another_program_counted_is_never_continued(con):
    other = SERIES | {"population": "as others count", "label": "Sales, others", "rank": 2, "series_order": 2}
    filled(con, [sold(MONTHS[0], "a", 1, "as others count"), sold(MONTHS[1], "a", 2, "all")], [SERIES, other])
    options = created(con, "pages/options")
    assert {(row["population"], row["choice"], row["is_headline"]) for row in options} == {
        ("all", "all", True),
        ("as others count", "as others count", False),
    }


def test_of_many_countries_the_world_and_eleven_are_a_choice(con):
    pattern = SERIES | {"population": "<country>", "label": "Sales, <country>", "rank": 3, "series_order": 2}
    rows = [sold(month, name, 1, place) for month in MONTHS for name in "ab" for place in ("all", *map(str, range(40)))]
    filled(con, rows, [SERIES, pattern])
    options = created(con, "pages/options")
    assert len(options) == 12
    assert "all" in {row["choice"] for row in options}


def test_a_source_without_a_kind_has_no_chart(con):
    filled(
        con,
        [sold(MONTHS[0], "a", 1), sold(MONTHS[0], "a", 1) | {"source": "unknown"}],
        [SERIES, SERIES | {"source": "unknown"}],
    )
    assert {row["source"] for row in created(con, "pages/lines")} == {"shop"}


def told(source: str, pair: str, leader: str | None, share: float, **more: Any) -> dict[str, Any]:
    row = {"source": source, "source_label": source.title(), "framework_a": pair[0], "framework_b": pair[1]}
    row |= {"leader": leader, "a_share_of_pair_pct": share, "share_words": f"{share:.0f}%", "is_headline": True}
    return row | {"audience": "research", "kind": "Surveys"} | more


SENTENCES = [
    told("x", "ab", "a", 80.0),
    told("y", "ab", "b", 40.0),
    told("z", "ab", "a", 60.0),
    told("z", "ab", "b", 1.0, is_headline=False),
    told("x", "ac", None, 50.0),
    told("x", "bc", "c", 10.0),
    told("y", "bc", "c", 20.0),
]


def test_pairs_count_sources(con):
    given(con, "marts.frameworks", FRAMEWORKS)
    given(con, "pages.sentences", SENTENCES)
    found = {(row["framework_a"], row["framework_b"]): row for row in created(con, "pages/pairs")}
    assert found["a", "b"]["sentence"] == "Alpha had more than Beta in the newest figures of 2 of 3 sources"
    assert found["a", "b"]["detail"] == "Alpha had more: X, Z. Beta had more: Y."
    assert found["a", "b"]["spread"] == "The share of Alpha in both together runs from 40% (Y) to 80% (X)"
    assert found["a", "c"]["sentence"] == "In no newest figures do Alpha and Gamma differ by more than chance"
    assert found["b", "c"]["sentence"] == "Gamma had more than Beta in the newest figures of both sources"
    assert [key for key, row in found.items() if row["is_first"]] == [("a", "b")]


def test_what_chance_may_have_made_is_no_vote(con):
    given(con, "marts.frameworks", FRAMEWORKS)
    given(con, "pages.sentences", [*SENTENCES, told("w", "ab", None, 51.0), told("v", "ab", None, 51.0, kind="Search")])
    found = {(row["kind"], row["framework_b"]): row for row in created(con, "pages/votes")}
    votes = {key: (row["leader"], row["most_count"], row["source_count"]) for key, row in found.items()}
    assert votes["Search", "b"] == (None, 0, 1)
    assert votes["Surveys", "b"] == ("a", 2, 4)
    assert found["Surveys", "b"]["words"] == "Alpha had more in 2 of 4 sources"
    assert found["Search", "b"]["words"] == "neither Alpha nor Beta had more beyond chance"


def words_of_choice(con, pair_period: date, drawn_until: date) -> dict[str, Any]:
    filled(con, [sold(month, name, 3) for month in MONTHS[:2] for name in "ab"])
    sentence = {"source": "shop", "series": "sales", "population": "all", "framework_a": "a", "framework_b": "b"}
    said = {"period_start": pair_period, "sentence": "In some month, Alpha led Beta."}
    given(con, "pages.sentences", [sentence | said])
    pair = {"framework_a": "a", "framework_b": "b", "label_a": "Alpha", "label_b": "Beta", "is_first": True}
    given(con, "pages.pairs", [pair])
    given(con, "marts.series", [SERIES])
    created(con, "pages/lines")
    con.execute("update pages.lines set is_drawn = period_start <= ?", [drawn_until])
    (found,) = created(con, "pages/choices")
    return found


def test_a_title_names_the_newest_period_that_is_drawn(con):
    same = words_of_choice(con, MONTHS[1], MONTHS[1])
    assert (same["title"], same["data_up_to"]) == ("In some month, Alpha led Beta", "Feb 2020")
    later = words_of_choice(con, MONTHS[0], MONTHS[1])
    assert later["title"] == "The shop, Feb 2020: Alpha 3, Beta 3"
    assert later["title_pair"] == "In some month, Alpha led Beta"


def test_a_choice_says_of_its_newest_figures_that_they_are_not_settled(con):
    assert "settled" not in words_of_choice(con, MONTHS[1], MONTHS[1])["error_words"]
    con.execute("update marts.populations set reading_error = 1, revision_error = 5.75")
    (found,) = created(con, "pages/choices")
    assert found["error_words"].startswith("How sure: each figure is rounded within 1 point; not settled: the ")
    assert found["error_words"].endswith("newest month moved by up to 5.8 points when such pictures were read again.")
    assert found["error_words"] in found["note"]


def test_a_chart_of_two_populations_says_so(con):
    old = {"population": "old", "label": "Sales, old", "rank": 2, "series_order": 2, "continued_by": "all"}
    filled(con, [sold(MONTHS[0], "a", 1, "old"), sold(MONTHS[1], "a", 2, "all")], [SERIES, SERIES | old])
    given(con, "pages.sentences", [], like="pages.options")
    for column in ("framework_a", "framework_b", "sentence", "period_start"):
        con.execute(f"alter table pages.sentences add column {column} varchar")
    con.execute("alter table pages.sentences alter period_start type date using null")
    given(
        con, "pages.pairs", [{"framework_a": "a", "framework_b": "b", "label_a": "A", "label_b": "B", "is_first": True}]
    )
    given(con, "marts.series", [SERIES, SERIES | old])
    created(con, "pages/lines")
    (found,) = created(con, "pages/choices")
    assert found["note"].startswith("Populations: old from Jan 2020, then all from Feb 2020.")


def evidence(con, *sources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each source says of Alpha and Beta, by source; a mapping has its kind, its year and how it ended."""
    key = {"series": "sales", "population": "all", "framework_a": "a", "framework_b": "b"}
    held = [row for row in sources if row.get("year")]
    said = [
        told(row["source"], "ab", row.get("leader", "a"), 100 - row.get("b", 20.0), kind=row["kind"])
        | key
        | {
            "period_start": date(row["year"], 1, 1),
            "period_label": f"{row['year']}",
            "period_words": f"the year {row['year']}",
        }
        | {"is_lead_proven": True, "sentence": "It led.", "detail": "So much.", "origin": "live", "quality": "full"}
        for row in held
    ]
    given(con, "pages.sentences", said)
    status = [
        {"source": row["source"], "label": row["source"].title(), "kind": row["kind"], "headline_order": order}
        | {"ended_note": row.get("ended"), "row_count": int("year" in row)}
        for order, row in enumerate(sources)
    ]
    given(con, "marts.source_status", status)
    figures = {"grain": "year", "a_value": 8.0, "b_value": 2.0, "interval_words": "counted in full", "is_stock": False}
    figures |= {"leader_share_words": "80.4%"}
    given(con, "marts.head_to_head_latest", [row | figures for row in said])
    given(con, "pages.lead_changes", [row | {"words": "Alpha since long"} for row in said])
    given(con, "marts.frameworks", FRAMEWORKS)
    shares = [row | figures | {"framework": name, "unit": "sales", "base": None} for row in said for name in "ab"]
    given(con, "marts.framework_shares", shares)
    given(con, "staging.reference__series", [SERIES])
    return {row["source"]: row for row in created(con, "pages/evidence")}


def test_a_kind_whose_sources_have_all_ended_says_nothing_of_today_and_says_so_first(con):
    found = evidence(
        con,
        {"source": "papers", "kind": "Research", "year": 2024, "ended": "The site closed in 2025."},
        {"source": "lists", "kind": "Research", "year": 2022, "ended": "The edition of 2022 was the last."},
        {"source": "links", "kind": "Research"},
        {"source": "searches", "kind": "Search", "year": 2026},
        {"source": "posts", "kind": "Search", "year": 2024},
    )
    assert found["papers"]["today_words"] == "Nothing here says who leads today."
    assert found["papers"]["today_detail"] == (
        "The newest figures of this kind are of the year 2024. The site closed in 2025. No figures are held of Links."
    )
    assert found["lists"]["today_words"] == "No more figures come: it says nothing of today."
    assert found["lists"]["today_detail"] == "The edition of 2022 was the last."
    assert (found["searches"]["today_words"], found["searches"]["today_detail"]) == (None, None)
    assert found["posts"]["today_words"] == "Still counted; the newest figures of both held here are of the year 2024."
    assert found["posts"]["today_detail"] is None


def test_a_source_that_goes_on_speaks_for_its_kind_before_one_that_has_ended(con):
    found = evidence(
        con,
        {"source": "papers", "kind": "Research", "year": 2025, "ended": "The site closed in 2025."},
        {"source": "links", "kind": "Research", "year": 2026},
    )
    assert [row["kind_place"] for row in (found["papers"], found["links"])] == [2, 1]
    assert "Nothing here" not in found["papers"]["today_words"]
    assert found["links"]["today_words"] is None


def test_the_share_that_is_drawn_is_the_one_that_the_interval_is_of(con):
    found = evidence(con, {"source": "papers", "kind": "Research", "year": 2025, "leader": None, "b": 57.0})
    assert (found["papers"]["drawn"], found["papers"]["stand"]) == ("b", "open")
    assert found["papers"]["share_words"] == "80.4%"


SHOP = {"source": "shop", "series": "sales", "population": "all", "grain": "month"}


def led(
    pair: str,
    number: int,
    leader: str | None,
    first: int,
    last: int,
    is_latest: bool = False,
    last_behind: int | None = None,
) -> dict[str, Any]:
    """A stretch of months in which one of a pair led."""
    a, b = pair
    stretch = {"led_since": MONTHS[first], "led_until": MONTHS[last], "lead_number": number, "leader": leader}
    stretch["behind_until"] = MONTHS[last_behind] if last_behind is not None else None
    return SHOP | {"framework_a": a, "framework_b": b, "is_latest": is_latest} | stretch


# Alpha provably passed Beta between January and April.
PASSED = {
    "framework_a": "a",
    "framework_b": "b",
    "leader_after": "a",
    "crossed_period": MONTHS[2],
    "crossed_high": MONTHS[3],
}


def lead_changes(
    con,
    *leads: dict[str, Any],
    opened: str = "",
    ended: str | None = None,
    crossed: Sequence[dict[str, Any]] = (),
    unit: str = "sales",
) -> Any:
    given(con, "marts.leads", list(leads))
    option = SHOP | {"choice": "all", "is_headline": True, "source_position": 1}
    given(con, "pages.options", [option, option | {"population": "old"}])
    shop = {"source": "shop", "label": "The shop", "headline_series": "sales", "ended_note": ended}
    given(con, "marts.source_status", [shop])
    others = [{"population": "old"}, {"series": "topics", "population": "t", "label": "Topics"}]
    given(con, "marts.populations", [SHOP | {"is_speaking": True, "label": "All"} | row for row in ({}, *others)])
    given(con, "marts.series", [{"source": "shop", "series": "topics", "unit": unit}])
    latest = [row | {"is_within_chance": row["framework_b"] == opened or row["leader"] is None} for row in leads]
    crossed = [PASSED | row for row in crossed]
    given(con, "marts.head_to_head_latest", [row for row in latest if row["is_latest"]])
    nobody = SHOP | {"framework_a": "x", "framework_b": "y", "leader_after": "x", "is_lasting": True}
    dates = {"crossed_period": MONTHS[0], "crossed_low": MONTHS[0], "crossed_high": MONTHS[1]}
    dates |= {"is_proven": True, "is_stock": False}
    given(con, "marts.crossovers", [nobody | dates, *(nobody | dates | row for row in crossed)])
    given(con, "marts.frameworks", FRAMEWORKS)
    return created(con, "pages/lead_changes")


def test_since_when_a_leader_is_ahead(con):
    changed, same = lead_changes(
        con,
        led("ab", 1, "b", 0, 1),
        led("ab", 2, "a", 2, 3, True),
        led("ac", 1, "c", 0, 3, True),
        crossed=[PASSED],
    )
    assert (changed["framework"], changed["first_date"], changed["crossed_date"]) == (
        "a",
        date(2020, 1, 15),
        date(2020, 3, 15),
    )
    assert (changed["crossed_low"], changed["crossed_high"]) == (MONTHS[0], MONTHS[3])
    assert [changed[f"{name}_label"] for name in ("crossed", "low", "high")] == ["Mar 2020", "Jan 2020", "Apr 2020"]
    assert (changed["words"], changed["population"]) == ("Alpha since Mar 2020; could be Jan 2020 to Apr 2020", "all")
    assert changed["title"] == "The lead between Alpha and Beta changed hands in every source"
    assert (same["framework"], same["crossed_date"], same["end_date"]) == ("c", None, date(2020, 4, 15))
    assert same["words"] == "Gamma from the first figure, Jan 2020, to Apr 2020"
    assert same["title"] == "In no source is it proven that Alpha passed Gamma or the reverse"


def test_a_lead_at_a_source_that_has_ended_is_told_up_to_its_end(con):
    rows = led("ab", 1, "b", 0, 1), led("ab", 2, "a", 2, 3, True)
    (goes_on,) = lead_changes(con, *rows, crossed=[PASSED])
    (ended,) = lead_changes(con, *rows, crossed=[PASSED], ended="It closed.")
    assert goes_on["words"] == "Alpha since Mar 2020; could be Jan 2020 to Apr 2020"
    assert ended["words"] == f"{goes_on['words']}; figures end in Apr 2020"


def test_a_change_is_counted_drawn_and_told_where_it_is_proven_and_nowhere_else(con):
    """PyPI's change counted as one of six though its interval is open, and that of hiring posts, proven, did not."""
    rows = led("ab", 1, "b", 0, 1), led("ab", 2, "a", 2, 3, True)
    (open_,) = lead_changes(con, *rows, crossed=[{"is_proven": False, "crossed_high": None}])
    assert (open_["words"], open_["crossed_date"]) == ("Alpha since Mar 2020; no passing is proven", None)
    assert (open_["short_words"], open_["framework"]) == ("none proven by 2020", "a")
    assert open_["title"] == "In no source is it proven that Alpha passed Beta or the reverse"
    (by_chance,) = lead_changes(con, *rows, crossed=[PASSED], opened="b")
    assert (
        by_chance["words"] == "Alpha since Mar 2020; could be Jan 2020 to Apr 2020; in Apr 2020 by no more than chance"
    )
    assert (by_chance["framework"], by_chance["crossed_date"]) == ("a", date(2020, 3, 15))
    assert by_chance["title"] == "The lead between Alpha and Beta changed hands in every source"


def test_a_difference_by_chance_or_none_at_the_end_is_no_lead(con):
    found = lead_changes(
        con, led("ab", 1, "b", 0, 3, True), led("ac", 1, "c", 0, 1), led("ac", 2, None, 2, 3, True), opened="b"
    )
    assert [(row["framework"], row["crossed_date"], row["words"]) for row in found] == [
        (None, None, "No lead in Apr 2020"),
        (None, None, "No lead in Apr 2020"),
    ]


def test_one_period_alone_shows_neither_change_nor_its_absence(con):
    (row,) = lead_changes(con, led("ab", 1, "b", 3, 3, True))
    assert (row["words"], row["short_words"]) == ("Beta in Apr 2020, the only figures of both", "only 2020")


def test_another_population_is_named(con):
    (row,) = lead_changes(
        con,
        led("ab", 1, "b", 0, 0) | {"population": "old"},
        led("ab", 2, "a", 1, 1, True) | {"population": "old"},
        led("ab", 1, "a", 2, 3, True),
        crossed=[{"population": "old", "crossed_period": MONTHS[1], "crossed_high": MONTHS[2]}],
    )
    assert row["words"] == (
        "Alpha from the first figure, Mar 2020, to Apr 2020 (old: Alpha since Feb 2020; could be Jan 2020 to Mar 2020)"
    )
    assert (row["short_words"], row["crossed_date"]) == ("earlier: Feb 2020", date(2020, 2, 15))
    assert row["title"] == "The lead between Alpha and Beta changed hands in every source"


@pytest.mark.parametrize(
    ("unit", "words"),
    [("index_0_100", " (Topics: Alpha since Apr 2020; no passing is proven)"), ("sales", "")],
)
def test_another_series_of_an_index_is_named(con, unit, words):
    topics = {"series": "topics", "population": "t"}
    rows = led("ab", 1, "b", 0, 1), led("ab", 2, "a", 2, 3, True)
    there = led("ab", 1, "b", 0, 2) | topics, led("ab", 2, "a", 3, 3, True) | topics
    (row,) = lead_changes(con, *rows, *there, unit=unit, crossed=[PASSED])
    assert row["words"] == f"Alpha since Mar 2020; could be Jan 2020 to Apr 2020{words}"


def test_a_lead_that_begins_after_a_gap_has_no_date(con):
    counted = {"is_stock": True, "is_proven": False, "crossed_period": MONTHS[3], "crossed_low": None}
    (row,) = lead_changes(con, led("ab", 1, "b", 0, 1), led("ab", 2, "a", 3, 3, True, last_behind=1), crossed=[counted])
    assert (row["crossed_low"], row["crossed_high"]) == (MONTHS[1], MONTHS[3])
    assert row["words"] == "Alpha since some time between Feb 2020 and Apr 2020, without figures of both in between"
    assert row["short_words"] == "by Apr 2020"


@pytest.mark.parametrize(
    ("measure", "comparator", "value", "unit", "published", "measured"),
    [
        ("difference", "gt", "0", "stars", "Alpha has more than Beta", "69.1 stars less"),
        ("growth_ratio", "gt", "1", "ratio", "Alpha grew faster than Beta", "-69.1 times as great a factor"),
        ("ratio", "lt", "1", "ratio", "Alpha has less than Beta", "-69.1 times as many"),
        ("ratio", "eq", "3", "ratio", "Alpha has 3 times as many as Beta", "-69.1 times as many"),
        ("first_lead", "before", "2024-01-10", "date", "Alpha passed Beta before 10 Jan 2024", "-69.1 date"),
        ("event_year", "eq", "2019", "year", "2019", "-69"),
        ("share", "eq", "69", "percent", "69 percent for Alpha", "-69.1 percent"),
        ("pair_share", "gt", "75", "percent", "Alpha more than 75 percent of Alpha and Beta", "-69.1 percent"),
        (
            "change",
            "down",
            "0",
            "index_points",
            "Alpha falls beside Beta",
            "a fall of 69.1 points of the search index",
        ),
        ("rank", "eq", "1", "rank", "Alpha has place 1", "place -69"),
        ("difference", "gt", "100", "stars", "Alpha is more than 100 stars ahead of Beta", "69.1 stars less"),
    ],
)
def test_what_a_claim_states_and_what_was_measured_in_words(con, measure, comparator, value, unit, published, measured):
    claim = {"claim_id": "x", "measure": measure, "published_value": value, "comparator": comparator, "unit": unit}
    empty = (
        "article",
        "statement",
        "source",
        "series",
        "population",
        "periods",
        "verdict",
        "reason",
        "reading",
        "evidence",
    )
    claim |= {"measured_value": -69.123, "claim_order": 1} | dict.fromkeys((*empty, "figures", "origin", "quality"))
    given(con, "marts.claims", [claim])
    con.execute("alter table marts.claims add column measured_low double")
    con.execute("alter table marts.claims add column measured_high double")
    con.execute("alter table marts.claims add column recounted_value double")
    con.execute("alter table marts.claims add column recounted_figures varchar")
    con.execute("alter table marts.claims add column measured_date date")
    given(con, "staging.reference__claims", [{"claim_id": "x", "framework": "a", "framework_b": "b"}])
    given(con, "marts.frameworks", FRAMEWORKS)
    given(con, "marts.source_status", [{"source": "s", "label": "S"}])
    (row,) = created(con, "pages/claims")
    assert (row["published_words"], row["measured_words"]) == (published, measured)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("confirmed", "The figures say the same, directly and within the tolerance fixed beforehand."),
        ("inconsistent", "The figures say otherwise, directly or as a stand-in."),
        ("not testable", "No figures here can decide it."),
    ],
)
def test_a_verdict_stands_in_plain_words(con, verdict, words):
    claim = dict.fromkeys(
        ("article", "statement", "source", "series", "population", "periods", "reason", "reading", "evidence")
    )
    claim |= {"claim_id": "x", "measure": "share", "published_value": "1", "comparator": "eq", "unit": "percent"}
    claim |= {"verdict": verdict, "claim_order": 1, "figures": None, "origin": None, "quality": None}
    dated = {"recounted_value": 0.5, "recounted_figures": "1 of 200"}
    dated |= {"measured_value": 1.0, "measured_low": 1.0, "measured_high": 1.0, "measured_date": date(2020, 1, 1)}
    given(con, "marts.claims", [claim | dated])
    given(con, "staging.reference__claims", [{"claim_id": "x", "framework": "a", "framework_b": "b"}])
    given(con, "marts.frameworks", FRAMEWORKS)
    given(con, "marts.source_status", [{"source": "s", "label": "S"}])
    (row,) = created(con, "pages/claims")
    assert row["verdict_words"] == words
    assert row["recounted_words"] == "0.5 percent: 1 of 200"
