"""How sure the date of a crossing is: a parametric bootstrap of the split that dates it.

Each draw takes the centred share of every period from the start of the lead before to the end of the lead after, adds a
normal error of the period's standard error (for counts that of the binomial, widened where months scatter more than
counting explains), and dates the crossing by the split that leaves the least on the wrong side: where a rising fit
passes a half. It does not lag, as trailing windows do. The 2.5th and 97.5th percentile of those dates are the interval;
where more than 2.5 percent of the draws have no crossing on one side, that end stays open (null).
"""

from itertools import pairwise

import duckdb
import numpy as np
from numpy.typing import NDArray

from flows.analysis import Computed, Rows

DRAWS = 500
SEED = 20190401
TAIL = 0.025


def compute(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per crossing: line, run and the ends of the interval."""
    points = con.execute(
        "select crossings.line, crossings.run, smoothed.period_start::varchar as period, "
        "if(crossings.is_a, 1, -1) * (smoothed.centred_pct - 50) as lead, smoothed.sd_pct, smoothed.weight "
        "from intermediate.pair_crossings as crossings inner join intermediate.pair_smoothed as smoothed "
        "on smoothed.line = crossings.line "
        "and smoothed.period_start between crossings.segment_start and crossings.segment_end "
        "order by crossings.line, crossings.run, smoothed.period_start"
    ).fetchnumpy()
    lines, runs = np.asarray(points["line"], np.int64), np.asarray(points["run"], np.int64)
    lead, weight = np.asarray(points["lead"], np.float64), np.asarray(points["weight"], np.float64)
    sd = np.ma.filled(np.ma.asarray(points["sd_pct"], np.float64), np.nan)
    periods = np.asarray(points["period"], np.str_)
    starts = np.flatnonzero(np.diff(lines, prepend=-1) | np.diff(runs, prepend=-1))
    parts = [slice(int(a), int(b)) for a, b in pairwise([*starts, len(lines)])]
    # The same errors serve every crossing, drawn period by period: no result depends on which others there are.
    longest = max((part.stop - part.start for part in parts), default=0)
    errors = np.random.default_rng(SEED).standard_normal((longest, DRAWS)).T
    rows: list[tuple[int, int, str | None, str | None]] = []
    for part in parts:
        ends = (None, None) if np.isnan(sd[part]).any() else interval(lead[part], sd[part], weight[part], errors)
        low, high = (None if end is None else str(periods[part][end]) for end in ends)
        rows.append((int(lines[part.start]), int(runs[part.start]), low, high))
    return rows


def interval(
    lead: NDArray[np.float64], sd: NDArray[np.float64], weight: NDArray[np.float64], errors: NDArray[np.float64]
) -> tuple[int | None, int | None]:
    """Ends of the 95 percent interval as positions of the first period after the split; None where open."""
    drawn = weight * (lead + sd * errors[:, : len(lead)])
    # Position 0: ahead from the start; position len: not ahead at the end.
    splits = np.argmin(np.pad(np.cumsum(drawn, axis=1), ((0, 0), (1, 0))), axis=1)
    low, high = np.quantile(splits, [TAIL, 1 - TAIL], method="inverted_cdf")
    return (int(low) if low > 0 else None, int(high) if high < len(lead) else None)


COMPUTED = Computed(
    table="analysis_crossing_intervals",
    columns={"line": "BIGINT", "run": "BIGINT", "crossed_low": "DATE", "crossed_high": "DATE"},
    reads=("intermediate.pair_crossings", "intermediate.pair_smoothed"),
    compute=compute,
)
