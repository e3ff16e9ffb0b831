"""The first pair at each source, one sentence per source, in the order of the series."""

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
PAPERS = {"source": "papers_with_code", "series": "links_known", "population": "all", "grain": "quarter"}
SURVEY = {"source": "survey", "series": "used", "population": "all respondents", "grain": "edition"}


def reading(key: dict[str, str], a: float, b: float, **more: Any) -> dict[str, Any]:
    """A row of marts.head_to_head_latest, whose sentences have tests of their own."""
    found = {"framework_a": "a", "framework_b": "b", "period_start": date(2023, 10, 1), "leader": "a" if a > b else "b"}
    found |= {"a_value": float(a), "b_value": float(b), "pair_value": float(a + b), "leader_share_pct": 80.0}
    found |= {"leader_low_pct": 71.0, "leader_high_pct": 87.0, "led_since": date(2022, 1, 1), "is_headline": True}
    return key | found | {"sentence": "So it is.", "detail": "Thus.", "origin": "live", "quality": "full"} | more


def test_one_row_per_source_of_the_first_pair_in_the_order_of_the_series(con):
    given(con, "staging.reference__frameworks", FRAMEWORKS)
    created(con, "intermediate/headline_pair")
    given(con, "intermediate.series_populations", [SURVEY | {"series_order": 5}, PAPERS | {"series_order": 1}])
    rows = [
        reading(SURVEY, 3, 4),
        reading(SURVEY | {"population": "some"}, 3, 4, is_headline=False),
        reading(PAPERS, 40, 10),
        reading(PAPERS, 40, 10, framework_b="c"),
    ]
    given(con, "marts.head_to_head_latest", rows)
    first, second = created(con, "marts/headlines")
    assert (first["position"], first["source"], first["leader_value"], first["pair_value"]) == (
        1,
        PAPERS["source"],
        40,
        50,
    )
    assert (first["low_pct"], first["leader_share_pct"], first["high_pct"]) == (71, 80, 87)
    assert (first["sentence"], first["detail"]) == ("So it is.", "Thus.")
    assert (second["position"], second["source"], second["framework_b"]) == (2, "survey", "b")


def speaking(key: dict[str, str], order: int, population: str | None = None) -> dict[str, Any]:
    described = {"population": population, "kind": "Research", "audience": "research", "headline_order": order}
    return {name: key[name] for name in ("source", "series", "grain")} | described


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
