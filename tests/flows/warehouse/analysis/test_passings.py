"""Dates of passings and the differences between them, on probabilities a person can follow."""

import numpy as np
import pytest

from flows.warehouse.analysis import passings

AHEAD = np.array([0.5, 0.01, 0.01, 0.3, 0.6, 0.4, 0.9, 0.98, 0.99, 0.9])


@pytest.mark.parametrize(
    ("crossed", "expected"),
    [(4, (2, 7)), (6, (2, 7)), (8, (2, 8)), (2, (2, 7)), (1, (1, 7))],
    ids=["between", "late", "after it is sure", "while surely behind", "earlier"],
)
def test_a_crossing_lies_between_the_sure_months_and_holds_the_date(crossed, expected):
    assert passings.crossing(AHEAD, 0, crossed, 9) == expected


def test_ends_that_are_not_reached_stay_open():
    assert passings.crossing(AHEAD, 3, 4, 6) == (None, None)
    assert passings.crossing(AHEAD, 0, 4, 6) == (2, None)
    assert passings.crossing(AHEAD, 3, 4, 9) == (None, 7)


def test_a_passing_needs_sure_months_on_either_side():
    assert passings.passing(np.array([0.1, 0.5, 0.99])) is None
    assert passings.passing(np.array([0.01, 0.5, 0.9])) is None
    start, masses = passings.passing(np.array([0.01, 0.0, 0.5, 0.25, 0.75, 1.0]))
    assert start == 1
    assert masses == pytest.approx([0.5, 0, 0.25, 0.25])


def test_the_difference_of_two_dates_is_their_convolution():
    # The first passes in month 11 or 12, the second in month 20 or 21: 8 to 10 months later.
    first, second = (10, np.array([0.5, 0.5])), (19, np.array([0.5, 0.5]))
    assert passings.later(first, second) == (8, 10)
    assert passings.later(second, first) == (-10, -8)
    assert passings.later(first, first) == (-1, 1)
    assert passings.later((10, np.array([1.0])), (19, np.array([1.0]))) == (9, 9)
