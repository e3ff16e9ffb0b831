"""What the weighing of sources says in words: counts of weightings, what another would need, verdicts by audience."""

import pytest

from tests.sql.support import created, database, given


@pytest.fixture
def con():
    with database() as con:
        yield con


@pytest.mark.parametrize(
    ("pct", "words"),
    [
        (100, "more than 99 of 100 weightings"),
        (99.5, "more than 99 of 100 weightings"),
        (99.4, "99 of 100 weightings"),
        (94.16, "94 of 100 weightings"),
        (0.4, "fewer than 1 of 100 weightings"),
        (0, "fewer than 1 of 100 weightings"),
    ],
)
def test_neither_all_nor_no_weightings_are_told(con, pct, words):
    assert con.execute("select weightings_words(?)", [pct]).fetchone() == (words,)


PAIR = {
    "year": "newest", "framework_a": "p", "framework_b": "t", "source_count": 4, "acceptability_pct": 94.0,
    "needed_pct": 61.2, "needed_source": "stars", "together_needed_pct": 44.4, "ahead_weight_pct": 20.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ({}, "For Tee to lead, GitHub stars alone would need 61 percent of the weight; "
             "all sources in which it is ahead together 44."),
        ({"together_needed_pct": 61.2}, "For Tee to lead, GitHub stars would need 61 percent of the weight."),
        ({"needed_pct": 99.9}, "For Tee to lead, GitHub stars would need nearly all of the weight."),
        ({"needed_pct": None, "needed_source": None, "together_needed_pct": None, "ahead_weight_pct": 0.0},
         "No source that knows both has Tee ahead, so that no weighting of these readings has it lead."),
        ({"needed_pct": None, "needed_source": None, "together_needed_pct": None, "ahead_weight_pct": 70.0}, None),
    ],
)  # fmt: skip
def test_what_the_other_one_would_need(con, needs, words):
    like = PAIR | {"framework_b": "x"}
    given(con, "marts.pair_acceptability", [PAIR | needs, like])
    names = {"p": "Pea", "t": "Tee", "x": "Ex"}
    rows = [{"framework": key, "label": label, "framework_order": at} for at, (key, label) in enumerate(names.items())]
    given(con, "marts.frameworks", rows)
    given(con, "marts.source_status", [{"source": "stars", "label": "GitHub stars"}])
    found = created(con, "pages/pair_weightings")[0]
    assert found["needed_sentence"] == words
    assert found["sentence"] == "Pea leads Tee under 94 of 100 weightings of the 4 sources that know both"


def test_one_verdict_by_audience(con):
    given(con, "marts.frameworks", [{"framework": "p", "label": "Pea"}, {"framework": "t", "label": "Tee"}])
    ranks = {"year": "newest", "rank": 1, "kind_count": 1}
    given(
        con,
        "marts.preset_ranks",
        [
            ranks | {"preset": "equal", "framework": "p", "source_count": 3, "leads_pct": 90.0},
            ranks | {"preset": "industry", "framework": "t", "source_count": 2, "leads_pct": 61.0},
            ranks | {"preset": "research", "framework": "p", "source_count": 1, "leads_pct": 100.0},
        ],
    )
    weighed = [("stars", "industry"), ("loads", "industry"), ("papers", "research")]
    given(
        con,
        "marts.weighed_sources",
        [
            {"source": source, "audience": audience, "source_order": order, "is_weighed": True}
            for order, (source, audience) in enumerate(weighed)
        ],
    )
    given(con, "marts.source_status", [{"source": source, "label": source.title()} for source, _ in weighed])
    assert {row["audience"]: row["words"] for row in created(con, "pages/audience_verdicts")} == {
        "industry": "Tee leads under 61 of 100 weightings of 2 sources",
        "research": "Pea leads in the one source that is weighed, Papers",
    }
