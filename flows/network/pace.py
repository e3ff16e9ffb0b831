"""Keeps to what hosts allow: at most so many requests in so many seconds, over a sliding window.

A burst up to the limit needs no waiting; the request after it waits until the first one of the burst is old enough. A
source that would rather spread its requests allows one in so many seconds.

Where several processes ask, on one machine or on many that share the data folder, the times of a host's requests stand
in a file below data/paces. Who asks has it locked until the answer is there, so that a host is asked by one at a time.
"""

import fcntl
import json
import math
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from ..json_text import parsed_json
from .budget import Budget

LOOK_AGAIN_SECONDS = 0.05  # while another process asks the same host
MOST_KEPT = 100  # times of a host's requests; no pace counts more
LONGEST_AHEAD_SECONDS = 600.0  # what a file says of later than that was written by a clock that has been put back


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
        folder: where the times of requests are kept for other processes; None keeps them here alone.
    """

    def __init__(self, paces: Mapping[str, Pace], folder: Path | None = None) -> None:
        self._paces, self._folder = paces, folder
        self._asked: dict[str, list[float]] = {host: [] for host in paces}
        self._held_until: dict[str, float] = {}

    @contextmanager
    def turn(self, address: str, budget: Budget) -> Iterator[None]:
        """Wait until the host of `address` may be asked again, and note when it has answered.

        Counting from the answer keeps the limit by the host's own clock, however long the request was under way.

        Raises:
            Paused: the turn comes after the end of the source's time.
        """
        host = urlsplit(address).netloc
        while True:
            with self._alone(host, budget) as is_alone:
                wait = self._next(host) - budget.now() if is_alone else LOOK_AGAIN_SECONDS
                if wait <= 0:
                    try:
                        yield
                    finally:
                        if host in self._asked:
                            self._asked[host] = [*self._asked[host], budget.now()][-MOST_KEPT:]
                    return
            if wait >= budget.remaining():
                raise budget.spent(address)
            budget.sleep(wait)

    def hold(self, host: str, seconds: float, budget: Budget) -> None:
        """Stay away from a host for so long, as it asks."""
        until = budget.now() + seconds
        while True:
            with self._alone(host, budget) as is_alone:
                self._held_until[host] = until
            if is_alone or not budget.remaining():
                return
            budget.sleep(LOOK_AGAIN_SECONDS)

    def _next(self, host: str) -> float:
        """When the host may be asked again."""
        at = self._held_until.get(host, 0.0)
        for count, seconds in self._paces[host].limits if host in self._paces else ():
            if len(asked := self._asked[host]) >= count:
                at = max(at, asked[-count] + seconds)
        return at

    @contextmanager
    def _alone(self, host: str, budget: Budget) -> Iterator[bool]:
        """Bring in what others asked of a host, and leave them what we ask; False while another process asks it.

        Where no file can be had, or nothing comes into it, on a full disk, we go by our own requests: what lands tells
        of the disk.
        """
        with ExitStack() as stack:
            file: BinaryIO | None = None
            if self._folder is not None and host in self._paces:
                with suppress(OSError):
                    self._folder.mkdir(parents=True, exist_ok=True)
                    handle = os.open(self._folder / host, os.O_RDWR | os.O_CREAT, 0o666)
                    file = stack.enter_context(os.fdopen(handle, "rb+", buffering=0))
            if file is None:
                yield True
                return
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            ahead = time.time() - budget.now()  # processes have the time of day in common, and no other clock
            if told := _read(file):
                asked, held = told
                self._asked[host], self._held_until[host] = [at - ahead for at in asked], held - ahead
            before = [*self._asked[host], self._held_until.get(host)]
            try:
                yield True
            finally:
                if [*self._asked[host], self._held_until.get(host)] != before:
                    times = {"asked": [at + ahead for at in self._asked[host]]}
                    _write(file, times | {"held_until": self._held_until.get(host, 0.0) + ahead})


def _read(file: BinaryIO) -> tuple[list[float], float] | None:
    """When a host was asked, oldest first, and until when it wants us away; a damaged file tells nothing."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        file.seek(0)
        found, latest = parsed_json(file.read()), time.time() + LONGEST_AHEAD_SECONDS
        held = min(found["held_until"], latest)
        if not math.isnan(held):
            return sorted(at for at in found["asked"] if at < latest), held
    return None


def _write(file: BinaryIO, times: Mapping[str, object]) -> None:
    """Over what was there: a file that was made empty first waits for the disk when it is closed (ext4)."""
    with suppress(OSError):
        file.seek(0)
        file.write(json.dumps(times).encode())
        file.truncate()
