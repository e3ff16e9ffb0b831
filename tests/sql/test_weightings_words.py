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
        ({}, "Among the 4 sources weighed for Pea and Tee, the latter would lead if "
             "Stars gained in twelve months counted for more "
             "than 61 percent of the weight and the others shared the rest as before; or if all sources that have it "
             "ahead counted for more than 44 percent together, instead of the 20 that they hold when every kind of "
             "evidence counts the same."),
        ({"together_needed_pct": 61.2}, "Among the 4 sources weighed for Pea and Tee, the latter would lead if "
             "Stars gained in twelve "
             "months counted for more than 61 percent of the weight and the others shared the rest as before."),
        ({"needed_pct": 99.9},
         "Tee would lead only where Stars gained in twelve months counted for nearly everything."),
        ({"needed_pct": None, "needed_source": None, "together_needed_pct": None, "ahead_weight_pct": 0.0},
         "No source that is weighed for both has Tee ahead, so that no weighting of these readings has it lead."),
        ({"needed_pct": None, "needed_source": None, "together_needed_pct": None, "ahead_weight_pct": 70.0}, None),
    ],
)  # fmt: skip
def test_what_the_other_one_would_need(con, needs, words):
    like = PAIR | {"framework_b": "x"}
    given(con, "marts.pair_acceptability", [PAIR | needs, like])
    names = {"p": "Pea", "t": "Tee", "x": "Ex"}
    rows = [{"framework": key, "label": label, "framework_order": at} for at, (key, label) in enumerate(names.items())]
    given(con, "marts.frameworks", rows)
    given(con, "marts.weighed_sources", [{"source": "stars", "label": "Stars gained in twelve months"}])
    found = created(con, "pages/pair_weightings")[0]
    assert found["needed_sentence"] == words
    assert found["sentence"] == "Pea leads Tee under 94 of 100 weightings of the 4 sources weighed for both"


def test_one_verdict_by_audience(con):
    given(con, "marts.frameworks", [{"framework": "p", "label": "Pea"}, {"framework": "t", "label": "Tee"}])
    ranks = {"year": "newest", "rank": 1, "kind_count": 1, "before_next_pct": None}
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
            {"source": source, "audience": audience, "source_order": order, "is_weighed": True, "last_label": "2024"}
            | {"label": source.title() + (" gained" if source == "stars" else "")}
            for order, (source, audience) in enumerate(weighed)
        ],
    )
    closed = {"papers": "It closed.", "stars": "Nobody counts on."}
    sources = [
        {"source": source, "label": source.title(), "ended_note": closed.get(source), "headline_order": order}
        for order, (source, _) in enumerate(weighed)
    ]
    given(con, "marts.source_status", sources)
    # A source that has ended says nothing of today.
    verdicts = {
        "industry": "Tee leads under 61 of 100 weightings of the newest figures of 2 sources",
        "research": "Pea led in the one source that is weighed, Papers, up to 2024, after which no figures come",
    }
    assert {row["audience"]: row["words"] for row in created(con, "pages/audience_verdicts")} == verdicts
    assert {row["preset"]: row["words"] for row in created(con, "pages/ranking_presets")} == {
        "equal": "Pea. Pea leads under 90 of 100 weightings of the newest figures of 3 sources",
        "industry": f"Tee. {verdicts['industry']}",
        "research": f"Pea. {verdicts['research']}",
    }
    ranks = ({"rank": 1, "framework": "p"}, {"rank": 1, "framework": "t"})
    first = {"year": "newest", "acceptability_pct": 90.0, "source_count": 3, "kind_count": 2}
    given(con, "marts.rank_acceptability", [first | ranks[0], first | ranks[1] | {"acceptability_pct": 10.0}])
    con.execute("insert into marts.preset_ranks select * replace ('t' as framework, 2 as rank) from marts.preset_ranks "
                "where preset = 'equal'")  # fmt: skip
    columns = "null::varchar as year, null::varchar as framework_a, null::varchar as framework_b, null::varchar as "
    con.execute(f"create table pages.pair_weightings as select {columns} needed_sentence")
    given(
        con,
        "marts.weighed_readings",
        [
            {"year": year, "source": name, "kind": "Surveys"}
            for year, name in (("newest", "a"), ("2020", "a"), ("2020", "b"))
        ],
    )
    # Years before the first ranking are no gap, and one after it is.
    con.execute("insert into marts.rank_acceptability select * replace ('2019' as year) from marts.rank_acceptability")
    (answer,) = created(con, "pages/ranking_answer")
    assert answer["unranked_words"] == (
        "2020 has no ranking, which takes three sources of two kinds: 2 sources of one kind have readings of "
        "that whole year."
    )
    assert answer["sentence"] == "Pea leads under 90 of 100 weightings of the newest figures of 3 sources"
    assert answer["basis"] == (
        "A source counts with its newest twelve months together, of Stars with what was gained in them. "
        "These get no new figures and say nothing of today: "
        "Stars (to 2024), Papers (to 2024)."
    )
