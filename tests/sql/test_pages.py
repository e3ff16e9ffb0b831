"""The models that pages read, from rows a person can add up."""

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
    "rank": 1,
    "continued_by": None,
    "reading_error": None,
    "series_order": 1,
    "caveat": None,
}
BREAK = {
    "event_id": "x",
    "source": "shop",
    "series": None,
    "population": None,
    "event_date": MONTHS[2],
    "is_break": True,
}
LATEST = {"origin": "live", "quality": "full"}


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
    subject = {"source": "shop", "label": "The shop", "subject": "sales of the shop", "headline_order": 1}
    given(con, "marts.source_status", [subject])
    breaks = [BREAK | {"source": "elsewhere"}]
    given(con, "staging.reference__events", breaks)
    for model in ("headline_series", "headline_pair", "series_populations"):
        created(con, f"intermediate/{model}")
    created(con, "intermediate/figure_options")
    created(con, "intermediate/figure_points")
    created(con, "marts/framework_shares")
    given(con, "marts.frameworks", FRAMEWORKS)


def test_lines_are_cut_at_a_gap_and_leave_out_answers(con):
    rows = [sold(MONTHS[0], "a", 30), sold(MONTHS[1], "a", 30), sold(MONTHS[3], "a", 60), sold(MONTHS[0], "b", 10)]
    filled(con, [*rows, sold(MONTHS[0], "none", 99)])
    found = [
        (row["period_start"].month, row["framework"], row["segment"], row["is_alone"], row["pair_pct"])
        for row in created(con, "marts/figure_lines")
    ]
    assert found == [
        (1, "a", "all 1", False, 75.0),
        (1, "b", "all 1", True, 25.0),
        (2, "a", "all 1", False, None),
        (4, "a", "all 2", True, None),
    ]


def test_a_break_parts_a_line(con):
    filled(con, [sold(month, "a", 1) for month in MONTHS])
    for part in ({}, {"series": "sales"}, {"series": "sales", "population": "all"}):
        given(con, "staging.reference__events", [BREAK | part])
        assert [row["segment"] for row in created(con, "marts/figure_lines")] == ["all 1", "all 1", "all 2", "all 2"]


@pytest.mark.parametrize("part", [{"series": "returns"}, {"series": "sales", "population": "small shops"}])
def test_a_break_of_another_series_parts_nothing(con, part):
    filled(con, [sold(month, "a", 1) for month in MONTHS])
    given(con, "staging.reference__events", [BREAK | part])
    assert {row["segment"] for row in created(con, "marts/figure_lines")} == {"all 1"}


def test_small_bases_are_kept_but_not_drawn(con):
    series = SERIES | {"is_binomial": True, "base_definition": "all who answered"}
    rows = [sold(MONTHS[0], "a", 10, base=29), sold(MONTHS[1], "a", 15, base=30)]
    filled(con, rows, [series])
    found = created(con, "marts/figure_lines")
    assert [row["is_drawn"] for row in found] == [False, True]
    assert found[1]["share_pct"] == 50.0
    assert found[1]["share_low_pct"] < 50 < found[1]["share_high_pct"]


def test_pairs_over_different_bases_have_no_share(con):
    rows = [sold(MONTHS[0], "a", 10, base=100), sold(MONTHS[0], "b", 10, base=50)]
    filled(con, rows)
    assert [row["pair_pct"] for row in created(con, "marts/figure_lines")] == [None, None]


def test_a_population_that_the_preferred_one_continues_shares_its_choice(con):
    old = {"population": "old", "label": "Sales, old", "rank": 2, "series_order": 2, "continued_by": "all"}
    both = [SERIES, SERIES | old]
    rows = [sold(MONTHS[0], "a", 1, "old"), sold(MONTHS[1], "a", 2, "all")]
    filled(con, rows, both)
    options = created(con, "intermediate/figure_options")
    assert {(row["population"], row["choice"], row["label"]) for row in options} == {
        ("all", "all", "Sales, all"),
        ("old", "all", "Sales, all"),
    }


def test_what_another_program_counted_is_never_continued(con):
    other = SERIES | {"population": "as others count", "label": "Sales, others", "rank": 2, "series_order": 2}
    filled(con, [sold(MONTHS[0], "a", 1, "as others count"), sold(MONTHS[1], "a", 2, "all")], [SERIES, other])
    options = created(con, "intermediate/figure_options")
    assert {(row["population"], row["choice"], row["is_headline"]) for row in options} == {
        ("all", "all", True),
        ("as others count", "as others count", False),
    }


def test_of_many_countries_the_world_and_eleven_are_a_choice(con):
    pattern = SERIES | {"population": "<country>", "label": "Sales, <country>", "rank": 3, "series_order": 2}
    rows = [sold(month, name, 1, place) for month in MONTHS for name in "ab" for place in ("all", *map(str, range(40)))]
    filled(con, rows, [SERIES, pattern])
    options = created(con, "intermediate/figure_options")
    assert len(options) == 12
    assert "all" in {row["choice"] for row in options}


def test_a_source_without_a_kind_has_no_chart(con):
    filled(
        con,
        [sold(MONTHS[0], "a", 1), sold(MONTHS[0], "a", 1) | {"source": "unknown"}],
        [SERIES, SERIES | {"source": "unknown"}],
    )
    assert {row["source"] for row in created(con, "marts/figure_lines")} == {"shop"}


def test_summaries_count_sources(con):
    given(con, "marts.source_status", [{"source": name, "label": name.title()} for name in ("x", "y", "z")])
    given(con, "staging.reference__frameworks", FRAMEWORKS)
    told = {"framework_a": "a", "framework_b": "b", "is_headline": True, "is_order_open": False}
    rows = [
        told | {"source": "x", "leader": "a", "a_share_of_pair_pct": 80.0},
        told | {"source": "y", "leader": "b", "a_share_of_pair_pct": 40.0},
        told | {"source": "z", "leader": "a", "a_share_of_pair_pct": 60.0},
        told | {"source": "z", "leader": "b", "a_share_of_pair_pct": 1.0, "is_headline": False},
        told | {"source": "x", "framework_b": "c", "leader": None, "is_order_open": True, "a_share_of_pair_pct": 50.0},
        told | {"source": "x", "framework_a": "b", "framework_b": "c", "leader": "c", "a_share_of_pair_pct": 10.0},
        told | {"source": "y", "framework_a": "b", "framework_b": "c", "leader": "c", "a_share_of_pair_pct": 20.0},
    ]
    given(con, "marts.pair_sentences", rows)
    found = {(row["framework_a"], row["framework_b"]): row for row in created(con, "pages/pair_summaries")}
    assert found["a", "b"]["sentence"] == "Alpha was ahead of Beta in the newest figures of 2 of 3 sources"
    assert found["a", "b"]["detail"] == "Alpha ahead: X, Z. Beta ahead: Y."
    assert found["a", "b"]["spread"] == "The share of Alpha in both together runs from 40% (Y) to 80% (X)"
    assert found["a", "c"]["sentence"] == "The newest figures of Alpha and Gamma leave their order open"
    assert found["b", "c"]["sentence"] == "Gamma was ahead of Beta in the newest figures of both sources"


SHOP = {"source": "shop", "series": "sales", "population": "all", "grain": "month"}


def led(pair: str, number: int, leader: str | None, first: int, last: int, is_latest: bool = False) -> dict[str, Any]:
    """A stretch of months in which one of a pair led."""
    a, b = pair
    stretch = {"led_since": MONTHS[first], "led_until": MONTHS[last], "lead_number": number, "leader": leader}
    return SHOP | {"framework_a": a, "framework_b": b, "is_latest": is_latest} | stretch


def lead_changes(con, *leads: dict[str, Any], opened: str = "") -> list[dict[str, Any]]:
    given(con, "marts.leads", [*leads, leads[0] | {"population": "old", "is_latest": True}])
    given(
        con, "marts.populations", [SHOP | {"is_preferred": True}, SHOP | {"population": "old", "is_preferred": False}]
    )
    speaking = {"source": "shop", "label": "The shop", "headline_series": "sales", "headline_grain": "month"}
    given(con, "marts.source_status", [speaking | {"headline_order": 1}])
    ends = [row for row in leads if row["is_latest"]]
    given(
        con,
        "marts.head_to_head_latest",
        [row | {"is_order_open": row["framework_b"] == opened or row["leader"] is None} for row in ends],
    )
    given(con, "marts.frameworks", FRAMEWORKS)
    return created(con, "pages/lead_changes")


def test_since_when_a_leader_is_ahead(con):
    changed, same = lead_changes(
        con, led("ab", 1, "b", 0, 1), led("ab", 2, "a", 2, 3, True), led("ac", 1, "c", 0, 3, True)
    )
    assert (changed["framework"], changed["first_date"], changed["changed_date"]) == (
        "a",
        date(2020, 1, 15),
        date(2020, 3, 15),
    )
    assert (changed["words"], changed["population"]) == ("Alpha since Mar 2020", "all")
    assert changed["title"] == "The lead between Alpha and Beta changed hands in every source"
    assert (same["framework"], same["changed_date"], same["end_date"]) == ("c", None, date(2020, 4, 15))
    assert same["words"] == "Gamma from the start, still in Apr 2020"
    assert same["title"] == "In no source did the lead between Alpha and Gamma change hands"


def test_an_order_that_is_open_or_level_at_the_end_is_no_lead(con):
    found = lead_changes(
        con, led("ab", 1, "b", 0, 3, True), led("ac", 1, "c", 0, 1), led("ac", 2, None, 2, 3, True), opened="b"
    )
    assert found == []
