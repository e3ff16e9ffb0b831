"""Keeps a session to the end of a source's time, where name look-ups and slow servers know no limit.

A connection is opened in a thread, which is left behind if it is late. When the time ends, the open ones are shut down,
whatever the thread at work waits for. Requests on an open connection need no thread of their own.
"""

import queue
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection


class Late(Exception):
    """A connection was not open when the time ended."""


class Watch:
    """The end of one source's time.

    Args:
        remaining: seconds until then, when it is called.
    """

    def __init__(self, remaining: Callable[[], float]) -> None:
        self._remaining, self._lock = remaining, threading.Lock()
        self._opened: set[HTTPConnection] = set()
        self._timer: threading.Timer | None = None
        self._is_over = False

    def over(self, manager: urllib3.PoolManager) -> None:
        """Watch all connections that a manager will open."""
        manager.pool_classes_by_scheme = {
            scheme: self._watched(pool) for scheme, pool in manager.pool_classes_by_scheme.items()
        }

    def close(self) -> None:
        """Watch no longer."""
        if self._timer:
            self._timer.cancel()

    def _watched(self, pool: type[urllib3.HTTPConnectionPool]) -> type[urllib3.HTTPConnectionPool]:
        watch, plain = self, pool.ConnectionCls

        class Connection(plain):  # type: ignore[misc, valid-type]
            def connect(self) -> None:
                watch._open(self, super().connect)

        return type(pool.__name__, (pool,), {"ConnectionCls": Connection})

    def _open(self, connection: Any, connect: Callable[[], None]) -> None:
        """Open a connection, or raise Late."""
        left = self._remaining()
        if self._timer is None:
            self._timer = threading.Timer(left, self._end)
            self._timer.daemon = True
            self._timer.start()
        _within(left, connect, connection.close)
        with self._lock:
            self._opened.add(connection)
            if self._is_over:
                _shut(connection)

    def _end(self) -> None:
        with self._lock:
            self._is_over = True
            for connection in self._opened:
                _shut(connection)


def _within(seconds: float, connect: Callable[[], None], close: Callable[[], None]) -> None:
    """Connect in a thread of its own; what is opened too late is closed."""
    results: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()
    late = threading.Event()

    def run() -> None:
        try:
            connect()
            results.put(None)
        except Exception as error:
            results.put(error)
        if late.is_set():
            close()

    threading.Thread(target=run, daemon=True).start()
    try:
        error = results.get(timeout=seconds)
    except queue.Empty:
        late.set()
        close()
        raise Late from None
    if error:
        raise error


def _shut(connection: HTTPConnection) -> None:
    with suppress(Exception):  # it is closed, or comes to its end at the same moment
        if connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)
