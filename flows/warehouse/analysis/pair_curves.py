"""Curves under the lines of pairs: which framework is ahead in each month, and how fast one gains on the other."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import duckdb
import numpy as np
from numpy.typing import NDArray

from . import Computed, Rows, curves, of_lines

Floats = NDArray[np.float64]

LEAST_PERIODS = 12  # months or weeks of a piece; shorter ones say who leads by their readings alone
LEAST_EDITIONS = 4
LEAST_MEMBERS = 10  # of the smaller framework, for a rate
DECIMALS = 6
READS = ("intermediate.pair_pieces",)
NOTHING = np.empty((0, 0))


@dataclass(frozen=True)
class Piece:
    """A line between two breaks."""

    line: int
    is_count: bool
    is_edition: bool
    periods: NDArray[np.str_]
    places: Floats
    years: Floats
    members: Floats
    totals: Floats
    shares_pct: Floats
    trailing_pct: Floats

    @property
    def is_long_enough(self) -> bool:
        """Whether a curve can be told from noise at all; editions need counts, whose error is known."""
        if self.is_edition:
            return self.is_count and len(self.places) >= LEAST_EDITIONS
        return len(self.places) >= LEAST_PERIODS

    def ahead(self) -> list[list[float]]:
        """Curve with its band in percent, and the probability in percent that it has the first ahead, per period."""
        if self.is_count:
            return _ahead_of_counts(self.places.tobytes(), self.members.tobytes(), self.totals.tobytes())
        curve = self.of_shares()
        return _rounded(*curve.band(), curve.above(50))

    def above(self, level_pct: float) -> Floats:
        """Probability that the curve has the first framework above a share, per period."""
        if self.is_count:
            return self.of_counts().above(float(np.log(level_pct / (100 - level_pct))))
        return self.of_shares().above(level_pct)

    def of_shares(self) -> curves.Curve:
        """The curve under shares of what is not counted."""
        return _of_shares(self.places.tobytes(), self.shares_pct.tobytes())

    def odds(self) -> curves.Curve:
        """The curve of the log odds, of which a rate needs a few numbers: not what it says of each period."""
        if self.is_count:
            return _kept_of_counts(self.places.tobytes(), self.members.tobytes(), self.totals.tobytes())
        return curves.of_odds(self.places, self.shares_pct / 100)

    def of_counts(self) -> curves.Curve:
        """The curve under counts."""
        return _of_counts(self.places.tobytes(), self.members.tobytes(), self.totals.tobytes())


@lru_cache(maxsize=256)
def _of_counts(places: bytes, members: bytes, totals: bytes) -> curves.Curve:
    """Fit counts once: series that differ in their base alone need the same curve, one after the other."""
    return curves.of_counts(*(np.frombuffer(each) for each in (places, members, totals)))


@lru_cache(maxsize=256)
def _ahead_of_counts(places: bytes, members: bytes, totals: bytes) -> list[list[float]]:
    """Ask a curve once, likewise."""
    curve = _of_counts(places, members, totals)
    low, middle, high = (100 / (1 + np.exp(-each)) for each in curve.band())
    return _rounded(low, middle, high, curve.above(0))


def _rounded(low: Floats, middle: Floats, high: Floats, above: Floats) -> list[list[float]]:
    # A straight line of shares does not know that there is nothing below nothing.
    shown = (*(np.clip(each, 0, 100) for each in (low, middle, high)), 100 * above)
    return [each.round(DECIMALS).tolist() for each in shown]


@lru_cache(maxsize=16_384)
def _kept_of_counts(places: bytes, members: bytes, totals: bytes) -> curves.Curve:
    """Keep of a fit what the rates will need, while it is at hand: there are more lines than whole curves are kept."""
    return replace(_of_counts(places, members, totals), means=NOTHING, sds=NOTHING)


@lru_cache(maxsize=256)
def _of_shares(places: bytes, shares_pct: bytes) -> curves.Curve:
    """Fit shares once: passings need the same curve."""
    return curves.of_shares(np.frombuffer(places), np.frombuffer(shares_pct))


def pieces(con: duckdb.DuckDBPyConnection, lines: Collection[int] | None = None) -> Iterator[Piece]:
    """Pieces of all lines or of some, by line and time."""
    found = con.execute(
        "select *, period_start::varchar as period from intermediate.pair_pieces "
        f"where {of_lines(lines)} order by line, period_start"
    ).fetchnumpy()
    columns = {name: np.asarray(values) for name, values in found.items()}
    of, cuts = columns["line"], columns["piece"]
    edges = np.flatnonzero(np.diff(of, prepend=-1).astype(bool) | np.diff(cuts, prepend=-1).astype(bool))
    for start, end in pairwise([*edges.tolist(), len(of)]):
        part = slice(start, end)
        yield Piece(
            int(of[start]), bool(columns["is_count"][start]), bool(columns["is_edition"][start]),
            columns["period"][part].astype(np.str_),
            *(columns[name][part].astype(np.float64)
              for name in ("place", "years", "a_value", "pair_value", "share_pct", "trailing_pct")),
        )  # fmt: skip


def compute_curves(con: duckdb.DuckDBPyConnection, lines: Collection[int] | None = None) -> Rows:
    """One row per line and period of pieces that are long enough for a curve."""
    rows = []
    for piece in pieces(con, lines):
        if piece.is_long_enough:
            rows += [
                # Editions are judged each by its own test; their curve is drawn only.
                (piece.line, period, low, middle, high, None if piece.is_edition else ahead)
                for period, low, middle, high, ahead in zip(piece.periods.tolist(), *piece.ahead(), strict=True)
            ]
            if piece.is_count:
                piece.odds()
    return rows


def compute_rates(con: duckdb.DuckDBPyConnection, lines: Collection[int] | None = None) -> Rows:
    """One row per line: the rate over its longest piece; of two as long the newer one."""
    longest: dict[int, Piece] = {}
    for piece in pieces(con, lines):
        held = longest.get(piece.line)
        if piece.is_long_enough and (held is None or len(piece.places) >= len(held.places)):
            longest[piece.line] = piece
    return [rate(piece) for piece in longest.values()]


def rate(piece: Piece) -> tuple[int, str, str, int, bool, float, float, float | None, float | None, float | None]:
    """Where the line of a piece is straight, its slope; in any case whether it moved."""
    curve = piece.odds()
    smaller = min(piece.members.sum(), (piece.totals - piece.members).sum())
    slopes: tuple[float | None, float | None, float | None] = (None, None, None)
    is_thin = piece.is_count and bool(smaller < LEAST_MEMBERS)
    if curve.straight_weight >= curves.LEAST_STRAIGHT and not is_thin:
        # Places are months, weeks or years.
        a_year = (piece.places[-1] - piece.places[0]) / (piece.years[-1] - piece.years[0])
        middle, low, high = curve.slope()
        slopes = (float(a_year * middle), float(a_year * low), float(a_year * high))
    return (
        piece.line, str(piece.periods[0]), str(piece.periods[-1]), len(piece.places), is_thin,
        100 * curve.straight_weight, 100 * curve.risen(), *slopes,
    )  # fmt: skip


CURVES = Computed(
    table="analysis_curves",
    columns={
        "line": "BIGINT",
        "period_start": "DATE",
        "curve_low_pct": "DOUBLE",
        "curve_pct": "DOUBLE",
        "curve_high_pct": "DOUBLE",
        "ahead_pct": "DOUBLE",
    },
    reads=READS,
    compute=compute_curves,
    lines_of=compute_curves,
)
RATES = Computed(
    table="analysis_rates",
    columns={
        "line": "BIGINT",
        "first_period": "DATE",
        "last_period": "DATE",
        "point_count": "BIGINT",
        "is_thin": "BOOLEAN",
        "straight_pct": "DOUBLE",
        "risen_pct": "DOUBLE",
        "rate_per_year": "DOUBLE",
        "rate_low": "DOUBLE",
        "rate_high": "DOUBLE",
    },
    reads=READS,
    after=("staging.analysis__curves",),  # whose fits of counts it takes up
    compute=compute_rates,
    lines_of=compute_rates,
)
