"""Files are looked into on engines that no two looks share, and none is used again once it broke down."""

import duckdb
import pytest

from flows.landing import loading


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> list[duckdb.DuckDBPyConnection]:
    """Those that were started."""
    started: list[duckdb.DuckDBPyConnection] = []
    start = loading._engine

    def noted(threads: int) -> duckdb.DuckDBPyConnection:
        started.append(start(threads))
        return started[-1]

    monkeypatch.setattr(loading, "_engine", noted)
    loading._idle.clear()
    return started


def test_two_looks_at_once_have_an_engine_each_and_later_ones_use_them_again(engines: list[object]) -> None:
    with loading.looking() as first, loading.looking() as second:
        first.execute("create table seen as select 1")
        with pytest.raises(duckdb.CatalogException):
            second.execute("from seen")
        first.execute("drop table seen")
    for _ in range(3):
        with loading.looking() as con:
            con.execute("select 1")
    assert len(engines) == 2


def test_an_engine_that_broke_down_costs_its_file_alone(engines: list[duckdb.DuckDBPyConnection]) -> None:
    with loading.looking():
        # As after an internal error: whatever is asked next fails.
        engines[0].close()
    with loading.looking() as con:
        assert con.execute("select 1").fetchall() == [(1,)]
    assert len(engines) == 2
