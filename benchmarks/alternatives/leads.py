"""Changes of leader along one line, in numpy: what the scripts with pandas and polars share.

A frame library does not help with a walk over a line; a person who uses one writes it like this. The rules are those of
sql/intermediate/pair_crossings.sql, sql/marts/leads.sql and crossovers.sql, written anew, so that the
comparison of results means something. How sure the dates are is asked of the same curve that we ask: nobody would write
it twice.
"""

import sys
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import ModuleType

import numpy as np

MONTHS_OF_A_LEAD = 3
MONTHS_OF_A_CURVE = 12
METHODS = Path(__file__).parents[2] / "flows" / "warehouse" / "analysis"


def methods():
    """The curve and what it says of dates, without the package around them, which needs our engine."""
    package = sys.modules.setdefault("analysis", ModuleType("analysis"))
    package.__path__ = [str(METHODS)]
    from analysis import curves, passings

    return curves, passings


def ahead(periods, a_value, total):
    """Probability per period that the curve under a line has the first framework ahead; halves where it is too short.

    Args:
        periods: of the line, in order.
        a_value: members of the first, divided by the design effect.
        total: members of both, likewise.
    """
    if len(periods) < MONTHS_OF_A_CURVE:
        return np.full(len(periods), 0.5)
    places = np.array([12 * period.year + period.month for period in periods], np.float64)
    return _fitted(places.tobytes(), np.asarray(a_value).tobytes(), np.asarray(total).tobytes())


@lru_cache(maxsize=256)
def _fitted(places, a_value, total):
    """Series that differ in their base alone have the same line, which is fitted once, as we do it."""
    curves, _ = methods()
    return curves.of_counts(*(np.frombuffer(each) for each in (places, a_value, total))).above(0.0).round(8)


def crossings(names, periods, share, dating, is_drawn, is_ahead=None):
    """Rows of marts.crossovers for one line.

    Args:
        names: what identifies the line, with framework_a and framework_b.
        periods: of the line, in order.
        share: of the first framework, in percent.
        dating: the share that dates a change.
        is_drawn: whether the period may be drawn; only these tell how long a lead has lasted.
        is_ahead: probability that the first is ahead; with it rows say how sure the date is.
    """
    starts, found = [*runs(dating), (None, len(periods))], []
    is_thin = (dating != share).any()
    for (_, before), (is_a, start), (_, end) in zip(starts, starts[1:], starts[2:], strict=False):
        sign, part = (1 if is_a else -1), slice(before, end)
        by_window = (dating[part] != share[part]).any()
        from_window = ahead_to_the_end(sign * (dating[part] - 50) > 0)
        crossed = before + from_window if by_window and from_window is not None else start
        turned, is_lasting = crossed, end == len(periods)
        sustained = led_since(sign * (share - 50) > 0, is_drawn) if is_lasting else None
        if sustained and not is_thin:  # a lead since the first position is no crossing
            crossed = sustained
        dates = {"crossed_period": crossed, "sustained_from": sustained, "before_period": crossed - 1}
        leaders = {"leader_before": names[f"framework_{'ab'[is_a]}"], "leader_after": names[f"framework_{'ba'[is_a]}"]}
        if is_ahead is not None:
            dates |= interval(is_ahead if is_a else 1 - is_ahead, before, turned, end - 1, crossed)
        held = {name: None if place is None else periods[place] for name, place in dates.items()}
        if is_ahead is not None:
            held["is_proven"] = held["crossed_low"] is not None and held["crossed_high"] is not None
        ends = {"first_period": periods[0], "last_period": periods[-1], "is_lasting": is_lasting}
        found.append(names | {"grain": "month"} | leaders | held | ends)
    return found


def interval(is_ahead, before, turned, last, crossed):
    """Positions of the ends of the interval of a date: the last surely behind, the first surely ahead."""
    low, high = methods()[1].crossing(is_ahead, before, turned, last)
    return {
        "crossed_low": low if low is not None and low <= crossed else None,
        "crossed_high": None if high is None else max(high, crossed),
    }


def runs(dating):
    """Who leads from which position on: a lead of fewer than three months does not count."""
    leaders = [(position, bool(value > 50)) for position, value in enumerate(dating) if abs(value - 50) > 1e-9]
    stretches = [list(rows) for _, rows in groupby(leaders, key=lambda row: row[1])]
    long_enough = [rows[0] for rows in stretches if len(rows) >= MONTHS_OF_A_LEAD]
    return [(is_a, next(rows)[0]) for is_a, rows in groupby(long_enough, key=lambda row: row[1])]


def led_since(is_ahead, is_drawn):
    """The first drawn position from which all drawn ones are ahead; None when the last of them is not."""
    drawn = np.flatnonzero(is_drawn)
    since = ahead_to_the_end(is_ahead[drawn])
    return None if since is None else int(drawn[since])


def ahead_to_the_end(is_ahead):
    """The first position from which all are ahead; None when the last one is not."""
    behind = np.flatnonzero(~is_ahead)
    first = behind[-1] + 1 if len(behind) else 0
    return int(first) if first < len(is_ahead) else None
