"""Labels corrected for what our rules get wrong: cases by hand, and the coverage of the interval, simulated."""

import numpy as np
import pytest

from flows.warehouse.analysis import detection_correction as correction

# Rows: none, other, pytorch, tensorflow as the archive labels; columns: as our rules do, about as measured.
RULES = np.array(
    [[0.94, 0.01, 0.03, 0.02], [0.03, 0.87, 0.08, 0.02], [0.03, 0.002, 0.963, 0.005], [0.05, 0.01, 0.03, 0.91]]
)
RULES = RULES / RULES.sum(axis=1, keepdims=True)
MIX = np.array([0.40, 0.05, 0.50, 0.05])


def test_perfect_rules_change_nothing() -> None:
    shares, low, high = correction.corrected(np.diag([10_000.0] * 3), np.array([[50.0, 30.0, 20.0]]))
    assert shares[0] == pytest.approx([0.5, 0.3, 0.2])
    assert (low <= shares).all()
    assert (shares <= high).all()


def test_a_rule_that_misses_a_fifth_is_put_right() -> None:
    # Of 100 there are 50 of each; a fifth of the first is taken for the second.
    shares, _, _ = correction.corrected(np.array([[80.0, 20.0], [0.0, 100.0]]), np.array([[40.0, 60.0]]))
    assert shares[0] == pytest.approx([0.5, 0.5])


def test_what_cannot_be_is_nothing() -> None:
    shares, _, _ = correction.corrected(np.array([[80.0, 20.0], [20.0, 80.0]]), np.array([[10.0, 90.0]]))
    assert shares[0] == pytest.approx([0.0, 1.0])


def test_the_same_input_gives_the_same_interval_whatever_other_months_there_are() -> None:
    counts, month = 300 * RULES, np.array([[400.0, 50.0, 500.0, 50.0]])
    alone = correction.corrected(counts, month)
    beside = correction.corrected(counts, np.vstack([month, 3 * month]))
    assert all(np.allclose(one[0], two[0], rtol=0, atol=1e-12) for one, two in zip(alone, beside, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("size", [300, 1000, 3000])
def test_the_interval_covers_what_the_archive_would_have_said(size: int) -> None:
    random, runs = np.random.default_rng(20250728 + size), 600
    covered = np.zeros(len(MIX))
    for _ in range(runs):
        counts = np.stack([random.multinomial(300, row) for row in RULES]).astype(float)
        seen = sum(
            random.multinomial(count, row) for count, row in zip(random.multinomial(size, MIX), RULES, strict=True)
        )
        _, low, high = correction.corrected(counts, np.asarray(seen, float)[None])
        covered += (low[0] <= MIX) & (high[0] >= MIX)
    print(f"{size} a month: coverage {np.round(covered / runs, 3)}")  # noqa: T201
    assert ((covered / runs >= 0.92) & (covered / runs <= 0.98)).all(), covered / runs
