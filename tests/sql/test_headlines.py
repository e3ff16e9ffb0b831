from datetime import date
from typing import Any

import pytest

from tests.sql.support import created, given

FRAMEWORKS = [
    {"framework": "a", "label": "Alpha", "framework_order": 1, "is_compared": True},
    {"framework": "x", "label": "Left out", "framework_order": 2, "is_compared": False},
    {"framework": "b", "label": "Beta", "framework_order": 3, "is_compared": True},
    {"framework": "c", "label": "Gamma", "framework_order": 4, "is_compared": True},
]
QUARTER, EARLIER = date(2023, 10, 1), date(2022, 1, 1)
PAPERS = {"source": "papers_with_code", "series": "links_known", "population": "all", "grain": "quarter"}
SURVEY = {
    "source": "kaggle_survey",
    "series": "ml_frameworks_used",
    "population": "all respondents",
    "grain": "edition",
}

KEYS = (PAPERS, SURVEY)


def latest(key: dict[str, str], period: date, a: float, b: float, **more: Any) -> dict[str, Any]:
    leader = "a" if a > b else "b" if b > a else None
    share = 100 * a / (a + b)
    found = {
        "framework_a": "a",
        "framework_b": "b",
        "period_start": period,
        "a_value": float(a),
        "b_value": float(b),
        "pair_value": float(a + b),
        "a_share_of_pair_pct": share,
        "low_pct": None,
        "high_pct": None,
        "leader": leader,
        "leader_share_pct": max(share, 100 - share),
        "is_order_open": leader is None,
        "led_since": None if leader is None else period,
        "first_period": EARLIER,
        "origin": "live",
        "quality": "full",
    }
    return key | found | more


def speaking(key: dict[str, str], order: int, population: str | None = None) -> dict[str, Any]:
    return {name: key[name] for name in ("source", "series", "grain")} | {
        "population": population,
        "kind": "Research",
        "audience": "research",
        "headline_order": order,
    }


@pytest.fixture
def filled(con):
    """A database with everything that the headlines read but the figures."""
    given(con, "staging.reference__frameworks", FRAMEWORKS)
    created(con, "intermediate/headline_pair")
    given(con, "staging.reference__headline_series", [speaking(PAPERS, 1), speaking(SURVEY, 2)])
    given(con, "intermediate.observations", [key | {"period_start": day} for key in KEYS for day in (EARLIER, QUARTER)])
    created(con, "intermediate/headline_series")
    created(con, "intermediate/periods")
    chosen = [
        PAPERS | {"is_preferred": True, "series_order": 1},
        SURVEY | {"is_preferred": True, "series_order": 5},
        SURVEY | {"population": "data scientists", "is_preferred": False, "series_order": 6},
    ]
    given(con, "intermediate.preferred_populations", chosen)
    subjects = {"papers_with_code": "research code", "kaggle_survey": "the Kaggle survey"}
    given(con, "marts.source_status", [{"source": name, "subject": words} for name, words in subjects.items()])
    units = [PAPERS | {"unit": "links"}, SURVEY | {"unit": "respondents"}]
    given(con, "marts.framework_shares", units)
    return con


def headlines(filled, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    given(filled, "marts.head_to_head_latest", rows)
    created(filled, "marts/headline_words")
    return created(filled, "marts/headlines")


def test_a_lead_with_an_interval(filled):
    (row,) = headlines(filled, latest(PAPERS, QUARTER, 2817, 183, low_pct=93.0, high_pct=94.7, led_since=EARLIER))
    assert row["sentence"] == "In October to December 2023, Alpha led Beta in research code."
    assert row["detail"] == (
        "Alpha had 2,817 links and Beta 183, 94% of both together. The error of counting alone puts that share between "
        "93% and 95%. Alpha was ahead in every quarter with figures since January to March 2022, where the series "
        "begins. Population: all."
    )
    assert (row["position"], row["leader_value"], row["pair_value"], row["low_pct"]) == (1, 2817, 3000, 93)


def test_the_second_framework_leads(filled):
    row = latest(PAPERS, QUARTER, 20, 80, low_pct=13.0, high_pct=29.0)
    (row,) = headlines(filled, row)
    assert row["sentence"] == "In October to December 2023, Beta led Alpha in research code."
    assert row["detail"].startswith("Beta had 80 links and Alpha 20, 80% of both together. ")
    assert (row["leader_value"], row["low_pct"], row["high_pct"]) == (80, 71, 87)


def test_an_open_order_is_never_a_lead(filled):
    (row,) = headlines(filled, latest(PAPERS, QUARTER, 55, 45, low_pct=45.2, high_pct=64.4, is_order_open=True))
    assert row["sentence"] == "In October to December 2023, the order of Alpha and Beta in research code was open."
    assert " led " not in row["detail"]
    assert "was ahead" not in row["detail"]


def test_equal_figures_are_level(filled):
    (row,) = headlines(filled, latest(SURVEY, QUARTER, 50, 50))
    assert row["sentence"] == "In the 2023 edition, Alpha and Beta were level in the Kaggle survey."


def test_near_a_half_one_decimal_shows_the_side(filled):
    (row,) = headlines(filled, latest(SURVEY, QUARTER, 5100, 4900, low_pct=50.1, high_pct=52.0))
    assert "51.0% of both together" in row["detail"]
    assert "between 50.1% and 52.0%" in row["detail"]


def test_millions_in_words(filled):
    (row,) = headlines(filled, latest(SURVEY, QUARTER, 2_817_672, 730_772))
    assert row["detail"].startswith("Alpha had 2.8 million respondents and Beta 730,772, 79% of both together.")


def test_one_row_a_source_in_the_order_of_the_series(filled):
    other = SURVEY | {"population": "data scientists"}
    rows = headlines(
        filled,
        latest(other, QUARTER, 1, 2),
        latest(SURVEY, QUARTER, 3, 4),
        latest(PAPERS, QUARTER, 40, 10, low_pct=67.0, high_pct=89.0),
        latest(PAPERS, QUARTER, 40, 10) | {"framework_b": "c"},
    )
    found = [(row["position"], row["source"], row["population"], row["framework_b"]) for row in rows]
    assert found == [(1, "papers_with_code", "all", "b"), (2, "kaggle_survey", "all respondents", "b")]


@pytest.mark.parametrize(
    ("held", "speaks"),
    [
        ([("links", "sample"), ("page", "read 2024"), ("links", "all")], ("links", 1)),
        ([("links", "sample"), ("page", "read 2024"), ("page", "read 2020")], ("page", 1)),
        ([("links", "sample"), ("page", "read 2020")], ("links", 1)),
        ([("links", "sample")], ("links", 1)),
        ([], ("links", 1)),
    ],
)
def test_the_first_of_the_series_with_figures_speaks_for_its_source(con, held, speaks):
    papers, page = PAPERS | {"series": "links"}, PAPERS | {"series": "page"}
    listed = [speaking(papers, 1, "all"), speaking(page, 2, "read 2024"), speaking(papers, 3)]
    given(con, "staging.reference__headline_series", listed)
    none = PAPERS | {"source": "another"}
    given(con, "intermediate.observations", [none, *(PAPERS | {"series": s, "population": p} for s, p in held)])
    [row] = created(con, "intermediate/headline_series")
    assert (row["series"], row["headline_order"]) == speaks
