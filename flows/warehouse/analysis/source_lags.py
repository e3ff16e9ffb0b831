"""How far one source runs behind another: the shift in months at which their pair shares correlate best.

The shares of a pair by two monthly sources are shifted against each other by up to three years either way, over 24
common months at least and half of those without a shift; the shift of the greatest correlation is the lag. Its interval
comes from a block bootstrap: what lies around each source's centred window is drawn anew in blocks of six months, so
that likeness between neighbouring months is kept. A lag at the edge of the search is no answer and says so.
"""

from dataclasses import dataclass
from itertools import combinations

import duckdb
import numpy as np
from numpy.typing import NDArray

from . import Computed, Rows

REACH = 36
LEAST_COMMON = 24
LEAST_POINTS = 36
BLOCK = 6
DRAWS = 100
SEED = 20210401

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """A series and its draws on a run of months: which it has (1 or 0), values less their mean (else 0), squares."""

    held: Floats
    values: Floats
    squares: Floats


def compute(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per pair of lines of one framework pair."""
    found = con.execute(
        "select lines.line, lines.framework_a || ' ' || lines.framework_b as pair, lines.source, "
        "12 * year(points.period_start) + month(points.period_start) as month, points.share_pct, points.centred_pct "
        "from intermediate.source_lines as lines "
        "inner join intermediate.pair_smoothed as points on points.line = lines.line "
        "where lines.grain = 'month' order by lines.line, points.period_start"
    ).fetchnumpy()
    lines: dict[str, list[tuple[int, str, NDArray[np.int64], Floats]]] = {}
    for line in np.unique(found["line"]):
        of_line = found["line"] == line
        if of_line.sum() < LEAST_POINTS:
            continue
        drawn = draws(found["share_pct"][of_line].astype(float), found["centred_pct"][of_line].astype(float))
        pair, source = found["pair"][of_line][0], found["source"][of_line][0]
        lines.setdefault(pair, []).append((int(line), source, found["month"][of_line].astype(np.int64), drawn))
    return [
        (first[0], second[0], *lag(first[2], first[3], second[2], second[3]))
        for _, of_pair in sorted(lines.items())
        for first, second in combinations(of_pair, 2)
        if first[1] != second[1] and np.intersect1d(first[2], second[2]).size >= LEAST_COMMON
    ]


def draws(share: Floats, centred: Floats) -> Floats:
    """The series itself in the first row, then draws of it."""
    random = np.random.default_rng(SEED)
    blocks = -(-len(share) // BLOCK)
    starts = random.integers(0, len(share) - BLOCK + 1, size=(DRAWS, blocks))
    picked = (starts[:, :, None] + np.arange(BLOCK)).reshape(DRAWS, -1)[:, : len(share)]
    return np.vstack([share, centred + (share - centred)[picked]])


def lag(
    months: NDArray[np.int64], values: Floats, other_months: NDArray[np.int64], other_values: Floats
) -> tuple[int, int, int, float, float, int]:
    """Months by which the second series runs behind the first, with its interval and correlations.

    Returns:
        Lag, lower and upper end of its interval, correlation there and without a shift, and common months there.
    """
    at_rest = np.intersect1d(months, other_months).size
    first, last = int(months[0]), int(months[-1])
    mine = grid(months - first, values, last - first + 1)
    # The second series on the first one's months, and three years more at either end.
    near = (other_months >= first - REACH) & (other_months <= last + REACH)
    theirs = grid(other_months[near] - first + REACH, other_values[:, near], last - first + 1 + 2 * REACH)
    shifts, common, correlations = [], [], []
    for shift in range(-REACH, REACH + 1):
        # Month t of the first beside month t + shift of the second.
        part = slice(REACH + shift, REACH + shift + last - first + 1)
        both = mine.held * theirs.held[part]
        if both.sum() >= max(LEAST_COMMON, at_rest // 2):
            shifts.append(shift)
            common.append(int(both.sum()))
            correlations.append(correlation(mine, theirs, part, both))
    table = np.array(correlations)
    best = np.argmax(table, axis=0)
    low, high = np.quantile(np.array(shifts)[best[1:]], [0.025, 0.975], method="inverted_cdf")
    here = int(best[0])
    no_shift = float(table[shifts.index(0), 0])
    return shifts[here], int(low), int(high), float(table[here, 0]), no_shift, common[here]


def grid(places: NDArray[np.int64], values: Floats, width: int) -> Grid:
    """Lay a series on a grid of months."""
    held, laid = np.zeros(width), np.zeros((len(values), width))
    held[places] = 1
    laid[:, places] = values - values.mean(axis=1, keepdims=True)
    return Grid(held, laid, laid * laid)


def correlation(mine: Grid, theirs: Grid, part: slice, both: Floats) -> Floats:
    """Correlation of each draw with that of the other series, in the months of `both`; 0 where one does not move."""
    count = both.sum()
    sums, other_sums = mine.values @ both, theirs.values[:, part] @ both
    spread = mine.squares @ both - sums**2 / count
    other_spread = theirs.squares[:, part] @ both - other_sums**2 / count
    # Months that either series lacks are 0 there, so that they add nothing.
    together = np.einsum("dm,dm->d", mine.values, theirs.values[:, part]) - sums * other_sums / count
    moved = np.sqrt(np.maximum(spread * other_spread, 0))
    found: Floats = np.divide(together, moved, out=np.zeros(len(sums)), where=moved > 1e-9)
    return found


COMPUTED = Computed(
    table="analysis_source_lags",
    columns={
        "line": "BIGINT",
        "other_line": "BIGINT",
        "lag_months": "INTEGER",
        "lag_low": "INTEGER",
        "lag_high": "INTEGER",
        "correlation": "DOUBLE",
        "correlation_unshifted": "DOUBLE",
        "common_months": "INTEGER",
    },
    reads=("intermediate.source_lines", "intermediate.pair_smoothed"),
    compute=compute,
)
