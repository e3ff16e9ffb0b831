"""Makes the nodes of a graph several at a time, each on a connection and in a transaction of its own."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from graphlib import TopologicalSorter
from queue import SimpleQueue
from threading import Lock
from typing import TypeVar

import duckdb

# The fewest that keep two cores busy; more would share out the memory limit into small pieces.
WORKERS = max(2, min(4, os.cpu_count() or 2))
Graph = Mapping[str, Sequence[str]]
Made = TypeVar("Made")


class Connections:
    """Connections of one database that take turns; all work in the catalog of the first, and in UTC.

    Args:
        con: the first; the others are its cursors.
        count: how many there are beside it.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, count: int) -> None:
        catalog = con.execute("select current_catalog()").fetchall()[0][0]
        self._free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        self.all = [con.cursor() for _ in range(count)]
        for cursor in self.all:
            cursor.execute(f"use {catalog}; set timezone = 'UTC'")
            self._free.put(cursor)

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that is free, in a transaction that is committed unless an error ends it."""
        con = self._free.get()
        try:
            con.execute("begin")
            yield con
            con.execute("commit")
        except BaseException:
            con.rollback()
            raise
        finally:
            self._free.put(con)

    def close(self) -> None:
        """Close all."""
        for con in self.all:
            con.close()


class Cores:
    """Gives a query one core, since several run at a time, or all where it reads a large table.

    A small query on many cores takes more work than on one; a large one alone would leave the others idle.

    Args:
        con: any connection of the database.
    """

    # DuckDB hands out whole row groups to its threads: a table of one is read by one, however many there are.
    ROW_GROUP = 122_880

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con, self._lock, self._wide = con.cursor(), Lock(), 0
        self._con.execute("set threads = 1")

    @contextmanager
    def for_rows(self, row_count: int) -> Iterator[None]:
        """Run a query over so many rows."""
        if row_count <= self.ROW_GROUP:
            yield
            return
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._lock:
            before, self._wide = self._wide, self._wide + change
            if not before or not self._wide:
                self._con.execute(f"set threads = {(os.cpu_count() or 1) if self._wide else 1}")


def run_graph(graph: Graph, make: Callable[[str], Made]) -> dict[str, Made]:
    """Make every node of a graph once those that it needs are made, WORKERS at a time.

    Raises:
        Exception: the first error of a node; nodes that were waiting are not begun.
    """
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    made: dict[str, Made] = {}
    under_way: dict[Future[Made], str] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            while sorter.is_active():
                under_way |= {pool.submit(make, name): name for name in sorter.get_ready()}
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    name = under_way.pop(future)
                    made[name] = future.result()
                    sorter.done(name)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return made
