"""The shift between two sources, on curves of which one is the other one late."""

import numpy as np
import pytest

from flows.warehouse.analysis import source_lags

MONTHS = np.arange(96) + 24000


def curve(behind: int, seed: int) -> np.ndarray:
    months = np.arange(96) - behind
    noise = np.random.default_rng(seed).normal(0, 0.3, 96)
    return 50 + 20 * np.tanh((months - 40) / 8) + 6 * np.sin(months / 5) + noise


def windows(share: np.ndarray) -> np.ndarray:
    return np.array([share[max(0, n - 3) : n + 4].mean() for n in range(len(share))])


def shifted(behind: int, *, months=MONTHS, other_months=MONTHS) -> tuple[int, int, int, float, float, int]:
    first, second = curve(0, 1), curve(behind, 2)
    mine, theirs = np.isin(MONTHS, months), np.isin(MONTHS, other_months)
    drawn = [source_lags.draws(share[held], windows(share)[held]) for share, held in ((first, mine), (second, theirs))]
    return source_lags.lag(months, drawn[0], other_months, drawn[1])


@pytest.mark.parametrize("behind", [-12, 0, 7, 20])
def test_a_late_copy_is_found_with_its_lag(behind):
    lag, low, high, correlation, unshifted, common = shifted(behind)
    assert (lag, common) == (behind, 96 - abs(behind))
    assert low <= behind <= high
    assert high - low <= 4
    assert correlation > 0.99
    assert correlation >= unshifted


def test_gaps_in_one_source_do_not_move_the_lag():
    held = np.delete(MONTHS, [3, 30, 31, 60])
    assert shifted(7, other_months=held)[0] == 7


def test_draws_are_the_same_on_every_run_and_the_series_stands_first():
    share = curve(0, 3)
    first = source_lags.draws(share, windows(share))
    assert np.array_equal(first, source_lags.draws(share, windows(share)))
    assert np.array_equal(first[0], share)
    assert first.shape == (source_lags.DRAWS + 1, 96)


def correlated(first: np.ndarray, second: np.ndarray, held: list[int], other_held: list[int]) -> list[float]:
    grids = [
        source_lags.grid(np.array(places), values[:, places], 9)
        for values, places in ((first, held), (second, other_held))
    ]
    return source_lags.correlation(*grids, slice(0, 9), grids[0].held * grids[1].held).tolist()


def test_a_series_that_does_not_move_correlates_with_nothing():
    every = list(range(9))
    assert correlated(np.ones((2, 9)), np.arange(18.0).reshape(2, 9), every, every) == [0, 0]


def test_a_correlation_is_that_of_the_common_months():
    first, second = np.random.default_rng(4).normal(size=(2, 3, 9))
    common = [0, 1, 3, 4, 6, 8]
    expected = [np.corrcoef(one[common], other[common])[0, 1] for one, other in zip(first, second, strict=True)]
    assert correlated(first, second, [0, 1, 2, 3, 4, 6, 8], [0, 1, 3, 4, 5, 6, 7, 8]) == pytest.approx(expected)
