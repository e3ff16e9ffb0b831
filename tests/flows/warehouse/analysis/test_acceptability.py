"""Pairs, ranks, orders and presets from readings: the tables as a build makes them, and what must not move them."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from flows.warehouse.analysis import acceptability
from flows.warehouse.runner import fill_computed
from tests.flows.warehouse.analysis.test_embedded_data import rows
from tests.flows.warehouse.analysis.test_weightings import drawn
from tests.sql.support import created, database, given

FRAMEWORKS = ("p", "t", "j", "scikit-learn")
KINDS = {"papers": "Research", "search": "Search", "stars": "Activity", "loads": "Activity", "survey": "Surveys"}
AUDIENCES = {"papers": "research", "search": "learners"}
# p's share of p and t, by source.
PAIR = {"papers": 90.0, "search": 60.0, "stars": 35.0, "loads": 55.0}


def reading(source: str, a: str, b: str, share: float, year: str = "newest", **more: Any) -> dict[str, Any]:
    return {
        "year": year, "source": source, "kind": KINDS.get(source, "Activity"), "framework_a": a, "framework_b": b,
        "audience": AUDIENCES.get(source, "industry"), "source_order": [*KINDS, source].index(source),
        "a_share_of_pair_pct": float(share), "error_pct": 1.0,
    } | more  # fmt: skip


PAIRED = [reading(source, "p", "t", share) for source, share in PAIR.items()]
# Every source also knows j, far behind both.
THREE = PAIRED + [reading(source, one, "j", 90) for source in PAIR for one in ("p", "t")]


@contextmanager
def told(readings: Sequence[Mapping[str, Any]], names: Sequence[str] = FRAMEWORKS):
    frameworks = [
        {"framework": name, "framework_order": order, "is_deep_learning": name != "scikit-learn"}
        for order, name in enumerate(names)
    ]
    with database() as con:
        given(con, "staging.reference__frameworks", frameworks)
        given(con, "marts.weighed_readings", readings)
        yield con


def pairs(readings: Sequence[Mapping[str, Any]]) -> dict[tuple[str, ...], tuple[Any, ...]]:
    with told(readings) as con:
        return {row[:3]: row[3:] for row in acceptability.compute_pairs(con)}


def ranks(readings: Sequence[Mapping[str, Any]], names: Sequence[str] = FRAMEWORKS) -> dict[tuple[str, int], float]:
    with told(readings, names) as con:
        return {(row[1], row[2]): row[5] for row in acceptability.compute_ranks(con)}


def test_a_pair_stands_both_ways_with_what_each_needs():
    found = pairs(PAIRED)
    (one, other) = found["newest", "p", "t"], found["newest", "t", "p"]
    assert one[:2] == other[:2] == (4, 3)
    assert one[2] + other[2] == pytest.approx(100)
    # The others of stars: (1/3 90 + 1/3 60 + 1/6 55) / (5/6) = 71; (71 - 50) / (71 - 35).
    assert one[3:5] == (pytest.approx(100 * 21 / 36), "stars")
    assert one[5] == one[3]
    assert one[6] == pytest.approx(100 / 6)
    assert other[3:6] == (None, None, None)


@pytest.mark.parametrize("left", [("papers", "search"), ("stars", "loads", "more loads")])
def test_a_year_needs_three_sources_of_two_kinds(left):
    held = [*PAIRED, reading("more loads", "p", "t", 70)]
    assert pairs([row for row in held if row["source"] in left]) == {}
    assert ranks([row for row in held if row["source"] in left]) == {}
    assert len(pairs(held)) == 2


def test_a_source_that_knows_nothing_of_a_pair_changes_nothing_of_it():
    before = pairs(PAIRED)
    more = [reading("survey", "p", "j", 20), reading("loads", "p", "j", 20)]
    assert {key: row for key, row in pairs(PAIRED + more).items() if key[1:] == ("p", "t")} == {
        key: row for key, row in before.items() if key[1:] == ("p", "t")
    }


def test_three_are_ranked_and_each_has_all_its_ranks():
    found = ranks(THREE)
    for name in "ptj":
        assert sum(found[name, rank] for rank in (1, 2, 3)) == pytest.approx(100)
    for rank in (1, 2, 3):
        assert sum(found[name, rank] for name in "ptj") == pytest.approx(100)
    assert found["j", 3] == 100
    assert found["p", 1] > 90


def test_what_few_sources_know_and_what_is_no_deep_learning_is_not_ranked():
    more = [reading(source, "p", "scikit-learn", 10) for source in PAIR]
    few = [reading("stars", "p", "k", 10), reading("loads", "p", "k", 10)]
    assert ranks(THREE + more + few, (*FRAMEWORKS, "k")) == ranks(THREE)


def test_frameworks_that_no_pair_joins_are_not_ranked_together():
    apart = [reading(source, "k", "l", 60) for source in PAIR]
    assert {name for name, _ in ranks(THREE + apart, (*FRAMEWORKS, "k", "l"))} == {"p", "t", "j"}


def test_other_names_change_names_only():
    new = {"p": "x", "t": "y", "j": "z"}
    named = [row | {"framework_a": new[row["framework_a"]], "framework_b": new[row["framework_b"]]} for row in THREE]
    assert ranks(named, ("x", "y", "z")) == {(new[name], rank): share for (name, rank), share in ranks(THREE).items()}


def test_a_source_twice_within_its_kind_changes_little():
    twice = [row | {"source": "loads again"} for row in THREE if row["source"] == "loads"]
    before, after = ranks(THREE), ranks(THREE + twice)
    assert all(after[key] == pytest.approx(share, abs=3) for key, share in before.items())


def test_the_same_readings_give_the_same_figures():
    acceptability._ordered.cache_clear()
    first = ranks(THREE)
    acceptability._ordered.cache_clear()
    assert ranks(THREE) == first


def test_presets_are_all_sources_alike_and_those_of_each_audience():
    with told(THREE) as con:
        found = {row[:4]: row[4:] for row in acceptability.compute_presets(con)}
        (orders, total) = zip(*acceptability.compute_orders(con), strict=True)
    assert {key[1] for key in found} == {"equal", "research", "learners", "industry"}
    assert found["newest", "equal", "p", 1][:2] == (4, 3)
    # Industry has stars, where t is ahead, and downloads: the mean of both is 45.
    assert ("newest", "industry", "t", 1) in found
    assert found["newest", "research", "p", 1][:3] == (1, 1, 100)
    # Readings without an error leave no order open, and the last one comes before none.
    assert [found[key][3] for key in found if key[1] == "research"] == [100, 100, None]
    assert set(orders) == {"p>t>j", "t>p>j"}
    assert sum(total) == pytest.approx(100)


def test_errors_of_readings_leave_the_order_of_neighbours_open():
    close = [row | {"error_pct": 5.0, "a_share_of_pair_pct": 52.0} for row in THREE]
    with told(close) as con:
        sure = [row[7] for row in acceptability.compute_presets(con) if row[1] == "equal"]
    assert sure[-1] is None
    assert all(50 <= one < 97.5 for one in sure[:-1])


def test_past_years_have_the_order_of_all_sources_alike_alone():
    with told([row | {"year": "2020"} for row in THREE]) as con:
        assert {row[1] for row in acceptability.compute_presets(con)} == {"equal"}
        assert acceptability.compute_orders(con) == []


def test_the_marts_keep_their_promises():
    with told(THREE) as con:
        for computed in (acceptability.PAIRS, acceptability.RANKS, acceptability.ORDERS, acceptability.PRESETS):
            fill_computed(con, computed)
            created(con, f"staging/{computed.table.replace('analysis_', 'analysis__')}")
        assert len(created(con, "marts/pair_acceptability")) == 6
        assert len(created(con, "marts/rank_acceptability")) == 9
        assert created(con, "marts/rank_orders")
        assert created(con, "marts/preset_ranks")


def test_embedded_pairs_agree_with_plain_draws(marts):
    held = rows(marts, "from marts.weighed_readings")
    found = rows(marts, "from marts.pair_acceptability where framework_a < framework_b")
    assert {"2018", "newest"} <= {row["year"] for row in found}
    for row in found:
        names = {row["framework_a"], row["framework_b"]}
        own = [
            each for each in held if each["year"] == row["year"] and {each["framework_a"], each["framework_b"]} == names
        ]
        assert len(own) == row["source_count"]
        told = np.array([each["a_share_of_pair_pct"] for each in own])
        shares = np.where([each["framework_a"] == row["framework_a"] for each in own], told, 100 - told)
        errors = np.array([each["error_pct"] or 0 for each in own])
        every = drawn([each["kind"] for each in own], 60_000)
        read = np.random.default_rng(1).normal(shares, errors, every.shape)
        independent = 100 * ((every * read).sum(axis=1) > 50).mean()
        assert row["acceptability_pct"] == pytest.approx(independent, abs=0.5), row


def test_embedded_ranks_agree_with_plain_draws(marts):
    """Scores by pseudo-inverses of weighted edges, errors drawn pair by pair where a source knows one."""
    held = rows(
        marts, "from marts.weighed_readings where year = '2019' order by source_order, framework_a, framework_b"
    )
    found = rows(marts, "from marts.rank_acceptability where year = '2019'")
    names = sorted({row["framework"] for row in found})
    own = [row for row in held if {row["framework_a"], row["framework_b"]} <= set(names)]
    sources = list(dict.fromkeys(row["source"] for row in own))
    kinds = [next(row["kind"] for row in own if row["source"] == source) for source in sources]
    every, random = drawn(kinds, 40_000), np.random.default_rng(2)
    normal = np.zeros((len(every), len(names), len(names)))
    right = np.zeros((len(every), len(names)))
    for place, source in enumerate(sources):
        pairs = [row for row in own if row["source"] == source]
        known = sorted({name for row in pairs for name in (row["framework_a"], row["framework_b"])})
        error = np.mean([row["error_pct"] or 0 for row in pairs]) / np.sqrt(2)
        moved = random.normal(0, error, (len(every), len(names)))
        for row in pairs:
            a, b = names.index(row["framework_a"]), names.index(row["framework_b"])
            weight = every[:, place] / len(known)
            lead = row["a_share_of_pair_pct"] - 50 + moved[:, a] - moved[:, b]
            for one, other, sign in ((a, b, 1), (b, a, -1)):
                normal[:, one, one] += weight
                normal[:, one, other] -= weight
                right[:, one] += sign * weight * lead
    scores = (np.linalg.pinv(normal, hermitian=True) @ right[:, :, None])[:, :, 0]
    places = (-scores).argsort(axis=1).argsort(axis=1)
    for row in found:
        share = 100 * (places[:, names.index(row["framework"])] == row["rank"] - 1).mean()
        assert row["acceptability_pct"] == pytest.approx(share, abs=0.5), (row, share)


def test_leading_everyone_is_leading_each(marts):
    """Two frameworks that alone are ranked have as ranks what they have as a pair."""
    found = rows(marts, "from marts.rank_acceptability where year = '2016'")
    assert {row["framework"] for row in found} == {"tensorflow", "keras"}
    for one, other in combinations(("tensorflow", "keras"), 2):
        (pair,) = rows(
            marts,
            f"from marts.pair_acceptability where year = '2016' and framework_a = '{one}' and framework_b = '{other}'",
        )
        (rank,) = [row for row in found if row["framework"] == one and row["rank"] == 1]
        assert rank["acceptability_pct"] == pytest.approx(pair["acceptability_pct"], abs=0.5)
