"""Does a Fisher-Pry line foretell the year after it better than doing nothing clever? Judged on disjoint years.

The line (Fisher and Pry 1971: log odds straight in time, by a binomial fit) is fitted up to the end of each year and
held against the year after it, and so are two naive rules: the last value stays, and its change over a year goes on.
The years do not overlap, so that the differences of loss are taken as independent: Diebold and Mariano's test (1995)
with the small-sample correction of Harvey, Leybourne and Newbold (1997) is then Student's t of their mean. A line must
beat both rules, so its p is the greater one; Holm's step-down (1979) holds all lines together at 5 percent.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import distributions

Floats = NDArray[np.float64]

LEVEL = 0.05
LEAST_ORIGINS = 4
DECIMALS = 9
YEAR = 364 / 365.25  # a year before, for periods that begin on the same day of the year


def straight_odds(years: Floats, part: Floats, total: Floats, used: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Intercept and slope of the log odds by binomial fits, one for each row of `used`: which periods it may see."""
    intercept, slope = np.zeros(len(used)), np.zeros(len(used))
    weightless = np.where(used, 1.0, 0.0)
    for _ in range(12):
        odds = np.clip(intercept[:, None] + slope[:, None] * years, -9, 9)
        share = 1 / (1 + np.exp(-odds))
        expected = total * share
        information = expected * (1 - share)
        weight = weightless * information
        weighted = weight * (odds + np.clip((part - expected) / information, -3, 3))
        weights, sums = weight.sum(axis=1), weighted.sum(axis=1)
        mean_year = (weight @ years) / weights
        slope = (weighted @ years - mean_year * sums) / (weight @ years**2 - mean_year**2 * weights)
        intercept = sums / weights - slope * mean_year
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


class Origin(NamedTuple):
    """What was foretold at the end of one year, for the year after it: mean absolute errors in points."""

    fitted_count: int
    tested_count: int
    model: float
    last_value: float
    last_trend: float


def backtest(
    years: Floats, share_pct: Floats, trailing_pct: Floats, total: Floats, ends: Floats
) -> list[Origin | None]:
    """Hold a Fisher-Pry line fitted up to each end against the year after it, and two naive rules beside it.

    Args:
        years: time of each period, in years.
        share_pct: of the first framework.
        trailing_pct: the same over the window that ends with the period.
        total: members of both; 1 where none are counted. It weighs errors, as it weighs the fit.
        ends: last moments whose figures the fits may use.

    Returns:
        One per end; None without two years before it or without figures after it.
    """
    used = years <= ends[:, None]
    tested = (years > ends[:, None]) & (years <= ends[:, None] + 1)
    before = years <= np.where(used, years, -np.inf).max(axis=1)[:, None] - YEAR
    can = (used.sum(axis=1) > 2) & tested.any(axis=1) & (before.sum(axis=1) > 1)
    found: list[Origin | None] = [None] * len(ends)
    if not can.any():
        return found
    part = total * np.clip(share_pct / 100, 1e-3, 1 - 1e-3)
    intercepts, slopes = straight_odds(years, part, total, used[can])
    for place, intercept, slope in zip(np.flatnonzero(can), intercepts, slopes, strict=True):
        ahead, last, earlier = (
            tested[place],
            int(np.flatnonzero(used[place])[-1]),
            int(np.flatnonzero(before[place])[-1]),
        )
        change = (trailing_pct[last] - trailing_pct[earlier]) / (years[last] - years[earlier])
        guesses = (
            100 / (1 + np.exp(-np.clip(intercept + slope * years[ahead], -30, 30))),
            np.full(ahead.sum(), trailing_pct[last]),
            np.clip(trailing_pct[last] + change * (years[ahead] - years[last]), 0, 100),
        )
        errors = np.abs(np.array(guesses) - share_pct[ahead]) @ total[ahead] / total[ahead].sum()
        # Rounded, so that what errs alike is told alike: the last digits of a sum would have one be better.
        errors = errors.round(DECIMALS)
        found[place] = Origin(int(used[place].sum()), int(ahead.sum()), *errors.tolist())
    return found


def line_p_value(origins: Sequence[Origin]) -> float:
    """P of a line: that of the naive rule which it beats less clearly."""
    model, last_value, last_trend = np.reshape([origin[2:] for origin in origins], (-1, 3)).T
    return max(p_value(last_value - model), p_value(last_trend - model))
