"""A warehouse built from the embedded tables alone, once."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import duckdb
import pytest

from flows import warehouse
from flows.inputs import read_inputs
from flows.settings import Settings


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every mart, from data/reference only."""
    folder = tmp_path_factory.mktemp("embedded")
    settings = Settings(data=folder / "data")
    path = folder / "warehouse.duckdb"
    inputs = read_inputs(settings, datetime(2026, 1, 2, tzinfo=UTC))
    warehouse.build(settings, path, inputs.loaders())
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        yield con
