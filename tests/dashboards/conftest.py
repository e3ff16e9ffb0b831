"""A small warehouse, and the site that is drawn from it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.site import render
from flows import warehouse
from flows.inputs import read_inputs
from flows.releases import Release
from flows.settings import Settings

RELEASE = Release("2026-11-21T120000Z", "0123456789abcdef", "2026-11-21T12:00:00Z")
HOSTILE = "<script>alert(1)</script></script>\"'"


def data_of(text: str, figure: str) -> dict[str, Any]:
    """What a page gives the script of one figure."""
    (found,) = re.findall(rf'<script type="application/json" id="{figure}-data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


def figures_of(text: str) -> list[str]:
    """Names of the figures of a page."""
    return re.findall(r'<script type="application/json" id="([^"]+)-data">', text)


def unpacked(rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows from the columns in which a page carries them."""
    held = rows["columns"]
    return [
        {name: column[place] if isinstance(column, list) else column for name, column in held.items()}
        for place in range(rows["count"])
    ]


@pytest.fixture(scope="session")
def small_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded reference tables through every model."""
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    warehouse.build(settings, path, read_inputs(settings, datetime(2026, 1, 1, tzinfo=UTC)).loaders())
    return path


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keeps the Vega libraries between the renders of a test run."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def site(small_warehouse: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small warehouse."""
    folder = tmp_path_factory.mktemp("site")
    render(small_warehouse, folder, RELEASE, cache)
    return folder


@pytest.fixture(scope="session")
def hostile_site(small_warehouse: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a warehouse whose first framework has a script for a name."""
    path = tmp_path_factory.mktemp("hostile") / "warehouse.duckdb"
    path.write_bytes(small_warehouse.read_bytes())
    with duckdb.connect(str(path)) as con:
        texts = con.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' "
            "and data_type = 'VARCHAR' and column_name not in ('kind', 'audience', 'origin', 'quality', 'origins', "
            "'qualities', 'framework', "
            "'framework_a', 'framework_b', 'source', 'series')"
        ).fetchall()
        for table, column in texts:
            con.execute(f"update marts.{table} set {column} = replace({column}, 'PyTorch', ?)", [HOSTILE])
    folder = tmp_path_factory.mktemp("hostile_site")
    render(path, folder, RELEASE, cache)
    return folder
