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
    for model in ("lines", "framework_places"):
        created(con, f"pages/{model}")
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
    for model in ("lines", "framework_places"):
        created(con, f"pages/{model}")
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
    for model in ("lines", "framework_places"):
        created(con, f"pages/{model}")
    found = {row["framework"]: row for row in created(con, "pages/framework_readings")}
    assert found["b"]["figure_words"] == "7 sales, read off a picture within 0.7 points"
    assert (found["b"]["above_words"], found["b"]["below_words"]) == ("Alpha, 9", "Gamma, 6; order open")
    assert found["c"]["above_words"] == "Beta, 7; order open"
    assert (
        found["b"]["place_figure"] == "The shop, Sales, all (7 sales, read off a picture within 0.7 points; Jan 2020)"
    )


READING = {"source_label": "Shop", "place": 2, "listed_count": 4, "place_words": "2 of 4", "has_pairs": True}
READING |= {
    "origin": "live",
    "quality": "full",
    "framework": "a",
    "source": "s",
    "place_figure": "Shop (9 sales; 2020)",
}


def line(pair: str, gaining: str | None, number: int = 1) -> dict[str, Any]:
    """One fitted line of two frameworks."""
    words = gaining and f"from 1% to {number}% of both, 2019 to 2020"
    key = {"source": f"s{number}", "source_label": f"Shop {number}", "population": "all", "gaining": gaining}
    return key | dict(zip(("framework_a", "framework_b"), pair, strict=True)) | {
        "gain_words": words, "fitted_until": date(2020, 1, 1),
    }  # fmt: skip


def stood(con, readings: Sequence[dict[str, Any]], fits: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Frameworks in words, by framework."""
    given(con, "pages.framework_readings", readings)
    given(con, "pages.fits", [*fits, line("xy", "x")])
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
    found = stood(con, [READING, READING | growth, READING | growth | {"framework": "b"}], [])
    assert found["a"]["sentence"] == "Alpha stands at place 2 of 4 in the one source that counts any of it"
    assert found["a"]["detail"].startswith("In Shop (9 sales; 2020). Left out here: figures of growth")
    assert found["b"]["sentence"] == "Beta stands at place 1 of 4 in the one source that knows it"
    assert found["b"]["detail"] == "In growth (45 percent)."


def test_no_number_of_a_place_lies_outside_those_of_the_sentence(con):
    # 2 of 3 is further down its list than 4 of 7, and yet the least number; equal numbers are told as one.
    places = {"s": (4, 7), "t": (13, 13), "u": (2, 3)}
    rows = [
        READING | {"source": source, "place": place, "listed_count": count, "place_words": f"{place} of {count}"}
        | {"place_figure": source.upper()}
        for source, (place, count) in places.items()
    ]  # fmt: skip
    growth = READING | {"source": "v", "has_pairs": False}
    same = [READING | {"framework": "b"}, READING | {"framework": "b", "source": "t", "listed_count": 9}]
    found = stood(con, [*rows, growth, *same], [])
    words = "Alpha stands between place 2 of 3 and place 13 of 13 in the newest figures of 3 sources"
    assert found["a"]["sentence"] == words
    assert found["a"]["detail"] == (
        "Place 2 of 3 in U, 13 of 13 in T. Left out here: figures of growth, which say nothing of size."
    )
    assert found["b"]["sentence"] == "Beta stands at place 2 in each of 2 sources"


def test_a_framework_of_which_none_is_counted_has_no_place(con):
    none = {"source": "t", "place": None, "place_words": "none at 0", "place_figure": "Links (0 links)"}
    found = stood(con, [READING, READING | none, READING | none | {"framework": "b"}], [])
    assert found["a"]["sentence"] == "Alpha stands at place 2 of 4 in the one source that counts any of it"
    assert found["a"]["detail"] == "In Shop (9 sales; 2020). None is counted in Links (0 links)."
    assert found["b"]["sentence"].startswith("Beta has no place: the newest figures")
    assert found["b"]["detail"] == "None is counted in Links (0 links)."


@pytest.mark.parametrize(("has_pairs", "words"), [(True, ["1 of 2", "none at 0"]), (False, ["1 of 2", "2 of 2"])])
def test_a_count_of_nothing_is_no_place_and_a_growth_of_nothing_is_one(con, has_pairs, words):
    rows = [sold(MONTHS[0], name, value) for name, value in zip("ab", (9, 0), strict=True)]
    filled(con, rows, [SERIES | {"has_pairs": has_pairs}])
    for model in ("lines", "framework_places"):
        created(con, f"pages/{model}")
    found = created(con, "pages/framework_readings")
    assert [row["place_words"] for row in found] == words
    assert [row["above_words"] for row in found] == [None, None if has_pairs else "Alpha, 9"]
    assert [row["place_words"] for row in created(con, "pages/framework_years")] == words


def test_which_way_a_framework_moved_is_told_as_far_as_its_lines_prove_it(con):
    fits = [line("ab", "a", 1), line("ab", "a", 2), line("ab", None, 3), line("ac", "c", 4)]
    found = stood(con, [READING, *(READING | {"framework": name} for name in "bc")], fits)
    assert found["a"]["moved_sentence"] == (
        "Alpha is shown to gain on another framework in 2 of 4 fitted series, and to lose to one in 1"
    )
    assert found["a"]["moved_detail"] == (
        "It gained on Beta in Shop 1, from 1% to 1% of both, 2019 to 2020; on Beta in Shop 2, "
        "from 1% to 2% of both, 2019 to "
        "2020. It lost to Gamma in Shop 4, from 1% to 4% of both, 2019 to 2020."
    )
    assert found["c"]["moved_sentence"].endswith("in 1 of 1 fitted series, and to lose to one in none")


def test_where_no_line_moved_or_none_is_fitted_no_direction_is_told(con):
    found = stood(con, [READING, READING | {"framework": "c"}], [line("ab", None)])
    assert found["a"]["moved_sentence"].startswith("In none of 1 fitted series is Alpha shown to gain")
    assert found["c"]["moved_sentence"].startswith("Nothing is said of Gamma rising or falling")
    assert (found["a"]["moved_detail"], found["c"]["moved_detail"]) == (None, None)


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
    assert found["lists"]["today_words"] == "Ended: it says nothing of today."
    assert found["lists"]["today_detail"] == "The edition of 2022 was the last."
    assert (found["searches"]["today_words"], found["searches"]["today_detail"]) == (None, None)
    assert found["posts"]["today_words"] == "It goes on; its newest figures here are of the year 2024."


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


SHOP = {"source": "shop", "series": "sales", "population": "all", "grain": "month"}


def led(pair: str, number: int, leader: str | None, first: int, last: int, is_latest: bool = False) -> dict[str, Any]:
    """A stretch of months in which one of a pair led."""
    a, b = pair
    stretch = {"led_since": MONTHS[first], "led_until": MONTHS[last], "lead_number": number, "leader": leader}
    return SHOP | {"framework_a": a, "framework_b": b, "is_latest": is_latest} | stretch


def lead_changes(
    con, *leads: dict[str, Any], opened: str = "", ended: str | None = None, crossed: Sequence[dict[str, Any]] = ()
) -> Any:
    given(con, "marts.leads", list(leads))
    option = SHOP | {"choice": "all", "is_headline": True, "source_position": 1}
    given(con, "pages.options", [option, option | {"population": "old"}])
    shop = {"source": "shop", "label": "The shop", "headline_series": "sales", "ended_note": ended}
    given(con, "marts.source_status", [shop])
    given(con, "marts.populations", [SHOP | {"is_speaking": True}, SHOP | {"population": "old", "is_speaking": True}])
    latest = [row | {"is_within_chance": row["framework_b"] == opened or row["leader"] is None} for row in leads]
    given(con, "marts.head_to_head_latest", [row for row in latest if row["is_latest"]])
    nobody = SHOP | {"framework_a": "x", "framework_b": "y", "leader_after": "x", "is_lasting": True}
    dates = {"crossed_period": MONTHS[0], "crossed_low": MONTHS[0], "crossed_high": MONTHS[1]}
    given(con, "marts.crossovers", [nobody | dates, *(nobody | dates | row for row in crossed)])
    given(con, "marts.frameworks", FRAMEWORKS)
    return created(con, "pages/lead_changes")


def test_since_when_a_leader_is_ahead(con):
    crossed = {"framework_a": "a", "framework_b": "b", "leader_after": "a", "crossed_high": MONTHS[3]}
    changed, same = lead_changes(
        con,
        led("ab", 1, "b", 0, 1),
        led("ab", 2, "a", 2, 3, True),
        led("ac", 1, "c", 0, 3, True),
        crossed=[crossed],
    )
    assert (changed["framework"], changed["first_date"], changed["crossed_date"]) == (
        "a",
        date(2020, 1, 15),
        date(2020, 3, 15),
    )
    assert (changed["crossed_low"], changed["crossed_high"]) == (MONTHS[0], MONTHS[3])
    assert (changed["words"], changed["population"]) == ("Alpha since Mar 2020; could be Jan 2020 to Apr 2020", "all")
    assert changed["title"] == "The lead between Alpha and Beta changed hands in every source"
    assert (same["framework"], same["crossed_date"], same["end_date"]) == ("c", None, date(2020, 4, 15))
    assert same["words"] == "Gamma from the first figure, Jan 2020, to Apr 2020"
    assert same["title"] == "In no source did the lead between Alpha and Gamma change hands"


def test_a_lead_at_a_source_that_has_ended_is_told_up_to_its_end(con):
    rows = led("ab", 1, "b", 0, 1), led("ab", 2, "a", 2, 3, True)
    (goes_on,) = lead_changes(con, *rows)
    (ended,) = lead_changes(con, *rows, ended="It closed.")
    assert goes_on["words"] == "Alpha since Mar 2020"
    assert ended["words"] == "Alpha since Mar 2020; told up to Apr 2020"


def test_a_difference_by_chance_or_none_at_the_end_is_no_lead(con):
    found = lead_changes(
        con, led("ab", 1, "b", 0, 3, True), led("ac", 1, "c", 0, 1), led("ac", 2, None, 2, 3, True), opened="b"
    )
    assert [(row["framework"], row["crossed_date"], row["words"]) for row in found] == [
        (None, None, "no lead in Apr 2020"),
        (None, None, "no lead in Apr 2020"),
    ]


def test_one_period_alone_shows_neither_change_nor_its_absence(con):
    (row,) = lead_changes(con, led("ab", 1, "b", 3, 3, True))
    assert (row["words"], row["short_words"]) == ("Beta in Apr 2020, the only figures", "only 2020")


def test_another_population_is_named(con):
    (row,) = lead_changes(
        con,
        led("ab", 1, "b", 0, 0) | {"population": "old"},
        led("ab", 2, "a", 1, 1, True) | {"population": "old"},
        led("ab", 1, "a", 2, 3, True),
    )
    assert row["words"] == "Alpha from the first figure, Mar 2020, to Apr 2020 (old: Alpha since Feb 2020)"


@pytest.mark.parametrize(
    ("measure", "comparator", "value", "unit", "published", "measured"),
    [
        ("difference", "gt", "0", "stars", "Alpha has more than Beta", "69.1 stars less"),
        ("growth_ratio", "gt", "1", "ratio", "Alpha grew faster than Beta", "-69.1 times as fast"),
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
    empty = ("article", "statement", "source", "series", "population", "verdict", "reason", "reading", "evidence")
    claim |= {"measured_value": -69.123, "claim_order": 1} | dict.fromkeys((*empty, "figures", "origin", "quality"))
    given(con, "marts.claims", [claim])
    con.execute("alter table marts.claims add column measured_low double")
    con.execute("alter table marts.claims add column measured_high double")
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
        ("inconsistent", "The figures say otherwise."),
        ("not testable", "No figures here can decide it."),
    ],
)
def test_a_verdict_stands_in_plain_words(con, verdict, words):
    claim = dict.fromkeys(("article", "statement", "source", "series", "population", "reason", "reading", "evidence"))
    claim |= {"claim_id": "x", "measure": "share", "published_value": "1", "comparator": "eq", "unit": "percent"}
    claim |= {"verdict": verdict, "claim_order": 1, "figures": None, "origin": None, "quality": None}
    dated = {"measured_value": 1.0, "measured_low": 1.0, "measured_high": 1.0, "measured_date": date(2020, 1, 1)}
    given(con, "marts.claims", [claim | dated])
    given(con, "staging.reference__claims", [{"claim_id": "x", "framework": "a", "framework_b": "b"}])
    given(con, "marts.frameworks", FRAMEWORKS)
    given(con, "marts.source_status", [{"source": "s", "label": "S"}])
    (row,) = created(con, "pages/claims")
    assert row["verdict_words"] == words
