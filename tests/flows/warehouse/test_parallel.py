"""Tests of flows/warehouse/parallel.py: the order in which a graph is made."""

import threading

import pytest

from flows.warehouse import parallel
from flows.warehouse.parallel import run_graph, steps_behind


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


def test_what_has_the_longest_way_behind_it_is_made_first(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = {"long": [], "short": [], "alone": [], "middle": ["long"], "end": ["middle", "short"]}
    assert steps_behind(graph) == {"long": 2, "middle": 1, "short": 1, "alone": 0, "end": 0}
    monkeypatch.setattr(parallel, "WORKERS", 1)
    begun: list[str] = []
    run_graph(dict(sorted(graph.items())), begun.append)
    assert begun == ["long", "middle", "short", "alone", "end"]
