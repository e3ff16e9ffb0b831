"""All weightings of sources: cases solved by hand, a second way to compute them, and what must not move them."""

from math import log

import numpy as np
import pytest

from flows.warehouse.analysis import weightings

NONE = np.zeros(3)


def drawn(kinds: list[str], count: int, seed: int = 7) -> np.ndarray:
    """Weightings by plain draws of Dirichlet weights."""
    random = np.random.default_rng(seed)
    names = sorted(set(kinds))
    of_kinds = dict(zip(names, random.dirichlet(np.ones(len(names)), count).T, strict=True))
    found = np.empty((count, len(kinds)))
    for name in names:
        places = [place for place, kind in enumerate(kinds) if kind == name]
        found[:, places] = of_kinds[name][:, None] * random.dirichlet(np.ones(len(places)), count)
    return found


def ahead(shares: list[float], kinds: list[str], errors: list[float] | None = None) -> float:
    return weightings.ahead(np.array(shares), np.array(errors or [0] * len(shares)), weightings.weights(kinds))


def test_two_sources_of_two_kinds_share_the_weight_evenly():
    # 80 w + 40 (1 - w) exceeds 50 where w exceeds a quarter.
    assert ahead([80, 40], ["a", "b"]) == pytest.approx(75, abs=0.05)
    assert ahead([80, 40], ["a", "a"]) == pytest.approx(75, abs=0.05)


def test_two_sources_of_one_kind_beside_one_of_another():
    # Behind where u < (v - 1/2) / (1 + v), for the weight u of the first kind and v of the second source in the other.
    behind = 0.5 - 1.5 * log(4 / 3)
    assert ahead([80, 40, 60], ["a", "b", "b"]) == pytest.approx(100 * (1 - behind), abs=0.1)


def test_the_error_of_a_reading_blurs_a_lead():
    # One source alone: 51 with an error of 1 exceeds 50 with the probability that a normal variable is below 1.
    assert ahead([51], ["a"], [1]) == pytest.approx(84.134, abs=0.01)
    assert ahead([51], ["a"]) == 100
    assert ahead([50], ["a"]) == 50


def test_weights_are_positive_add_up_to_one_and_have_their_means():
    kinds = ["a", "b", "b", "c", "a", "b"]
    found = weightings.weights(kinds)
    assert found.min() > 0
    assert found.sum(axis=1) == pytest.approx(1)
    assert found.mean(axis=0) == pytest.approx(weightings.central(kinds), abs=0.001)
    # A uniform weight of three has the variance 1/18.
    assert (found[:, 3]).var() == pytest.approx(1 / 18, rel=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_points_agree_with_plain_draws_and_with_points_of_another_seed(seed):
    random = np.random.default_rng(seed)
    kinds = ["a", "a", "b", "c", "c", "c", "c", "d", "d"]
    shares, errors = random.uniform(20, 85, len(kinds)), random.uniform(0, 4, len(kinds))
    every = drawn(kinds, 200_000)
    read = random.normal(shares, errors, every.shape)
    mine = weightings.ahead(shares, errors, weightings.weights(kinds))
    assert mine == pytest.approx(100 * ((every * read).sum(axis=1) > 50).mean(), abs=0.5)
    others = [weightings.ahead(shares, errors, weightings.weights(kinds, each)) for each in range(6)]
    assert np.std(others) < 0.2


def test_needed_is_the_weight_at_which_the_mean_is_a_half():
    found = weightings.needed(np.array([80.0, 40, 45]), weightings.central(["a", "b", "c"]))
    # Others of (80 + 45) / 2: (62.5 - 50) / (62.5 - 40); both together against 80: (80 - 50) / (80 - 42.5).
    assert found.source == 1
    assert found.weight_pct == pytest.approx(100 * 12.5 / 22.5)
    assert found.together_pct == pytest.approx(100 * 30 / 37.5)
    assert found.held_pct == pytest.approx(100 * 2 / 3)


def test_two_sources_need_what_one_lacks():
    found = weightings.needed(np.array([80.0, 40]), np.array([0.5, 0.5]))
    assert found == (1, pytest.approx(75), pytest.approx(75), pytest.approx(50))


@pytest.mark.parametrize(("shares", "held"), [([80.0, 60.0], 0), ([45.0, 40.0], 100), ([70.0, 20.0], 50)])
def test_nothing_is_needed_where_no_source_would_do_or_the_other_leads(shares, held):
    found = weightings.needed(np.array(shares), np.array([0.5, 0.5]))
    assert found == (None, None, None, pytest.approx(held))


def test_a_source_copied_within_its_kind_changes_little():
    once = ahead([80, 40, 62], ["a", "b", "b"])
    assert ahead([80, 40, 62, 62], ["a", "b", "b", "b"]) == pytest.approx(once, abs=5)
    # As a kind of its own it would count as much as all others of one kind.
    assert abs(ahead([80, 40, 62, 40], ["a", "b", "b", "c"]) - once) > 15


def test_frameworks_that_change_their_places_change_their_shares():
    shares, errors = np.array([80.0, 40, 62]), np.array([1.0, 2, 3])
    every = weightings.weights(["a", "b", "b"])
    first = weightings.ahead(shares, errors, every)
    assert weightings.ahead(100 - shares, errors, every) == pytest.approx(100 - first, abs=1e-9)


def complete(scores: np.ndarray, known: list[list[int]]) -> tuple[np.ndarray, ...]:
    """Readings of sources whose pairs differ by their scores exactly; `known` has the frameworks of each source."""
    rows = [
        (source, a, b, 50 + scores[source, a] - scores[source, b])
        for source, names in enumerate(known)
        for a in names
        for b in names
        if a < b
    ]
    sources, a, b, shares = zip(*rows, strict=True)
    return np.array(sources), np.column_stack([a, b]), np.array(shares, float), np.zeros(len(rows))


def test_scores_that_all_pairs_agree_on_come_back():
    scores = np.tile([0.0, -8, 5, 11], (3, 1))
    ranking = weightings.Ranking(*complete(scores, [[0, 1, 2], [1, 2, 3], [0, 3]]))
    found = ranking.scores(weightings.weights(["a", "b", "b"])[:50])
    assert found == pytest.approx(np.tile(scores[0], (50, 1)))


def test_scores_are_the_least_squares_of_all_pairs():
    random = np.random.default_rng(5)
    known = [[0, 1, 2, 3], [0, 1], [1, 2, 3], [0, 2, 3]]
    sources, pairs, shares, errors = complete(random.normal(0, 12, (4, 4)), known)
    every = weightings.weights(["a", "a", "b", "c"])[:200]
    found = weightings.Ranking(sources, pairs, shares, errors).scores(every)
    rows = np.zeros((len(pairs), 4))
    rows[np.arange(len(pairs)), pairs[:, 0]], rows[np.arange(len(pairs)), pairs[:, 1]] = 1, -1
    sizes = np.array([len(names) for names in known])
    for weights, mine in zip(every, found, strict=True):
        scale = np.sqrt((weights / sizes)[sources])
        solved = np.linalg.lstsq(rows * scale[:, None], (shares - 50) * scale, rcond=None)[0]
        assert mine == pytest.approx(solved - solved[0], abs=1e-6)


def test_two_frameworks_rank_as_their_weighted_mean():
    shares, errors, kinds = np.array([80.0, 40, 45]), np.array([3.0, 6, 0]), ["a", "b", "b"]
    every = weightings.weights(kinds)
    ranking = weightings.Ranking(np.arange(3), np.tile([0, 1], (3, 1)), shares, errors)
    firsts = 100 * (ranking.orders(every, seed=3)[:, 0] == 0).mean()
    assert firsts == pytest.approx(weightings.ahead(shares, errors, every), abs=0.5)
    sure = 100 * (ranking.orders(every)[:, 0] == 0).mean()
    assert sure == pytest.approx(weightings.ahead(shares, NONE, every), abs=0.02)


def test_a_source_that_knows_many_frameworks_counts_no_more_for_its_many_pairs():
    # The first says 70 of 0 and 1, and knows three more beside them, all level with 1; the other one says 30.
    scores = np.array([[20.0, 0, 0, 0, 0], [-20, 0, 0, 0, 0]])
    ranking = weightings.Ranking(*complete(scores, [[0, 1, 2, 3, 4], [0, 1]]))
    (found,) = ranking.scores(np.array([[0.5, 0.5]]))
    assert found[0] - found[1] == pytest.approx(-found[1])
    assert abs(found[1]) < 10
