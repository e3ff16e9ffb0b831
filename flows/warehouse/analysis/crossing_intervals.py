"""How sure the date of a crossing is: between the last period surely behind and the first surely ahead.

For months, quarters and weeks the curve under the line says so (curves.py); for counted editions their own test,
z = (a - b) / sqrt(a + b), which is Wilson's interval seen from a half; for complete counts that were read off a picture
the error of reading two values, z = (a - b) / (sqrt(2) * reading error). Where none is sure, the end stays open (null).
"""

from itertools import pairwise

import duckdb
import numpy as np

from . import Computed, Rows, distributions, passings

POINTS = """
select
    crossings.line,
    crossings.run,
    crossings.is_a,
    points.period_start::varchar as period,
    points.period_start = crossings.crossed_period as is_crossed,
    if(lines.error_model = 'reading', 2, coalesce(curves.ahead_pct / 100, 2)) as ahead,
    case
        when lines.error_model = 'reading' then (held.a_value - held.b_value) / (sqrt(2) * held.reading_error)
        when lines.error_model = 'counts' and periods_per_year(lines.grain) <= 2
            then (held.a_value - held.b_value) / sqrt(held.a_value + held.b_value)
        else 'nan'
    end as z
from intermediate.pair_crossings as crossings
inner join intermediate.pair_lines as lines on lines.line = crossings.line
inner join intermediate.pair_smoothed as points
    on points.line = crossings.line
    and points.period_start between crossings.segment_start and crossings.segment_end
inner join intermediate.pair_values as held on held.line = points.line and held.period_start = points.period_start
left join staging.analysis__curves as curves
    on curves.line = points.line and curves.period_start = points.period_start
order by crossings.line, crossings.run, points.period_start
"""


def compute(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per crossing: line, run and the ends of the interval."""
    points = {name: np.asarray(values) for name, values in con.execute(POINTS).fetchnumpy().items()}
    lines, runs = points["line"], points["run"]
    # Where there is no curve, the edition's own test speaks; where there is none either, nothing is sure.
    ahead = np.where(points["ahead"] > 1, distributions.cdf(np.nan_to_num(points["z"])), points["ahead"])
    ahead = np.where(points["is_a"], ahead, 1 - ahead)
    starts = np.flatnonzero(np.diff(lines, prepend=-1).astype(bool) | np.diff(runs, prepend=-1).astype(bool))
    rows: list[tuple[int, int, str | None, str | None]] = []
    for start, end in pairwise([*starts.tolist(), len(lines)]):
        crossed = start + int(np.argmax(points["is_crossed"][start:end]))
        ends = passings.crossing(ahead, start, crossed, end - 1)
        low, high = (None if place is None else str(points["period"][place]) for place in ends)
        rows.append((int(lines[start]), int(runs[start]), low, high))
    return rows


COMPUTED = Computed(
    table="analysis_crossing_intervals",
    columns={"line": "BIGINT", "run": "BIGINT", "crossed_low": "DATE", "crossed_high": "DATE"},
    reads=(
        "intermediate.pair_crossings",
        "intermediate.pair_lines",
        "intermediate.pair_smoothed",
        "intermediate.pair_values",
        "staging.analysis__curves",
    ),
    compute=compute,
)
