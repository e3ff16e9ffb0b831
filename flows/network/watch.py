"""Keeps requests to a time limit where name look-ups and slow servers know none, with one thread beside the one at work.

The thread sends each request while the other one waits for it, and waits for the end of the time while the other one
reads the body. A thread that is late is left behind with its request; the next request has a new one.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests

Ask = Callable[[], requests.Response]


class Watch:
    """The time limit of one source, whose requests come one after the other."""

    def __init__(self) -> None:
        self._helper: _Helper | None = None

    def within(self, seconds: float, ask: Ask) -> requests.Response:
        """Ask, for so long at most.

        Raises:
            queue.Empty: no answer has come in this time; one that comes later is closed.
        """
        helper, self._helper = self._helper or _Helper(), None
        result = helper.within(seconds, ask)
        self._helper = helper
        if isinstance(result, Exception):
            raise result
        return result

    @contextmanager
    def over(self, raw: Any) -> Iterator[None]:
        """End a body when the time of its request ends, whatever the reading thread waits for."""
        assert self._helper, "no body comes before its request"
        helper = self._helper
        helper.guard(raw)
        try:
            yield
        finally:
            helper.guard(None)

    def close(self) -> None:
        """Let the thread go."""
        if self._helper:
            self._helper.leave()
            self._helper = None


class _Helper:
    """The thread, seen from the one at work."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Ask, float] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[requests.Response | Exception] = queue.SimpleQueue()
        self._body: Any = None
        self._is_over = False
        threading.Thread(target=self._run, daemon=True).start()

    def within(self, seconds: float, ask: Ask) -> requests.Response | Exception:
        """Have it ask; if that takes too long it is left behind."""
        self._is_over = False
        self._jobs.put((ask, time.monotonic() + seconds))
        try:
            return self._results.get(timeout=seconds)
        except queue.Empty:
            self.leave()
            raise

    def guard(self, body: Any) -> None:
        """Have it end this body when the time of the last request ends."""
        self._body = body
        if self._is_over:  # it ended just before
            self._end_body()

    def leave(self) -> None:
        """Have it end after what it does now."""
        self._jobs.put(None)

    def _run(self) -> None:
        end: float | None = None
        while True:
            try:
                job = self._jobs.get(timeout=None if end is None else max(0.0, end - time.monotonic()))
            except queue.Empty:
                end, self._is_over = None, True
                self._end_body()
                continue
            if job is None:
                break
            ask, end = job
            try:
                self._results.put(ask())
            except Exception as error:
                self._results.put(error)
        with suppress(queue.Empty):
            result = self._results.get_nowait()  # it came late: nobody waits for it
            if isinstance(result, requests.Response):
                result.close()

    def _end_body(self) -> None:
        with suppress(Exception):  # there is none, or it has come to its end at the same moment
            self._body.shutdown()
