"""Keeps to what hosts allow: at most so many requests in so many seconds, over a sliding window.

A burst up to the limit needs no waiting; the request after it waits until the first one of the burst is old enough. A
source that would rather spread its requests allows one in so many seconds.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from .budget import Budget


@dataclass(frozen=True)
class Pace:
    """At most `count` requests in any `seconds`, and at most `a_second` in any single second where that is given."""

    count: int
    seconds: float
    a_second: int = 0

    @property
    def limits(self) -> list[tuple[int, float]]:
        """Each limit: requests, and the seconds that they count in."""
        return [(self.count, self.seconds), *([(self.a_second, 1.0)] if self.a_second else [])]


class Turns:
    """Gives out turns to ask.

    Args:
        paces: what each host allows.
    """

    def __init__(self, paces: Mapping[str, Pace]) -> None:
        self._paces = paces
        self._asked = {host: deque[float](maxlen=pace.count) for host, pace in paces.items()}
        self._held_until: dict[str, float] = {}

    @contextmanager
    def turn(self, address: str, budget: Budget) -> Iterator[None]:
        """Wait until the host of `address` may be asked again, and note when it has answered.

        Counting from the answer keeps the limit by the host's own clock, however long the request was under way.

        Raises:
            Paused: the turn comes after the end of the source's time.
        """
        host = urlsplit(address).netloc
        wait = self._next(host) - budget.now()
        if wait >= budget.remaining():
            raise budget.spent(address)
        if wait > 0:
            budget.sleep(wait)
        try:
            yield
        finally:
            if host in self._asked:
                self._asked[host].append(budget.now())

    def hold(self, host: str, until: float) -> None:
        """Stay away from a host until the budget's clock says so, as the host asks."""
        self._held_until[host] = until

    def _next(self, host: str) -> float:
        """When the host may be asked again."""
        at = self._held_until.get(host, 0.0)
        for count, seconds in self._paces[host].limits if host in self._paces else ():
            if len(asked := self._asked[host]) >= count:
                at = max(at, asked[-count] + seconds)
        return at
