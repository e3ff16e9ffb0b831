"""The warehouse of the embedded tables alone, to be asked."""

from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

from flows.ask.query import warehouse_path
from flows.settings import Settings


@pytest.fixture(scope="session")
def marts(embedded: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every mart, from data/reference only."""
    with closing(duckdb.connect(str(warehouse_path(embedded)), read_only=True)) as con:
        yield con
