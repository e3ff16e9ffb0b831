"""Fixtures of the model tests."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.sql.support import database


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database with the schemas and macros that models use."""
    with database() as con:
        yield con
