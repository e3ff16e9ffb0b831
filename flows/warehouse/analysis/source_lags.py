"""By how many months one source passed a share later than another: differences of provable dates (passings.py)."""

from itertools import combinations
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from . import Computed, Rows, passings
from .pair_curves import Piece, pieces

Floats = NDArray[np.float64]

LEVELS = (30, 50, 70)
LINES = """
select line, framework_a || ' ' || framework_b, source
from intermediate.source_lines
-- Sums over the last twelve months date everything half a year late.
where grain = 'month' and is_dating and series not like '%_12_months'
order by line
"""


class Passed(NamedTuple):
    """A source in which a framework provably passed a level: the line, and the date with its distribution."""

    line: int
    source: str
    date: tuple[int, Floats]


def compute(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per two sources in which the same framework of a pair passed the same level."""
    speaking = {line: (pair, source) for line, pair, source in con.execute(LINES).fetchall()}
    dated: dict[tuple[str, bool, int], list[Passed]] = {}
    for piece in pieces(con):
        if piece.line in speaking and piece.is_long_enough:
            pair, source = speaking[piece.line]
            for is_a in (True, False):
                for level in LEVELS:
                    if date := passed(piece, is_a, level):
                        dated.setdefault((pair, is_a, level), []).append(Passed(piece.line, source, date))
    return [
        (first.line, second.line, is_a, level, *passings.later(first.date, second.date))
        for (_, is_a, level), found in sorted(dated.items())
        for first, second in combinations(found, 2)
        if first.source != second.source
    ]


def passed(piece: Piece, is_a: bool, level: int) -> tuple[int, Floats] | None:
    """When the share of one of both passed a level: the month of the last one surely below, and what follows."""
    above = piece.above(level) if is_a else 1 - piece.above(100 - level)
    found = passings.passing(above)
    if found is None:
        return None
    start, masses = found
    # Months without figures pass nothing: the masses are laid on the calendar.
    months = piece.places[start:].astype(int)
    laid = np.zeros(months[-1] - months[0])
    laid[months[1:] - months[0] - 1] = masses
    return int(months[0]), laid


COMPUTED = Computed(
    table="analysis_source_lags",
    columns={
        "line": "BIGINT",
        "other_line": "BIGINT",
        "is_a": "BOOLEAN",
        "level_pct": "INTEGER",
        "months_low": "INTEGER",
        "months_high": "INTEGER",
    },
    # After the curves, which it takes up.
    reads=("intermediate.source_lines", "intermediate.pair_pieces", "staging.analysis__curves"),
    compute=compute,
)
