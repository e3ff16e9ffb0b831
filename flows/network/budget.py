"""The time that one source may take in one refresh."""

import time
from collections.abc import Callable

from ..errors import Paused


class Budget:
    """The time that one source may take in one refresh.

    Args:
        seconds: the whole of it, counted from now.
        clock: seconds that only grow.
        sleep: how to wait; tests put their own here.
        setting: name of the setting that gives the seconds, for the words of errors.
    """

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        setting: str = "TRENDS_SOURCE_SECONDS",
    ) -> None:
        self.seconds, self._clock, self._sleep, self._setting = seconds, clock, sleep, setting
        self._end = clock() + seconds

    def now(self) -> float:
        """What the clock says."""
        return self._clock()

    def remaining(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self._end - self._clock())

    def check(self, address: str) -> None:
        """Raise Paused when the time is used up."""
        if self.remaining() <= 0:
            raise self.spent(address)

    def spent(self, address: str) -> Paused:
        """The error that ends a source whose time is used up."""
        return Paused(
            address,
            "an answer in time",
            f"the {self.seconds:g} s of this source are used up ({self._setting})",
            f"Refresh again: it goes on with the rest. Raising {self._setting} (now {self.seconds:g}) lets one refresh "
            "ask for more.",
        )

    def sleep(self, seconds: float) -> None:
        """Wait, but not past the end."""
        self._sleep(min(seconds, self.remaining()))
