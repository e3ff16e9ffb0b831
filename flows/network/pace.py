"""Keeps to what hosts allow: at most so many requests in so many seconds, over a sliding window.

A burst up to the limit needs no waiting; the request after it waits until the first one of the burst is old enough.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.errors import NetworkError

if TYPE_CHECKING:
    from flows.network.web import Budget


@dataclass(frozen=True)
class Pace:
    """At most `count` requests in any `seconds`."""

    count: int
    seconds: float


class Turns:
    """Gives out turns to ask.

    Args:
        paces: what each host allows.
    """

    def __init__(self, paces: Mapping[str, Pace]) -> None:
        self._paces = paces
        self._asked = {host: deque[float](maxlen=pace.count) for host, pace in paces.items()}

    @contextmanager
    def turn(self, address: str, budget: "Budget") -> Iterator[None]:
        """Wait until the host of `address` may be asked again, and note when it has answered.

        Counting from the answer keeps the limit by the host's own clock, however long the request was under way.

        Raises:
            NetworkError: the turn comes after the end of the source's time.
        """
        host = urlsplit(address).netloc
        if host not in self._paces:
            yield
            return
        self._wait(host, address, budget)
        try:
            yield
        finally:
            self._asked[host].append(budget.now())

    def _wait(self, host: str, address: str, budget: "Budget") -> None:
        pace, asked = self._paces[host], self._asked[host]
        if len(asked) == pace.count:
            wait = asked[0] + pace.seconds - budget.now()
            if wait >= budget.remaining():
                raise NetworkError(
                    address,
                    f"a turn within the {budget.seconds:g} s of this source",
                    f"that {host} allows {pace.count} requests in {pace.seconds:g} s and they are used up",
                    f"Refresh again: it goes on with the rest. Raising TRENDS_SOURCE_SECONDS (now {budget.seconds:g}) "
                    "lets one refresh ask for more.",
                )
            if wait > 0:
                budget.sleep(wait)
