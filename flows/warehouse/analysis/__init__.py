"""Tables that need more than SQL says clearly: curves under noise, and what they say of dates, leads and rates.

A module declares COMPUTED: the raw table that it fills, its columns, the models that it reads, and how. The runner
(flows/warehouse/runner.py) calls it once those models are built, before the first model that reads its table; the rest
of the way is SQL as always, through staging.analysis__*. numpy is imported here and nowhere else.
"""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import duckdb

from ...sql_text import Value

Rows = Sequence[Sequence[Value]]

# Small matrices are no work for two threads, which then wait for each other; numpy looks when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@dataclass(frozen=True)
class Computed:
    """A raw table that Python computes from models.

    Attributes:
        table: name within the schema raw.
        columns: DuckDB types by column.
        reads: qualified names of the models that it reads.
        compute: returns the rows; the same models give the same rows.
        lines_of: returns the rows of some lines, where each line is computed of its own rows in `reads` alone and the
            table is sorted by its columns: then only lines that differ from those of the release before are.
        after: qualified names of models that come first, though none of their rows are read.
    """

    table: str
    columns: dict[str, str]
    reads: tuple[str, ...]
    compute: Callable[[duckdb.DuckDBPyConnection], Rows]
    lines_of: Callable[[duckdb.DuckDBPyConnection, Collection[int]], Rows] | None = None
    after: tuple[str, ...] = ()

    @property
    def qualified(self) -> str:
        """Name with its schema."""
        return f"raw.{self.table}"

    def rows(self, con: duckdb.DuckDBPyConnection, lines: Collection[int] | None = None) -> Rows:
        """All rows, or those of some lines."""
        return self.compute(con) if lines is None or self.lines_of is None else self.lines_of(con, lines)


def of_lines(lines: Collection[int] | None) -> str:
    """A condition for the rows of some lines; of all when None."""
    return "true" if lines is None else f"line in ({', '.join(map(str, sorted(lines))) or '-1'})"  # there is no line -1


def all_computed() -> tuple[Computed, ...]:
    """The computed tables of the project."""
    from . import acceptability, crossing_intervals, detection_correction, pair_curves, pair_forecasts, source_lags

    return (
        pair_curves.CURVES,
        pair_curves.RATES,
        crossing_intervals.COMPUTED,
        detection_correction.COMPUTED,
        source_lags.COMPUTED,
        pair_forecasts.ORIGINS,
        pair_forecasts.TESTS,
        acceptability.PAIRS,
        acceptability.RANKS,
        acceptability.ORDERS,
        acceptability.PRESETS,
    )
