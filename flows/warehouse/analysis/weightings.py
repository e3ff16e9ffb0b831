"""All ways to weigh sources of evidence, and what two frameworks or more are under them (docs/methods.md).

Stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen and Salminen 1998; Tervonen and Figueira 2008):
weights are uniform over the kinds of evidence, then over the sources of a kind, so that four download counters do not
outvote one survey. Points of a Kronecker sequence stand for draws: 10,000 err by a tenth of a point, draws by half.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import distributions

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

POINT_COUNT = 10_000
SEED = 1998
HALF_PCT = 50.0
# Beyond six standard deviations there is nothing that a share of weightings shows.
STEPS = np.linspace(-6, 6, 4001)


def kronecker(dimension_count: int, seed: int = SEED, point_count: int = POINT_COUNT) -> Floats:
    """Points that fill the unit cube evenly: multiples of powers of a generalised golden ratio, moved by the seed."""
    root = 2.0
    for _ in range(64):  # the root of x^(d + 1) = x + 1
        root = (1 + root) ** (1 / (dimension_count + 1))
    steps = root ** -np.arange(1.0, dimension_count + 1)
    start = np.random.default_rng(seed).random(dimension_count)
    return (start + np.arange(1, point_count + 1)[:, None] * steps) % 1


def on_simplex(points: Floats) -> Floats:
    """Uniform weights that add up to 1, one more than points have coordinates: a stick is broken again and again."""
    count = points.shape[1]
    # The first of n + 1 uniform weights has the distribution 1 - (1 - x)^n.
    left = (1 - points) ** (1 / np.arange(count, 0, -1.0))
    kept = np.cumprod(np.column_stack([np.ones(len(points)), left]), axis=1)
    return np.column_stack([kept[:, :-1] * (1 - left), kept[:, -1]])


@cache
def _weights(sizes: tuple[int, ...], seed: int) -> Floats:
    """Weights of sources that stand kind by kind; `sizes` has the number of sources of each kind."""
    points = kronecker(sum(sizes) - 1, seed)
    edges = np.cumsum([len(sizes) - 1, *(size - 1 for size in sizes)])
    of_kinds = on_simplex(points[:, : edges[0]])
    inside = [on_simplex(points[:, start:end]) for start, end in pairwise(edges.tolist())]
    return np.column_stack([of_kinds[:, [number]] * each for number, each in enumerate(inside)])


def weights(kinds: Sequence[str], seed: int = SEED) -> Floats:
    """Every weighting of sources, one row each.

    Args:
        kinds: the kind of evidence of each source.
        seed: moves the points.
    """
    names = list(dict.fromkeys(kinds))
    order = sorted(range(len(kinds)), key=lambda place: names.index(kinds[place]))
    found = np.empty((POINT_COUNT, len(kinds)))
    found[:, order] = _weights(tuple(kinds.count(name) for name in names), seed)
    return found


def central(kinds: Sequence[str]) -> Floats:
    """The mean of all weightings: every kind counts the same, and in it every source."""
    return np.array([1 / (len(set(kinds)) * kinds.count(kind)) for kind in kinds])


def ahead(shares: Floats, errors: Floats, weighings: Floats) -> float:
    """Share of the weightings under which the weighted mean of the shares exceeds a half, in percent.

    Args:
        shares: of the first framework in both, in percent, one per source.
        errors: their standard errors.
        weighings: of the sources, one row each.
    """
    lead = weighings @ (shares - HALF_PCT)
    error = np.sqrt(weighings**2 @ errors**2)
    # Without an error a lead is sure; no lead at all is half a one.
    sure = np.where(lead > 0, STEPS[-1], np.where(lead < 0, STEPS[0], 0.0))
    z = np.divide(lead, error, out=sure, where=error > 0)
    return 100 * float(np.interp(z, STEPS, _below()).mean())


@cache
def _below() -> Floats:
    """The normal distribution function at STEPS, nothing and all at the ends."""
    found = distributions.cdf(STEPS)
    found[[0, -1]] = 0, 1
    return found


class Needed(NamedTuple):
    """What the second framework of a pair would need to lead.

    Attributes:
        source: place of the one that needs least; None where none would do or the second leads at central weights.
        weight_pct: weight of that source, the others keeping their proportions.
        together_pct: weight that all sources in which the second is ahead would need together.
        held_pct: their weight among the central ones.
    """

    source: int | None
    weight_pct: float | None
    together_pct: float | None
    held_pct: float


def needed(shares: Floats, middle: Floats) -> Needed:
    """Solve for the weights at which the weighted mean is a half.

    Args:
        shares: of the first framework in both, in percent, one per source.
        middle: central weights.
    """
    behind = shares < HALF_PCT
    held = 100 * float(middle[behind].sum())
    if not behind.any() or behind.all() or middle @ shares <= HALF_PCT:
        return Needed(None, None, None, held)
    rest = (middle @ shares - middle * shares) / (1 - middle)
    weight = (rest - HALF_PCT) / np.where(behind, rest - shares, np.nan)
    source = int(np.nanargmin(weight))
    inside, outside = (float(np.average(shares[part], weights=middle[part])) for part in (behind, ~behind))
    together = (outside - HALF_PCT) / (outside - inside)
    return Needed(source, 100 * float(weight[source]), 100 * together, held)


class Ranking:
    """Frameworks by additive least squares over the pairs that each source knows (HodgeRank, Jiang et al. 2011).

    Counting wins over pairs runs in circles where pairs rest on different sources; the scores that fit the leads of all
    pairs best do not. With two frameworks the order is that of the weighted mean.

    Args:
        sources: place of the source of each reading.
        pairs: places of both frameworks of each reading.
        shares: of the first framework in both, in percent.
        errors: their standard errors.
    """

    def __init__(self, sources: Whole, pairs: Whole, shares: Floats, errors: Floats) -> None:
        self.framework_count = int(pairs.max()) + 1
        self.source_count = int(sources.max()) + 1
        shape = (self.source_count, self.framework_count)
        self._laplacians = np.zeros((*shape, self.framework_count))
        self._leads, self._errors = np.zeros(shape), np.zeros(shape)
        for source in range(self.source_count):
            held = sources == source
            edges = np.zeros((int(held.sum()), self.framework_count))
            edges[np.arange(len(edges)), pairs[held, 0]] = 1
            edges[np.arange(len(edges)), pairs[held, 1]] = -1
            # A source that knows many frameworks has many pairs, and counts no more for it.
            known_count = int(np.abs(edges).any(axis=0).sum())
            self._laplacians[source] = edges.T @ edges / known_count
            self._leads[source] = (shares[held] - HALF_PCT) @ edges / known_count
            # The error of a pair is made of one of each framework, which all its pairs of the source share.
            self._errors[source] = np.sqrt(
                np.maximum(np.linalg.lstsq(np.abs(edges), errors[held] ** 2, rcond=None)[0], 0)
            )

    def scores(self, weighings: Floats, seed: int | None = None) -> Floats:
        """Points by which each framework is ahead of the first one, a row per weighting.

        Args:
            weighings: of the sources, one row each.
            seed: of the errors of the readings; without it they are taken as they stand.
        """
        count = self.framework_count
        normal = (weighings @ self._laplacians.reshape(self.source_count, -1)).reshape(-1, count, count)
        right = weighings @ self._leads
        if seed is not None:
            drawn = np.random.default_rng(seed).standard_normal((self.source_count, len(weighings), count))
            for source, errors in enumerate(drawn):
                right += weighings[:, [source]] * ((errors * self._errors[source]) @ self._laplacians[source])
        found = np.zeros((len(weighings), count))
        found[:, 1:] = np.linalg.solve(normal[:, 1:, 1:], right[:, 1:, None])[:, :, 0]
        return found

    def orders(self, weighings: Floats, seed: int | None = None) -> Whole:
        """Places of the frameworks from the first to the last, a row per weighting."""
        return np.argsort(-self.scores(weighings, seed), axis=1, kind="stable")
