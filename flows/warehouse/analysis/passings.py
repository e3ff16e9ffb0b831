"""When a curve provably passed a level, and how many months later another one did.

A month is surely below where the curve (flows/analysis/curves.py) is above the level with less than 2.5 percent
probability, surely above with more than 97.5. A crossing lies between the last month surely behind and the first surely
ahead around the month in which the figures cross; an end that is not reached stays open. The date of a passing has the
probability of being above as its distribution function, made monotone; the difference of two such dates is distributed
as their convolution, the two sources being measured apart.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TAIL = 0.025


def crossing(ahead: Floats, first: int, crossed: int, last: int) -> tuple[int | None, int | None]:
    """Positions between which the curve crossed, around the position `crossed` and within `first` to `last`.

    Args:
        ahead: probability per position that the one ahead afterwards is ahead.
        first: where the lead before begins.
        crossed: where the figures cross.
        last: where the lead after ends.

    Returns:
        The last position surely behind and the first surely ahead; None where open.
    """
    behind = np.flatnonzero(ahead[first : crossed + 1] < TAIL)
    sure = np.flatnonzero(ahead[crossed : last + 1] > 1 - TAIL)
    return (first + int(behind[-1]) if behind.size else None, crossed + int(sure[0]) if sure.size else None)


def passing(above: Floats) -> tuple[int, Floats] | None:
    """Distribution of the month in which a curve passed a level for good.

    Args:
        above: probability per month that the curve is above the level.

    Returns:
        Position of the last month surely below, and the probability of passing in each month after it; None where the
        curve is never surely below, or is not surely above at the end.
    """
    below = np.flatnonzero(above < TAIL)
    if not below.size or above[-1] <= 1 - TAIL:
        return None
    start = int(below[-1])
    passed = np.maximum.accumulate(above[start:])
    masses = np.diff(passed, prepend=0)[1:]
    return start, masses / masses.sum()


def later(first: tuple[int, Floats], second: tuple[int, Floats]) -> tuple[int, int]:
    """By how many months the second passing came later: the ends of the 95 percent interval.

    Args:
        first: month of the last one surely below, on the calendar of both, and masses of the months after it.
        second: the same of the other curve.
    """
    masses = np.convolve(second[1], first[1][::-1])
    offset = second[0] - first[0] - (len(first[1]) - 1)
    summed = np.cumsum(masses)
    low, high = np.searchsorted(summed, [TAIL, 1 - TAIL])
    return offset + int(low), offset + min(int(high), len(masses) - 1)
