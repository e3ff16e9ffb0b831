"""Tests of flows/parallel.py: how many cores a query gets, and the order in which a graph is made."""

import os
import threading

import duckdb
import pytest

from flows.parallel import Cores, run_graph

ALL = os.cpu_count() or 1


def threads(con: duckdb.DuckDBPyConnection) -> int:
    return int(con.execute("select current_setting('threads')").fetchall()[0][0])


def test_a_small_table_is_read_by_one_core_and_a_large_one_by_all() -> None:
    con = duckdb.connect()
    con.execute(f"set threads = {ALL + 1}")
    cores = Cores(con)
    with cores.for_rows(Cores.ROW_GROUP):
        assert threads(con) == 1
    with cores.for_rows(Cores.ROW_GROUP + 1):
        assert threads(con) == ALL
    assert threads(con) == 1


def test_all_cores_stay_until_the_last_large_query_has_ended() -> None:
    con = duckdb.connect()
    cores = Cores(con)
    with cores.for_rows(10**6):
        with cores.for_rows(10**6):
            pass
        assert threads(con) == ALL
    assert threads(con) == 1


def test_a_large_query_that_fails_gives_its_cores_back() -> None:
    con = duckdb.connect()
    cores = Cores(con)
    with pytest.raises(duckdb.Error), cores.for_rows(10**6):
        con.execute("select error('broken')")
    assert threads(con) == 1


def test_a_node_is_made_after_all_that_it_reads() -> None:
    made: list[str] = []
    lock = threading.Lock()

    def make(name: str) -> str:
        with lock:
            made.append(name)
        return name.upper()

    found = run_graph({"c": ["a", "b"], "b": ["a"], "a": [], "d": ["c"]}, make)
    assert found == {"a": "A", "b": "B", "c": "C", "d": "D"}
    assert made == ["a", "b", "c", "d"]


def test_the_first_error_of_a_graph_is_told_and_nothing_after_it_is_begun() -> None:
    begun: list[str] = []

    def make(name: str) -> None:
        begun.append(name)
        if name == "a":
            raise ValueError(name)

    with pytest.raises(ValueError, match="a"):
        run_graph({"a": [], "b": ["a"]}, make)
    assert begun == ["a"]
