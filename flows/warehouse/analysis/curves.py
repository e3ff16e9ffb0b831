"""The curve under a line of noisy shares, and how sure it is: one model for crossings, leads, passings and rates.

    y(t) = a + b t + f(t) + AR(1) noise + white noise

a + b t + f is a cubic smoothing spline: f is an integrated Wiener process (Wahba 1978, Journal of the Royal
Statistical Society B 40), written as a mixed model on its first principal functions (Ruppert, Wand and Carroll 2003,
Semiparametric Regression). How smooth the curve is and how alike neighbouring errors are cannot be told from a hundred
months: they are not estimated but averaged over a fixed grid, each cell with its restricted likelihood (Patterson and
Thompson 1971; Harville 1974) as weight. In every cell the answer is closed, so there are no draws and no seed: a
Student distribution where the noise has no known size, a normal one where members are counted.

Counts enter as log odds by the working response of a binomial fit (McCullagh and Nelder 1989), whose counting variance
1 / (n p (1 - p)) is known; the AR(1) noise is then what counting does not explain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import distributions

Floats = NDArray[np.float64]

FUNCTIONS = 10  # principal functions of the spline; the next would be shrunk away in all but the roughest cell
NEGLIGIBLE = 1e-3  # cells that weigh less than this beside the heaviest change no probability visibly

# Shares of indexes and rates: likeness of neighbours and white part of the noise, each with its prior, and roughness in
# variances of the noise. Slow noise weighs more, since taking it for a lead is the worse mistake.
LIKENESS = {0.0: 0.5, 0.5: 0.5, 0.8: 1.0, 0.9: 1.5, 0.95: 1.5, 0.98: 1.5}
WHITE = {0.0: 0.5, 0.15: 0.25, 0.4: 0.25}
ROUGHNESS = (0.0, 100.0, 2e3, 3e4)
# Log odds of counts: white part and size of the noise beyond counting, roughness in log odds.
COUNTED_WHITE = {0.0: 0.6, 0.3: 0.4}
COUNTED_NOISE = (0.1, 0.2, 0.4, 0.8)
COUNTED_ROUGHNESS = (0.0, 10.0, 150.0, 2e3)
EXACT_PCT = 0.1  # no share is exact to less: figures are read, rounded or sampled
FLAT = 100.0  # members that a share without any stands for where its log odds are smoothed
LEAST_STRAIGHT = 0.05  # below this probability a straight line does not do, and there is no rate


class Cell(NamedTuple):
    """One model of the noise: likeness, variance of the moving and of the white part, prior weight."""

    likeness: float
    moving: float
    white: float
    prior: float


# Independent noise is white whatever its parts, and no noise beyond counting has no likeness: one cell each.
CELLS = [
    Cell(rho, 1 - white, white, prior * part)
    for rho, prior in LIKENESS.items()
    for white, part in WHITE.items()
    if rho or not white
]
COUNTED_CELLS = [
    Cell(rho, tau**2 * (1 - white), tau**2 * white, prior * part)
    for tau in COUNTED_NOISE
    for rho, prior in LIKENESS.items()
    for white, part in COUNTED_WHITE.items()
    if rho or not white
] + [Cell(0, 0, 0, 1)]


@dataclass(frozen=True)
class Curve:
    """What the model says of one line: a mixture over cells of the grid, in percent or in log odds.

    Attributes:
        weights: of the cells kept; they add up to 1.
        means: of the curve, a row per cell and a column per period.
        sds: standard deviations of it.
        slopes: of the straight part per unit of place, mean and standard deviation per cell.
        rises: of the curve from the first to the last period, mean and standard deviation per cell.
        straight: cells without a spline.
        degrees: of freedom of Student's t; None for a normal distribution.
    """

    weights: Floats
    means: Floats
    sds: Floats
    slopes: Floats
    rises: Floats
    straight: NDArray[np.bool_]
    degrees: int | None

    def above(self, level: float) -> Floats:
        """Probability that the curve is above a level, for each period."""
        z = (self.means - level) / self.sds
        found: Floats = np.clip(self.weights @ distributions.cdf(z, self.degrees), 0, 1)
        return found

    def middle(self) -> Floats:
        """Mean of the curve, for each period."""
        found: Floats = self.weights @ self.means
        return found

    def band(self) -> tuple[Floats, Floats, Floats]:
        """Lower end of the 95 percent interval, mean and upper end for each period; the mixture by its two moments."""
        middle = self.middle()
        half = distributions.quantile(0.975, self.degrees) * np.sqrt(
            self.weights @ (self.sds**2 + (self.means - middle) ** 2)
        )
        return middle - half, middle, middle + half

    def risen(self) -> float:
        """Probability that the curve ends above where it began."""
        means, sds = self.rises.T
        return min(1.0, float(self.weights @ distributions.cdf(means / sds, self.degrees)))

    @property
    def straight_weight(self) -> float:
        """Posterior probability that a straight line does."""
        return float(self.weights[self.straight].sum())

    def slope(self, tail: float = 0.025) -> tuple[float, float, float]:
        """Slope of the straight cells alone: median and the ends of its interval, per unit of place."""
        weights = self.weights[self.straight] / self.weights[self.straight].sum()
        means, sds = self.slopes[self.straight].T
        shares = np.array([tail, 0.5, 1 - tail])
        low, middle, high = distributions.mixture_quantiles(shares, weights, means, sds, self.degrees).tolist()
        return middle, low, high


@cache
def wavenumbers() -> Floats:
    """Of the principal functions of an integrated Wiener process without its straight part: cos b cosh b = 1."""
    found: Floats = np.asarray((np.arange(FUNCTIONS) + 1.5) * np.pi, np.float64)
    for _ in range(4):  # Newton's steps
        found -= (np.cos(found) - 1 / np.cosh(found)) / (np.tanh(found) / np.cosh(found) - np.sin(found))
    return found


def design(places: Floats) -> Floats:
    """Columns of the curve at each place: 1, the place from 0 to 1, and the principal functions.

    Those are b^4 times themselves when derived four times, with free ends as of a beam, and have the variances 1 / b^4.
    """
    return _design(places.tobytes())


@lru_cache(maxsize=64)
def _design(held: bytes) -> Floats:
    """Made once for all lines of the same months, and for both fits of each."""
    b, places = wavenumbers(), np.frombuffer(held)
    u = ((places - places[0]) / (places[-1] - places[0]))[:, None]
    lean = (np.cos(b) - np.sin(b) - np.exp(-b)) / (1 - np.exp(-2 * b) - 2 * np.sin(b) * np.exp(-b))
    tilt = 1 - 2 * np.exp(-b) * lean
    waves = np.cos(b * u) - tilt * np.sin(b * u)
    found = np.hstack([np.ones_like(u), u, waves + np.exp(-b * (1 - u)) * lean + np.exp(-b * u) * (1 + tilt) / 2])
    found.flags.writeable = False
    return found


def whitened(columns: Floats, places: Floats, likeness: Floats, moving: Floats, white: Floats) -> tuple[Floats, Floats]:
    """Innovations of columns under AR(1) noise seen through white noise: a Kalman filter with one state.

    Args:
        columns: a row per period; those of several lines side by side in a third dimension.
        places: of the periods; a gap lets the likeness fade.
        likeness: of neighbouring errors, per cell.
        moving: variance of the AR(1) part, per cell.
        white: variance of the white part, per period, line if there are several, and cell.

    Returns:
        Standardised innovations (line if there are several, cell, period, column), and the logarithm of the determinant
        per line and cell.
    """
    fades = likeness ** np.diff(places, prepend=places[0])[:, None]
    kept, fresh = fades**2, (1 - fades**2) * moving  # parts of the variance at the next period; all kept at the first
    variances, gains = np.empty(white.shape), np.empty(white.shape)
    variance = np.broadcast_to(moving, white.shape[1:])
    for row, noise in enumerate(white):
        variance = kept[row] * variance + fresh[row]
        variances[row] = total = variance + noise
        gains[row] = variance / total
        variance = variance * noise / total
    # Cells come last until the end: each step is then a walk along them, not along the few columns of each.
    found = np.empty((*columns.shape, len(likeness)))
    mean, step = np.zeros(found.shape[1:]), np.empty(found.shape[1:])
    for innovation, column, fade, gain in zip(found, columns[..., None], fades, gains, strict=True):
        mean *= fade
        np.subtract(column, mean, out=innovation)
        mean += np.multiply(gain, innovation, out=step)
    found /= np.sqrt(variances)[:, None]
    return np.ascontiguousarray(np.moveaxis(found, (0, 1), (-2, -1))), np.log(variances).sum(axis=0)


def averaged(
    columns: Floats,
    places: Floats,
    cells: Sequence[Cell],
    counting: Floats | None,
    roughness: Sequence[float],
    least: float = 0.0,
) -> list[tuple[Floats, Floats, Floats, NDArray[np.bool_]]]:
    """Fit every cell of the grid by generalised least squares, and weigh it by its restricted likelihood.

    Lines of the same periods are walked side by side: a step of one line alone is mostly numpy's own.

    One Cholesky factor of the normal equations with the values as last column has both parts of the likelihood: the
    determinant, and as its last entry what the curve leaves of the values.

    Args:
        columns: those of `design`, and behind them the values, per period, column and line.
        places: of the periods.
        cells: models of the noise.
        counting: variance of counting per period and line, so that the noise has its true size; None where its size is
            unknown.
        roughness: variances of the spline; 0 is a straight line.
        least: standard deviation that noise of unknown size has at least.

    Returns:
        For each line: weights, coefficients and their covariances of the cells that matter, and which of them are
        straight.
    """
    likeness, moving, white, prior = np.array(cells).T
    shape = (len(places), columns.shape[-1], len(cells))
    noise = np.broadcast_to(white if counting is None else counting[..., None] + white, shape)
    each = zip(*whitened(columns, places, likeness, moving, noise), strict=True)
    return [_weighed(*line, prior, roughness, counting is not None, least) for line in each]


def _weighed(
    rows: Floats, log_determinant: Floats, prior: Floats, roughness: Sequence[float], is_sized: bool, least: float
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """One line of `averaged`, from its innovations; whether the size of its noise is known."""
    degrees, width = rows.shape[1] - 2, rows.shape[2] - 1
    # Scaled by its standard deviation each function has the variance 1; on a straight line it has none.
    scales = np.ones((len(roughness), 1, width + 1))
    scales[:, 0, 2:width] = np.sqrt(np.outer(roughness, wavenumbers() ** -4))
    scaled = scales[..., None] * scales[..., None, :] * (rows.transpose(0, 2, 1) @ rows)
    # A line without any noise leaves nothing, of which there is no root: one more is left, and taken off again.
    scaled[..., range(2, width + 1), range(2, width + 1)] += 1
    factor = np.diagonal(np.linalg.cholesky(scaled), axis1=-2, axis2=-1)
    left = factor[..., -1] ** 2 - 1
    if not is_sized:
        left = np.maximum(left, degrees * least**2)
    fitted = left if is_sized else degrees * np.log(left)
    deviance = log_determinant + 2 * np.log(factor[..., :-1]).sum(axis=-1) + fitted - 2 * np.log(prior)
    weights = np.exp((deviance.min() - deviance) / 2)
    straight = np.broadcast_to(np.equal(roughness, 0)[:, None], weights.shape)
    # Straight cells are kept even where the spline is far better: they alone have a rate.
    kept = (weights > NEGLIGIBLE) | straight & (weights > NEGLIGIBLE * weights[straight].max(initial=0))
    own = np.broadcast_to(scales, (*weights.shape, width + 1))[kept, :width]
    covariances = own[:, :, None] * own[:, None, :] * np.linalg.inv(scaled[kept, :width, :width])
    solutions = np.einsum("cij,cj->ci", covariances, scaled[kept, :width, width] / np.where(own, own, 1))
    if not is_sized:
        covariances *= (left[kept] / degrees)[:, None, None]
    return weights[kept] / weights[kept].sum(), solutions, covariances, straight[kept]


def under(
    places: Floats, values: Floats, counting: Floats | None = None, scale: Floats | None = None, least: float = 0.0
) -> list[Curve]:
    """The curves under lines of the same periods.

    Args:
        places: of the periods, in rising order; neighbours are 1 apart.
        values: a row per period and a column per line.
        counting: variance of counting, likewise; None where the size of the noise is unknown.
        scale: how large the noise of each period is beside that of the others, likewise; None where it is as large.
        least: standard deviation that it has at least, before scaling.
    """
    basis = np.broadcast_to(design(places)[..., None], (len(places), FUNCTIONS + 2, values.shape[1]))
    columns = np.concatenate([basis, values[:, None]], axis=1)
    if scale is not None:
        columns /= scale[:, None]
    cells, roughness = (CELLS, ROUGHNESS) if counting is None else (COUNTED_CELLS, COUNTED_ROUGHNESS)
    each = averaged(columns, places, cells, counting, roughness, least)
    return [_curve(places, *line, None if counting is not None else len(places) - 2) for line in each]


def _curve(
    places: Floats,
    weights: Floats,
    solutions: Floats,
    covariances: Floats,
    straight: NDArray[np.bool_],
    degrees: int | None,
) -> Curve:
    """What the cells of a line say of its periods."""
    basis = design(places)
    variances = np.einsum("cpi,pi->cp", basis @ covariances, basis)
    span, end_to_end = places[-1] - places[0], basis[-1] - basis[0]
    rise_variances = np.einsum("i,cij,j->c", end_to_end, covariances, end_to_end)
    return Curve(
        weights=weights,
        means=solutions @ basis.T,
        sds=np.sqrt(np.maximum(variances, 1e-18)),
        slopes=np.column_stack([solutions[:, 1], np.sqrt(covariances[:, 1, 1])]) / span,
        rises=np.column_stack([solutions @ end_to_end, np.sqrt(rise_variances)]),
        straight=straight,
        degrees=degrees,
    )


def of_shares(places: Floats, shares_pct: Floats) -> Curve:
    """The curve under shares of indexes or rates, in percent."""
    return all_of_shares(places, shares_pct[:, None])[0]


def all_of_shares(places: Floats, shares_pct: Floats) -> list[Curve]:
    """The same of lines of the same periods: a row per period and a column per line."""
    return under(places, shares_pct, least=EXACT_PCT)


def of_counts(places: Floats, members: Floats, totals: Floats) -> Curve:
    """The curve of the log odds under counts: `members` of `totals`."""
    return all_of_counts(places, members[:, None], totals[:, None])[0]


def all_of_counts(places: Floats, members: Floats, totals: Floats) -> list[Curve]:
    """The same of lines of the same periods: a row per period and a column per line."""
    # Half a member on either side of the whole line, so that a framework without any has finite odds.
    parts, wholes = members + 0.5 / len(places), totals + 1 / len(places)
    basis = design(places)
    odds = np.column_stack([working_odds(basis, *line) for line in zip(parts.T, wholes.T, strict=True)])
    values, information = working_response(odds, parts, wholes)
    return under(places, values, 1 / information)


def of_odds(places: Floats, shares: Floats) -> Curve:
    """The curve of the log odds of shares that count no members, whose noise is the same in points at all levels."""
    return all_of_odds(places, shares[:, None])[0]


def all_of_odds(places: Floats, shares: Floats) -> list[Curve]:
    """The same of lines of the same periods: a row per period and a column per line."""
    basis, flat = design(places), np.full(len(places), FLAT)
    smoothed = [working_odds(basis, np.clip(each, 1e-3, 1 - 1e-3) * flat, flat) for each in shares.T]
    odds = np.column_stack(smoothed)
    share = 1 / (1 + np.exp(-odds))
    slope = share * (1 - share)
    return under(places, odds + (shares - share) / slope, scale=1 / slope, least=EXACT_PCT / 100)


def working_response(odds: Floats, part: Floats, total: Floats) -> tuple[Floats, Floats]:
    """What a binomial fit at these log odds regresses on, and its weight: the inverse variance of counting."""
    share = 1 / (1 + np.exp(-odds))
    information = total * share * (1 - share)
    return odds + (part - total * share) / information, information


def working_odds(basis: Floats, part: Floats, total: Floats) -> Floats:
    """Log odds by a binomial fit with a spline of middling roughness: penalised, iteratively reweighted."""
    penalty = np.concatenate([[0, 0], wavenumbers() ** 4 / COUNTED_ROUGHNESS[2]])
    odds = np.full(len(part), np.log(part.sum() / (total.sum() - part.sum())))
    for _ in range(8):
        values, information = working_response(odds, part, total)
        weighted = basis.T * information
        solved = np.linalg.solve(weighted @ basis + np.diag(penalty), weighted @ values)
        step = basis @ solved - odds
        odds = np.clip(odds + np.clip(step, -2, 2), -9, 9)
        if np.abs(step).max() < 1e-6:
            break
    return odds
