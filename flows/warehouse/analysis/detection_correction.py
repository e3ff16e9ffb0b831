"""Shares of labels as the archive would have given them, from ours and from how often ours are wrong.

Our rules miss some labels and see some that are not there. Where M[i, j] is the part of the repositories with the
archive's label i that we label j, what we observe is M' times what is there, so that what is there is the solution of
that system, clipped at 0 and scaled to 1 (Rogan and Gladen, American Journal of Epidemiology 107, 1978, for two
classes; the same algebra for many). The interval carries both errors: rows of M are drawn from their Dirichlet
posterior (Jeffreys prior) and the month's labels from a multinomial; its ends are the 2.5th and 97.5th percentile.

What it cannot say: the part that is wrong is taken to be the same after the archive's end as before it.
"""

import duckdb
import numpy as np
from numpy.typing import NDArray

from . import Computed, Rows

DRAWS = 1000
SEED = 20250728
PRIOR = 0.5
TAIL = 0.025
Floats = NDArray[np.float64]


def compute(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per month and class: the corrected share of the month's repositories and its interval, in percent."""
    confusion = con.execute(
        "select theirs, ours, repository_count from intermediate.detection_confusion order by theirs, ours"
    ).fetchall()
    observed = con.execute(
        "select month_start::varchar, class, repository_count from intermediate.detection_months order by all"
    ).fetchall()
    classes = sorted({row[0] for row in confusion} | {row[1] for row in confusion} | {row[1] for row in observed})
    place = {name: number for number, name in enumerate(classes)}
    counts = np.zeros((len(classes), len(classes)))
    for theirs, ours, count in confusion:
        counts[place[theirs], place[ours]] += count
    # Nothing is known of a class that the calibration never met: then nothing is corrected.
    if not classes or (counts.sum(axis=1) == 0).any():
        return []
    months = sorted({row[0] for row in observed})
    seen = np.zeros((len(months), len(classes)))
    for month, name, count in observed:
        seen[months.index(month), place[name]] += count
    shares, low, high = corrected(counts, seen)
    return [
        (month, name, *(100 * float(part[row, column]) for part in (shares, low, high)))
        for row, month in enumerate(months)
        for name, column in place.items()
    ]


def corrected(counts: Floats, seen: Floats) -> tuple[Floats, Floats, Floats]:
    """Correct observed counts for misclassification.

    Args:
        counts: calibration, repositories with the archive's label (row) that we label so (column).
        seen: observed counts, a row per month and a column per class.

    Returns:
        Shares from 0 to 1 of the shape of `seen`, and the ends of their 95 percent intervals.
    """
    random = np.random.default_rng(SEED)
    shares = _solved(counts / counts.sum(axis=1, keepdims=True), seen)
    matrices = np.stack([random.dirichlet(row + PRIOR, DRAWS) for row in counts], axis=1)
    low, high = np.empty_like(shares), np.empty_like(shares)
    for number, row in enumerate(seen):
        # By the number of the month alone, so that no month's interval depends on which others there are.
        own = np.random.default_rng([SEED, int(row.sum())])
        drawn = own.multinomial(int(row.sum()), row / row.sum(), DRAWS).astype(float)
        low[number], high[number] = np.quantile(_solved(matrices, drawn), [TAIL, 1 - TAIL], axis=0)
    return shares, np.minimum(low, shares), np.maximum(high, shares)


def _solved(matrix: Floats, seen: Floats) -> Floats:
    """Solve for what is there: clipped at 0, scaled to 1. One matrix for all rows, or one per row."""
    observed = seen / seen.sum(axis=1, keepdims=True)
    found = np.linalg.solve(np.swapaxes(matrix, -1, -2), observed[..., None] if matrix.ndim == 3 else observed.T)
    there: Floats = np.clip(found[..., 0] if matrix.ndim == 3 else found.T, 0, None)
    scaled: Floats = there / there.sum(axis=1, keepdims=True)
    return scaled


COMPUTED = Computed(
    table="analysis_detection_correction",
    columns={
        "month_start": "DATE",
        "class": "VARCHAR",
        "share_pct": "DOUBLE",
        "share_low_pct": "DOUBLE",
        "share_high_pct": "DOUBLE",
    },
    reads=("intermediate.detection_confusion", "intermediate.detection_months"),
    compute=compute,
)
