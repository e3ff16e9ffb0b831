"""What has settled is asked for again: publishers replace months that ended years ago, and nobody announces it.

So that no refresh asks for all of it, and nothing waits for longer than two months, the asking is spread: of n things
at most n * (1 - age / TURN), rounded up, may be of that age or older. However many refreshes there are in between, a
steady share comes up in each, the one that was seen longest ago first.
"""

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")

# With a week from one refresh to the next, each thing is seen once in 60 days.
TURN = timedelta(days=50)
# After a long pause not all at once: the whole rota within as many refreshes.
FEWEST_REFRESHES = 7


def due(things: Iterable[T], seen_at: Callable[[T], datetime | None], now: datetime) -> list[T]:
    """Those whose turn has come, the one that was seen longest ago first.

    Args:
        things: that are held and have settled.
        seen_at: when the source last told or confirmed one; None where nobody knows, which is longest ago.
        now: the time of this run, aware.
    """
    ages = {one: (now - seen) / TURN if (seen := seen_at(one)) else math.inf for one in things}
    order = sorted(ages, key=ages.__getitem__, reverse=True)
    count = len(order)
    # Were fewer than this asked for, too many would be of that age.
    needed = [place - math.ceil(count * (1 - min(ages[one], 1))) for place, one in enumerate(order, 1)]
    return order[: min(max([0, *needed]), math.ceil(count / FEWEST_REFRESHES))]
