"""Who leads under which share of all weightings of the sources: pairs, ranks, orders, and the weightings of readers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import duckdb
import numpy as np

from . import Computed, Rows, weightings

# With less there is nothing to weigh.
LEAST_SOURCES = 3
LEAST_KINDS = 2
NEWEST = "newest"
EQUAL = "equal"
# Places that stand in an order: more of them differ in nearly every weighting.
ORDERED = 3
DECIMALS = 6
READS = ("marts.weighed_readings", "staging.reference__frameworks")
# After the ranks, whose orders they take up.
LATER = (*READS, "staging.analysis__rank_acceptability")
READINGS = """
select
    year, source, kind, audience, framework_a, framework_b, a_share_of_pair_pct, coalesce(error_pct, 0) as error_pct,
    a.is_deep_learning and b.is_deep_learning as is_ranked
from marts.weighed_readings as readings
inner join staging.reference__frameworks as a on a.framework = readings.framework_a
inner join staging.reference__frameworks as b on b.framework = readings.framework_b
order by year, source_order, a.framework_order, b.framework_order
"""


@dataclass(frozen=True)
class Reading:
    """What a source says of two frameworks in a year."""

    year: str
    source: str
    kind: str
    audience: str
    framework_a: str
    framework_b: str
    share_pct: float
    error_pct: float
    is_ranked: bool

    @property
    def pair(self) -> tuple[str, str]:
        """Both frameworks."""
        return self.framework_a, self.framework_b


@dataclass(frozen=True)
class Ranked:
    """A ranking of the frameworks that enough sources know, with those sources."""

    frameworks: list[str]
    sources: list[str]
    kinds: list[str]
    ranking: weightings.Ranking

    def named(self, orders: weightings.Whole) -> list[list[str]]:
        """Orders in names."""
        return [[self.frameworks[place] for place in order] for order in orders.tolist()]


def is_enough(readings: Sequence[Reading]) -> bool:
    """Whether there are enough sources of enough kinds to weigh."""
    sources = {reading.source for reading in readings}
    return len(sources) >= LEAST_SOURCES and len({reading.kind for reading in readings}) >= LEAST_KINDS


def by_year(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, list[Reading]]]:
    """Readings of each year, sources in the order of the page."""
    found = (Reading(*row) for row in con.execute(READINGS).fetchall())
    for year, readings in groupby(found, lambda reading: reading.year):
        yield year, list(readings)


def compute_pairs(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per year and two frameworks, each pair both ways."""
    rows: list[Sequence[str | int | float | None]] = []
    for year, readings in by_year(con):
        for (a, b), found in sorted(_by_pair(readings).items()):
            if is_enough(found):
                rows += _both_ways(year, a, b, found)
    return rows


def _by_pair(readings: Sequence[Reading]) -> dict[tuple[str, str], list[Reading]]:
    pairs: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        pairs.setdefault(reading.pair, []).append(reading)
    return pairs


def _both_ways(year: str, a: str, b: str, found: Sequence[Reading]) -> Iterator[Sequence[str | int | float | None]]:
    kinds = [reading.kind for reading in found]
    shares = np.array([reading.share_pct for reading in found])
    errors = np.array([reading.error_pct for reading in found])
    first = round(weightings.ahead(shares, errors, weightings.weights(kinds)), DECIMALS)
    for one, other, ahead, own in ((a, b, first, shares), (b, a, 100 - first, 100 - shares)):
        need = weightings.needed(own, weightings.central(kinds))
        source = None if need.source is None else found[need.source].source
        yield (
            year, one, other, len(found), len(set(kinds)), ahead,
            need.weight_pct, source, need.together_pct, need.held_pct,
        )  # fmt: skip


def ranked(readings: Sequence[Reading], frameworks: Sequence[str] | None = None) -> Ranked | None:
    """The ranking of a year.

    Args:
        readings: of the year, or of some of its sources.
        frameworks: those that may be ranked; by default those that enough of the sources know.

    Returns:
        None where fewer than two frameworks can be set beside each other.
    """
    used = [reading for reading in readings if reading.is_ranked]
    while True:
        names = list(dict.fromkeys(name for reading in used for name in reading.pair))
        enough = frameworks or [name for name in names if is_enough([each for each in used if name in each.pair])]
        known = _together([each for each in used if set(each.pair) <= set(enough)])
        if len(known) < 2:
            return None
        held = [each for each in used if set(each.pair) <= known]
        if held == used:
            break
        used = held
    # The order of the names is that of frameworks.csv, whichever pair comes first.
    names = sorted(names, key=[name for reading in readings for name in reading.pair].index)
    sources = list(dict.fromkeys(reading.source for reading in used))
    ranking = weightings.Ranking(
        np.array([sources.index(reading.source) for reading in used]),
        np.array([[names.index(name) for name in reading.pair] for reading in used]),
        np.array([reading.share_pct for reading in used]),
        np.array([reading.error_pct for reading in used]),
    )
    kinds = {reading.source: reading.kind for reading in used}
    return Ranked(names, sources, [kinds[source] for source in sources], ranking)


def _together(readings: Sequence[Reading]) -> set[str]:
    """The largest group of frameworks that pairs join."""
    groups: list[set[str]] = []
    for reading in readings:
        joined = set(reading.pair).union(*(group for group in groups if group & set(reading.pair)))
        groups = [*(group for group in groups if not group & joined), joined]
    return max(groups, key=len, default=set())


def compute_ranks(con: duckdb.DuckDBPyConnection) -> Rows:
    """One row per year, framework and rank."""
    rows: list[Sequence[str | int | float]] = []
    for year, found, orders in rankings(con):
        count = len(found.frameworks)
        for place, framework in enumerate(found.frameworks):
            held = np.bincount(np.nonzero(orders == place)[1], minlength=count)
            rows += [
                (year, framework, rank + 1, len(found.sources), len(set(found.kinds)), 100 * int(number) / len(orders))
                for rank, number in enumerate(held)
            ]
    return rows


def rankings(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Ranked, weightings.Whole]]:
    """The ranking of each year that has one, with its order under every weighting."""
    for year, readings in by_year(con):
        if found := _ordered(tuple(readings)):
            yield year, *found


@lru_cache(maxsize=64)
def _ordered(
    readings: tuple[Reading, ...], frameworks: tuple[str, ...] | None = None
) -> tuple[Ranked, weightings.Whole] | None:
    """Rank readings once: ranks, orders and presets are told of the same."""
    found = ranked(readings, frameworks)
    if found is None:
        return None
    return found, found.ranking.orders(weightings.weights(found.kinds), weightings.SEED)


def compute_orders(con: duckdb.DuckDBPyConnection) -> Rows:
    """The first places in order, newest readings: under which share of the weightings each order holds."""
    for year, found, orders in rankings(con):
        if year == NEWEST:
            held = Counter(">".join(names[:ORDERED]) for names in found.named(orders))
            return [(order, 100 * number / len(orders)) for order, number in sorted(held.items())]
    return []


def compute_presets(con: duckdb.DuckDBPyConnection) -> Rows:
    """The order under the weightings of readers: all sources alike in every year, and those of each audience today."""
    rows: list[Sequence[str | int | float | None]] = []
    for year, readings in by_year(con):
        if whole := _ordered(tuple(readings)):
            rows += _preset(year, EQUAL, *whole)
            for audience in dict.fromkeys(reading.audience for reading in readings) if year == NEWEST else ():
                own = tuple(reading for reading in readings if reading.audience == audience)
                if found := _ordered(own, tuple(whole[0].frameworks)):
                    rows += _preset(year, audience, *found)
    return rows


def _preset(
    year: str, preset: str, found: Ranked, every: weightings.Whole
) -> Iterator[Sequence[str | int | float | None]]:
    """Every kind alike, and in it every source; and how often each is first however the same sources are weighed.

    The errors of the readings leave the order of two neighbours open or do not: how often each comes before the next.
    """
    middle = weightings.central(found.kinds)[None]
    (order,) = found.ranking.orders(middle).tolist()
    firsts = np.bincount(every[:, 0], minlength=len(order))
    drawn = found.ranking.scores(np.repeat(middle, weightings.POINT_COUNT, axis=0), weightings.SEED)[:, order]
    sure = [*(100 * (drawn[:, :-1] > drawn[:, 1:]).mean(axis=0)).tolist(), None]
    for rank, place in enumerate(order, start=1):
        share = 100 * int(firsts[place]) / len(every)
        yield (
            year, preset, found.frameworks[place], rank, len(found.sources), len(set(found.kinds)), share,
            sure[rank - 1],
        )  # fmt: skip


PAIRS = Computed(
    table="analysis_pair_acceptability",
    columns={
        "year": "VARCHAR",
        "framework_a": "VARCHAR",
        "framework_b": "VARCHAR",
        "source_count": "BIGINT",
        "kind_count": "BIGINT",
        "acceptability_pct": "DOUBLE",
        "needed_pct": "DOUBLE",
        "needed_source": "VARCHAR",
        "together_needed_pct": "DOUBLE",
        "ahead_weight_pct": "DOUBLE",
    },
    reads=READS,
    compute=compute_pairs,
)
RANKS = Computed(
    table="analysis_rank_acceptability",
    columns={
        "year": "VARCHAR",
        "framework": "VARCHAR",
        "rank": "BIGINT",
        "source_count": "BIGINT",
        "kind_count": "BIGINT",
        "acceptability_pct": "DOUBLE",
    },
    reads=READS,
    compute=compute_ranks,
)
ORDERS = Computed(
    table="analysis_rank_orders",
    columns={"first_places": "VARCHAR", "acceptability_pct": "DOUBLE"},
    reads=LATER,
    compute=compute_orders,
)
PRESETS = Computed(
    table="analysis_preset_ranks",
    columns={
        "year": "VARCHAR",
        "preset": "VARCHAR",
        "framework": "VARCHAR",
        "rank": "BIGINT",
        "source_count": "BIGINT",
        "kind_count": "BIGINT",
        "leads_pct": "DOUBLE",
        "before_next_pct": "DOUBLE",
    },
    reads=LATER,
    compute=compute_presets,
)
