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

from . import Computed, Rows

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
    errors = np.random.default_rng(SEED).standard_normal((longest, DRAWS))
    dated = [part for part in parts if not np.isnan(sd[part]).any()]
    drawn = np.reshape([splits(lead[part], sd[part], weight[part], errors) for part in dated], (-1, DRAWS))
    # All at once: for one crossing at a time this would take longer than the draws.
    ends = dict(zip((part.start for part in dated), interval_ends(drawn), strict=True))
    rows: list[tuple[int, int, str | None, str | None]] = []
    for part in parts:
        length = part.stop - part.start
        low, high = ends.get(part.start, (0, length))  # without an error both ends stay open
        crossed_low = str(periods[part][low]) if low > 0 else None
        crossed_high = str(periods[part][high]) if high < length else None
        rows.append((int(lines[part.start]), int(runs[part.start]), crossed_low, crossed_high))
    return rows


def interval_ends(drawn: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ends of the 95 percent interval of positions: of each row of draws the 2.5th and 97.5th percentile."""
    low, high = np.quantile(drawn, [TAIL, 1 - TAIL], axis=1, method="inverted_cdf").astype(int)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def splits(
    lead: NDArray[np.float64], sd: NDArray[np.float64], weight: NDArray[np.float64], errors: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Position of the first period after the split in each draw; 0: ahead from the start, length: not ahead at the end.

    Args:
        lead: by which share the framework that took the lead is ahead, a value per period.
        sd: standard error of it.
        weight: of the period.
        errors: standard normal, a row per period at least and a column per draw.
    """
    summed = np.zeros((len(lead) + 1, errors.shape[1]))
    np.cumsum(weight[:, None] * (lead[:, None] + sd[:, None] * errors[: len(lead)]), axis=0, out=summed[1:])
    found: NDArray[np.int64] = np.argmin(summed, axis=0)
    return found


COMPUTED = Computed(
    table="analysis_crossing_intervals",
    columns={"line": "BIGINT", "run": "BIGINT", "crossed_low": "DATE", "crossed_high": "DATE"},
    reads=("intermediate.pair_crossings", "intermediate.pair_smoothed"),
    compute=compute,
)
