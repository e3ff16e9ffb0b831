"""How sure the date of a crossing is: a parametric bootstrap of the split that dates it.

Each draw takes the centred share of every period of the crossing's segment, adds a normal error of the period's standard
error (for counts that of the binomial, widened where months scatter more than counting explains), and dates the crossing
again by the split that leaves the least on the wrong side. The 2.5th and 97.5th percentile of those dates are the
interval. Where more than 2.5 percent of the draws find no crossing on one side, that end stays open (null).
"""

import duckdb
import numpy as np
from numpy.typing import NDArray

from flows.analysis import Computed, Rows

DRAWS = 1000
SEED = 20190401
TAIL = 0.025


def compute(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per crossing: line, run and the ends of the interval."""
    points = con.execute(
        "select crossings.line, crossings.run, if(crossings.is_a, 1, -1) as sign, smoothed.period_start::varchar as period, "
        "smoothed.centred_pct, smoothed.sd_pct, smoothed.weight "
        "from intermediate.pair_crossings as crossings inner join intermediate.pair_smoothed as smoothed "
        "on smoothed.line = crossings.line "
        "and smoothed.period_start between crossings.segment_start and crossings.segment_end "
        "order by crossings.line, crossings.run, smoothed.period_start"
    ).fetchnumpy()
    if not len(points["line"]):
        return []
    key = points["line"].astype(np.int64) * 1000 + points["run"].astype(np.int64)
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    ends = np.append(starts[1:], len(key))
    # The same errors serve every crossing, drawn period by period: no result depends on which other crossings there are.
    errors = np.random.default_rng(SEED).standard_normal((int((ends - starts).max()), DRAWS)).T
    rows: list[tuple[int, int, str | None, str | None]] = []
    for start, end in zip(starts, ends, strict=True):
        part = slice(start, end)
        sd = np.ma.filled(points["sd_pct"][part].astype(float), np.nan)
        periods = points["period"][part]
        low = high = None
        if not np.isnan(sd).any():
            lead = points["sign"][part] * (points["centred_pct"][part].astype(float) - 50)
            low, high = interval(lead, sd, points["weight"][part].astype(float), errors)
        rows.append(
            (
                int(points["line"][start]),
                int(points["run"][start]),
                None if low is None else str(periods[low]),
                None if high is None else str(periods[high]),
            )
        )
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
