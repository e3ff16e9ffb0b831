"""Curves under the lines of pairs: which framework is ahead in each month, and how fast one gains on the other."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise
from threading import Lock
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from . import Computed, Rows, curves, of_lines

Floats = NDArray[np.float64]

LEAST_PERIODS = 12  # months or weeks of a piece; shorter ones say who leads by their readings alone
LEAST_EDITIONS = 4
LEAST_MEMBERS = 10  # of the smaller framework, for a rate
DECIMALS = 6
# Curves kept whole; of those the ones that are fitted before any is asked; and lines in one array, of some MB.
MOST_CURVES, PORTION, SIDE_BY_SIDE = 256, 128, 8
READS = ("intermediate.pair_pieces",)
NOTHING = np.empty((0, 0))
# What a curve is fitted to: places, and the figures of each.
Key = tuple[bytes, ...]


class Fits:
    """The curves fitted last, by what they are fitted to: series and tables share them.

    Args:
        fit: fits lines of the same periods.
    """

    def __init__(self, fit: Callable[..., list[curves.Curve]]) -> None:
        self._fit, self._held, self._lock = fit, dict[Key, curves.Curve](), Lock()

    def of(self, key: Key) -> curves.Curve:
        """The curve of one line."""
        return self.several([key])[key]

    def several(self, keys: Iterable[Key]) -> dict[Key, curves.Curve]:
        """The curves of lines, those of the same periods fitted side by side."""
        wanted = dict.fromkeys(keys)
        with self._lock:
            found = {key: self._held[key] for key in wanted if key in self._held}
        alike: dict[bytes, list[Key]] = {}
        for key in wanted:
            if key not in found:
                alike.setdefault(key[0], []).append(key)
        fitted: dict[Key, curves.Curve] = {}
        for places, missing in alike.items():
            for start in range(0, len(missing), SIDE_BY_SIDE):
                part = missing[start : start + SIDE_BY_SIDE]
                figures = zip(*(key[1:] for key in part), strict=True)
                columns = (np.column_stack([np.frombuffer(each) for each in every]) for every in figures)
                fitted |= zip(part, self._fit(np.frombuffer(places), *columns), strict=True)
        if fitted:
            with self._lock:
                self._held = dict([*self._held.items(), *fitted.items()][-MOST_CURVES:])
        return found | fitted


COUNTS, SHARES = Fits(curves.all_of_counts), Fits(curves.all_of_shares)
ODDS = Fits(lambda places, shares_pct: curves.all_of_odds(places, shares_pct / 100))


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
            return _ahead_of_counts(self.key)
        curve = self.of_shares()
        return _rounded(*curve.band(), curve.above(50))

    def above(self, level_pct: float) -> Floats:
        """Probability that the curve has the first framework above a share, per period."""
        if self.is_count:
            return self.of_counts().above(float(np.log(level_pct / (100 - level_pct))))
        return self.of_shares().above(level_pct)

    @property
    def key(self) -> Key:
        """What its curve is fitted to."""
        line = (self.members, self.totals) if self.is_count else (self.shares_pct,)
        return (self.places.tobytes(), *(each.tobytes() for each in line))

    def of_shares(self) -> curves.Curve:
        """The curve under shares of what is not counted."""
        return SHARES.of(self.key)

    def change(self) -> "Change":
        """What the curve of the log odds says of a rate."""
        if self.is_count:
            return _change_of_counts(self.key)
        return Change.of(ODDS.of(self.key))

    def of_counts(self) -> curves.Curve:
        """The curve under counts."""
        return COUNTS.of(self.key)


@lru_cache(maxsize=MOST_CURVES)
def _ahead_of_counts(key: Key) -> list[list[float]]:
    """Ask a curve once: series that differ in their base alone need the same one."""
    curve = COUNTS.of(key)
    low, middle, high = (100 / (1 + np.exp(-each)) for each in curve.band())
    return _rounded(low, middle, high, curve.above(0))


def _rounded(low: Floats, middle: Floats, high: Floats, above: Floats) -> list[list[float]]:
    # A straight line of shares does not know that there is nothing below nothing.
    shown = (*(np.clip(each, 0, 100) for each in (low, middle, high)), 100 * above)
    return [each.round(DECIMALS).tolist() for each in shown]


class Change(NamedTuple):
    """What a rate needs of a curve of log odds.

    Attributes:
        straight: probability that a straight line does.
        risen: probability that it ends above where it began.
        slope: of the straight line per unit of place, with the ends of its interval; None where it does not do.
    """

    straight: float
    risen: float
    slope: tuple[float, float, float] | None

    @classmethod
    def of(cls, curve: curves.Curve) -> "Change":
        """Take it from a curve."""
        is_straight = curve.straight_weight >= curves.LEAST_STRAIGHT
        return cls(curve.straight_weight, curve.risen(), curve.slope() if is_straight else None)


@lru_cache(maxsize=16_384)
def _change_of_counts(key: Key) -> Change:
    """Ask it once, likewise."""
    return Change.of(_kept_of_counts(key))


@lru_cache(maxsize=16_384)
def _kept_of_counts(key: Key) -> curves.Curve:
    """Keep of a fit what the rates will need, while it is at hand: there are more lines than whole curves are kept."""
    return replace(COUNTS.of(key), means=NOTHING, sds=NOTHING)


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


def fitted(found: Iterable[Piece], fits: Callable[[Piece], Fits | None]) -> Iterator[Piece]:
    """The pieces again, portion by portion, each portion when its curves are fitted."""
    rest = iter(found)
    while portion := list(islice(rest, PORTION)):
        for each in (COUNTS, SHARES, ODDS):
            each.several(piece.key for piece in portion if fits(piece) is each)
        yield from portion


def compute_curves(con: duckdb.DuckDBPyConnection, lines: Collection[int] | None = None) -> Rows:
    """One row per line and period of pieces that are long enough for a curve."""
    rows = []
    long = (piece for piece in pieces(con, lines) if piece.is_long_enough)
    for piece in fitted(long, lambda piece: COUNTS if piece.is_count else SHARES):
        rows += [
            # Editions are judged each by its own test; their curve is drawn only.
            (piece.line, period, low, middle, high, None if piece.is_edition else ahead)
            for period, low, middle, high, ahead in zip(piece.periods.tolist(), *piece.ahead(), strict=True)
        ]
        if piece.is_count:
            _kept_of_counts(piece.key)
    return rows


def compute_rates(con: duckdb.DuckDBPyConnection, lines: Collection[int] | None = None) -> Rows:
    """One row per line: the rate over its longest piece; of two as long the newer one."""
    longest: dict[int, Piece] = {}
    for piece in pieces(con, lines):
        held = longest.get(piece.line)
        if piece.is_long_enough and (held is None or len(piece.places) >= len(held.places)):
            longest[piece.line] = piece
    # The curves of counts are there: those of the other table took them along.
    return [rate(piece) for piece in fitted(longest.values(), lambda piece: None if piece.is_count else ODDS)]


def rate(piece: Piece) -> tuple[int, str, str, int, bool, float, float, float | None, float | None, float | None]:
    """Where the line of a piece is straight, its slope; in any case whether it moved."""
    change = piece.change()
    smaller = min(piece.members.sum(), (piece.totals - piece.members).sum())
    slopes: tuple[float | None, float | None, float | None] = (None, None, None)
    is_thin = piece.is_count and bool(smaller < LEAST_MEMBERS)
    if change.slope and not is_thin:
        # Places are months, weeks or years.
        a_year = (piece.places[-1] - piece.places[0]) / (piece.years[-1] - piece.years[0])
        middle, low, high = change.slope
        slopes = (float(a_year * middle), float(a_year * low), float(a_year * high))
    return (
        piece.line, str(piece.periods[0]), str(piece.periods[-1]), len(piece.places), is_thin,
        100 * change.straight, 100 * change.risen, *slopes,
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
