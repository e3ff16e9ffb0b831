"""Normal and Student distributions with numpy alone: importing scipy.special takes 0.2 s of every build."""

from functools import cache
from math import erf, exp, lgamma, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_STEPS = 20  # of Newton's


def cdf(z: Floats, degrees: int | None = None) -> Floats:
    """Distribution function of the normal distribution, or of Student's t with whole degrees of freedom.

    Exact finite sums in the angle whose tangent is t / sqrt(degrees) (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
    """
    z = np.asarray(z, np.float64)
    if degrees is None:
        found = (z > 0).astype(np.float64)
        # Beyond nine standard deviations there is nothing that a probability shows.
        near = np.abs(z) < 9
        found[near] = 0.5 * (1 + np.array(list(map(erf, (z[near] / sqrt(2)).tolist())), np.float64))
        return found
    cosine_squared = 1 / (1 + z**2 / degrees)
    sine = z / sqrt(degrees) * np.sqrt(cosine_squared)
    if degrees % 2:
        angle = np.arctan(z / sqrt(degrees))
        if degrees == 1:
            return 0.5 + angle / pi
        total = 0.5 + (angle + sine * np.sqrt(cosine_squared) * _series(cosine_squared, degrees, 2)) / pi
    else:
        total = 0.5 + 0.5 * sine * _series(cosine_squared, degrees, 1)
    # The last digits of a sum near 0 or 1 may lie beyond it.
    return np.clip(total, 0, 1)


def _series(cosine_squared: Floats, degrees: int, first: int) -> Floats:
    """1 + (first / (first + 1)) c + ..., each term by Horner's rule from the last one on."""
    total = np.ones_like(cosine_squared)
    for number in range(degrees - 3, first - 1, -2):
        total *= cosine_squared * (number / (number + 1))
        total += 1
    return total


def density(z: Floats, degrees: int | None) -> Floats:
    """Density of the normal distribution, or of Student's t."""
    if degrees is None:
        return np.exp(-(z**2) / 2) / sqrt(2 * pi)
    height = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2) - log(degrees * pi) / 2)
    found: Floats = height * (1 + z**2 / degrees) ** (-(degrees + 1) / 2)
    return found


def mixture_quantiles(shares: Floats, weights: Floats, means: Floats, sds: Floats, degrees: int | None) -> Floats:
    """Values below which these shares of a mixture lie: Newton's steps, halving where one leaves what is known."""

    def below(values: Floats) -> Floats:
        probabilities: Floats = np.dot(cdf((values[:, None] - means) / sds, degrees), weights)
        return probabilities

    low = np.full(len(shares), float((means - 4 * sds).min()))
    high = np.full(len(shares), float((means + 4 * sds).max()))
    while (below(low) > shares).any() or (below(high) < shares).any():
        low, high = low - (high - low), high + (high - low)
    found = np.full(len(shares), float(weights @ means))
    # A ten-millionth of an error is nearer than anything that is told.
    nearest = 1e-7 * float(sds.min())
    for number in range(100):  # six as a rule
        missing = shares - below(found)
        low, high = np.where(missing > 0, found, low), np.where(missing > 0, high, found)
        slope = np.dot(density((found[:, None] - means) / sds, degrees), weights / sds)
        steps = found + missing / np.maximum(slope, 1e-300)
        # Between parts that lie far apart they may go back and forth for ever.
        steps = np.where((low <= steps) & (steps <= high) & (number < MOST_STEPS), steps, (low + high) / 2)
        is_near = np.abs(steps - found).max() < nearest
        found = steps
        if is_near:
            break
    return found


@cache
def quantile(share: float, degrees: int | None = None) -> float:
    """The value below which `share` of the distribution lies."""
    one = np.ones(1)
    return float(mixture_quantiles(np.array([share]), one, 0 * one, one, degrees)[0])
