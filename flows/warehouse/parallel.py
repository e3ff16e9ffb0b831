"""Makes the nodes of a graph several at a time, each on a connection and in a transaction of its own."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from queue import SimpleQueue
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
    def lent(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that is free."""
        con = self._free.get()
        try:
            yield con
        finally:
            self._free.put(con)

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that is free, in a transaction."""
        with self.lent() as con, transaction(con):
            yield con

    def close(self) -> None:
        """Close all."""
        for con in self.all:
            con.close()


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A transaction that is committed unless an error ends it."""
    try:
        con.execute("begin")
        yield
        con.execute("commit")
    except BaseException:
        with suppress(duckdb.Error):  # an error that ended the transaction is the one to tell
            con.rollback()
        raise


def run_graph(graph: Graph, make: Callable[[str], Made]) -> dict[str, Made]:
    """Make every node of a graph once those that it needs are made, WORKERS at a time.

    Of those that could be made, the one with the longest way still behind it comes first: what is left for the end
    has one core to itself.

    Raises:
        Exception: the first error of a node; nodes that were waiting are not begun.
    """
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    steps = steps_behind(graph)
    made: dict[str, Made] = {}
    ready: list[tuple[int, str]] = []
    names: dict[Future[Made], str] = {}
    # Asking all that are under way which of them has ended takes longer than many a model.
    ended: SimpleQueue[Future[Made]] = SimpleQueue()
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            while sorter.is_active():
                for name in sorter.get_ready():
                    heappush(ready, (-steps[name], name))
                while ready and len(names) < WORKERS:
                    name = heappop(ready)[1]
                    future = pool.submit(make, name)
                    names[future] = name
                    future.add_done_callback(ended.put)
                future = ended.get()
                name = names.pop(future)
                made[name] = future.result()
                sorter.done(name)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return made


def way_to(graph: Graph, wanted: Collection[str]) -> list[str]:
    """Those of the wanted nodes that the graph has, and all that they are made from, in order."""
    order = list(TopologicalSorter(graph).static_order())
    found: set[str] = set()
    for name in reversed(order):
        if name in found or name in wanted:
            found |= {name, *graph.get(name, ())}
    return [name for name in order if name in found]


def steps_behind(graph: Graph) -> dict[str, int]:
    """How many nodes the longest way has that begins with what is made of each; 0 where nothing is."""
    steps = dict.fromkeys(graph, 0)
    for name in reversed(list(TopologicalSorter(graph).static_order())):
        for read in graph.get(name, ()):
            steps[read] = max(steps.get(read, 0), steps[name] + 1)
    return steps
