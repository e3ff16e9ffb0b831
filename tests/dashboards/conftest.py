"""A small warehouse, and the site that is drawn from it."""

from pathlib import Path

import duckdb
import pytest

from dashboards.site import render
from flows import warehouse
from flows.inputs import raw_tables
from flows.releases import Release
from flows.settings import Settings
from flows.sources import reference

RELEASE = Release("2026-11-21T120000Z", "0123456789abcdef", "2026-11-21T12:00:00Z")
HOSTILE = "<script>alert(1)</script></script>"


@pytest.fixture(scope="session")
def small_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded reference tables through every model."""
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    warehouse.build(settings, path, raw_tables(), [lambda con: reference.load(settings.reference, con)])
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
        for table in ("frameworks", "research_shares_quarterly"):
            con.execute(f"update marts.{table} set label = ? where framework = 'pytorch'", [HOSTILE])
        con.execute("update marts.headlines set sentence = replace(sentence, 'PyTorch', ?)", [HOSTILE])
        con.execute("update marts.figure_words set title = replace(title, 'PyTorch', ?)", [HOSTILE])
    folder = tmp_path_factory.mktemp("hostile_site")
    render(path, folder, RELEASE, cache)
    return folder
