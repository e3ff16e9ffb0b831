"""How fast a first fill of many requests asks: evenly, and it stops by itself when its time or a quota is spent.

pace.py lets a burst through and fails at the end of the time; a fill that goes on at the next refresh spreads its
requests and keeps what it has. Each source names its spacing and its quota as constants.
"""

import time
from collections.abc import Callable

from flows.network.web import Budget

# This part of a source's time is left for landing what has come in.
RESERVED = 0.1


class Paused(Exception):
    """Asking has to stop for now: a quota is spent or the time is used up. What was answered is kept."""


class Spacing:
    """Waits before each request so that a host is never asked faster than it likes.

    Args:
        seconds: from one request to the next.
        budget: the time of the source.
        clock: seconds that only grow.
        sleep: how to wait; the budget's own way if left out.
    """

    def __init__(
        self,
        seconds: float,
        budget: Budget,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self.seconds, self._budget, self._clock, self._sleep = seconds, budget, clock, sleep or budget.sleep
        self._next = clock()

    def wait(self) -> None:
        """Wait for our turn; raise Paused when the time of the source would not last for another request."""
        pause = max(0.0, self._next - self._clock())
        if self._budget.remaining() - pause <= RESERVED * self._budget.seconds:
            raise Paused(f"the {self._budget.seconds:g} s of this source are used up (TRENDS_SOURCE_SECONDS)")
        if pause:
            self._sleep(pause)
        self._next = self._clock() + self.seconds

    def hold(self, seconds: float) -> None:
        """Stay away for so long, as the source asks."""
        self._next = max(self._next, self._clock() + seconds)
