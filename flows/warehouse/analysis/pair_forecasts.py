"""Fisher-Pry lines held against the year after each of their fits (forecasting.py), for every line of a pair."""

from collections.abc import Collection
from itertools import pairwise
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from . import Computed, Rows, forecasting, of_lines

Floats = NDArray[np.float64]

POINTS = """
select
    line,
    is_count,
    period_start::varchar as period,
    years,
    share_pct,
    trailing_pct,
    if(is_count, pair_value, 1)::double as total
from intermediate.pair_pieces
where {wanted}
order by line, period_start
"""
FIRST_YEAR = 2018  # `years` count from its beginning


class Line(NamedTuple):
    """Periods of one line, across its breaks: what comes after one is not foretold by what was before."""

    line: int
    periods: list[str]
    years: Floats
    share_pct: Floats
    trailing_pct: Floats
    total: Floats

    def ends(self) -> list[str]:
        """Last days of the years after which the line goes on."""
        return [f"{year}-12-31" for year in range(int(self.periods[0][:4]) + 1, int(self.periods[-1][:4]))]

    def origins(self) -> list[tuple[str, forecasting.Origin]]:
        """What was foretold at each year's end that has two years before it and figures after it."""
        ends = self.ends()
        if not ends:
            return []
        times = np.array([(np.datetime64(end) - np.datetime64(f"{FIRST_YEAR}-01-01")).astype(int) for end in ends])
        found = forecasting.backtest(self.years, self.share_pct, self.trailing_pct, self.total, times / 365.25)
        return [(end, origin) for end, origin in zip(ends, found, strict=True) if origin]

    def ahead_pct(self) -> float:
        """The line one year after the last period."""
        part = self.total * np.clip(self.share_pct / 100, 1e-3, 1 - 1e-3)
        used = np.ones((1, len(self.years)), bool)
        [intercept], [slope] = forecasting.straight_odds(self.years, part, self.total, used)
        return float(100 / (1 + np.exp(-np.clip(intercept + slope * (self.years[-1] + 1), -30, 30))))


def lines(con: duckdb.DuckDBPyConnection, wanted: Collection[int] | None = None) -> list[Line]:
    """Lines with more than two periods, all or some."""
    points = con.execute(POINTS.format(wanted=of_lines(wanted))).fetchnumpy()
    found = {name: np.asarray(values) for name, values in points.items()}
    edges = np.flatnonzero(np.diff(found["line"], prepend=-1))
    parts = [slice(start, end) for start, end in pairwise([*edges.tolist(), len(found["line"])]) if end - start > 2]
    return [
        Line(
            int(found["line"][part.start]), found["period"][part].tolist(),
            *(found[name][part].astype(np.float64) for name in ("years", "share_pct", "trailing_pct", "total")),
        )
        for part in parts
    ]  # fmt: skip


def compute_origins(con: duckdb.DuckDBPyConnection, wanted: Collection[int] | None = None) -> Rows:
    """One row per line and year's end."""
    return [(line.line, end, *origin) for line in lines(con, wanted) for end, origin in line.origins()]


def compute_tests(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per line that was tested at enough years' ends; the same figures under two names are one test."""
    found = con.execute(
        "select line, fitted_count, tested_count, model_error_pct, last_value_error_pct, last_trend_error_pct "
        "from staging.analysis__forecast_origins order by line, fitted_to"
    ).fetchall()
    origins: dict[int, list[forecasting.Origin]] = {}
    for line, *origin in found:
        origins.setdefault(line, []).append(forecasting.Origin(*origin))
    tested: dict[tuple[forecasting.Origin, ...], list[int]] = {}
    for line, own in origins.items():
        if len(own) >= forecasting.LEAST_ORIGINS:
            tested.setdefault(tuple(own), []).append(line)
    p_values = [forecasting.line_p_value(own) for own in tested]
    corrected = forecasting.holm(p_values)
    earned = {line for own, value in zip(tested.values(), corrected, strict=True) for line in own
              if value < forecasting.LEVEL}  # fmt: skip
    ahead = {line.line: line.ahead_pct() for line in lines(con, earned)} if earned else {}
    return [
        (line, p_value, value, ahead.get(line))
        for own, p_value, value in zip(tested.values(), p_values, corrected, strict=True)
        for line in own
    ]


ORIGINS = Computed(
    table="analysis_forecast_origins",
    columns={
        "line": "BIGINT",
        "fitted_to": "DATE",
        "fitted_count": "BIGINT",
        "tested_count": "BIGINT",
        "model_error_pct": "DOUBLE",
        "last_value_error_pct": "DOUBLE",
        "last_trend_error_pct": "DOUBLE",
    },
    reads=("intermediate.pair_pieces",),
    compute=compute_origins,
    lines_of=compute_origins,
)
TESTS = Computed(
    table="analysis_forecast_tests",
    columns={"line": "BIGINT", "p_value": "DOUBLE", "p_corrected": "DOUBLE", "forecast_pct": "DOUBLE"},
    reads=("intermediate.pair_pieces", "staging.analysis__forecast_origins"),
    compute=compute_tests,
)
