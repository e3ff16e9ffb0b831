"""Does a Fisher-Pry line foretell the year after it better than doing nothing clever? Judged on disjoint years.

The line (Fisher and Pry 1971: log odds straight in time, by a binomial fit) is fitted up to the end of each year and
held against the year after it, and so are two naive rules: the last value stays, and its change over a year goes on.
The years do not overlap, so that the differences of loss are taken as independent: Diebold and Mariano's test (1995)
with the small-sample correction of Harvey, Leybourne and Newbold (1997) is then Student's t of their mean. A line must
beat both rules, so its p is the greater one; Holm's step-down (1979) holds all lines together at 5 percent.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from . import distributions

Floats = NDArray[np.float64]

LEVEL = 0.05
LEAST_ORIGINS = 4


def straight_odds(years: Floats, part: Floats, total: Floats, used: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Intercept and slope of the log odds by binomial fits, one for each row of `used`: which periods it may see."""
    intercept, slope = np.zeros(len(used)), np.zeros(len(used))
    weightless = np.where(used, 1.0, 0.0)
    for _ in range(12):
        odds = np.clip(intercept[:, None] + slope[:, None] * years, -9, 9)
        share = 1 / (1 + np.exp(-odds))
        weight = weightless * total * share * (1 - share)
        values = odds + np.clip((part - total * share) / (total * share * (1 - share)), -3, 3)
        weights = weight.sum(axis=1)
        mean_year, mean_odds = (weight @ years) / weights, (weight * values).sum(axis=1) / weights
        away = years - mean_year[:, None]
        slope = (weight * away * values).sum(axis=1) / (weight * away**2).sum(axis=1)
        intercept = mean_odds - slope * mean_year
    return intercept, slope


def p_value(advantages: Floats) -> float:
    """One-sided p of Diebold and Mariano's test that the mean advantage is not above 0; 1 without enough origins."""
    count = len(advantages)
    if count < LEAST_ORIGINS:
        return 1.0
    spread = float(advantages.std(ddof=1))
    if spread == 0:
        return 0.0 if advantages[0] > 0 else 1.0
    t = float(advantages.mean()) / spread * np.sqrt(count)
    return float(distributions.cdf(np.array([-t]), count - 1)[0])


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p values for their number by Holm's step-down; a line below the level earns its forecast."""
    order = np.argsort(p_values, kind="stable")
    stepped = np.asarray(p_values)[order] * (len(p_values) - np.arange(len(p_values)))
    found = np.empty(len(p_values))
    found[order] = np.minimum(1, np.maximum.accumulate(stepped))
    return [float(value) for value in found]
