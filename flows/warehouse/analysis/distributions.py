"""Normal and Student distributions with numpy alone: importing scipy.special takes 0.2 s of every build."""

from functools import cache
from math import erf, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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


def mixture_quantiles(shares: Floats, weights: Floats, means: Floats, sds: Floats, degrees: int | None) -> Floats:
    """Values below which these shares of a mixture lie, by bisection."""

    def below(values: Floats) -> Floats:
        probabilities: Floats = np.dot(cdf((values[:, None] - means) / sds, degrees), weights)
        return probabilities

    low = np.full(len(shares), float((means - 4 * sds).min()))
    high = np.full(len(shares), float((means + 4 * sds).max()))
    while (below(low) > shares).any() or (below(high) < shares).any():
        low, high = low - (high - low), high + (high - low)
    # A ten-millionth of an error is nearer than anything that is told.
    for _ in range(int(np.ceil(np.log2((high - low).max() / (1e-7 * float(sds.min())))))):
        middles = (low + high) / 2
        is_below = below(middles) < shares
        low, high = np.where(is_below, middles, low), np.where(is_below, high, middles)
    found: Floats = (low + high) / 2
    return found


@cache
def quantile(share: float, degrees: int | None = None) -> float:
    """The value below which `share` of the distribution lies."""
    one = np.ones(1)
    return float(mixture_quantiles(np.array([share]), one, 0 * one, one, degrees)[0])
