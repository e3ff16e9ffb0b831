"""A small warehouse, and the site that is drawn from it."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.chromium import chromium
from dashboards.site import render
from flows.ask.query import warehouse_path
from flows.release.releases import Release
from flows.settings import Settings
from flows.warehouse.models import read_models
from tests.conftest import Make
from tests.dashboards import axe

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
    held = {
        name: [column["of"][place] for place in column["at"]] if isinstance(column, dict) else column
        for name, column in rows["columns"].items()
    }
    return [
        {name: column[place] if isinstance(column, list) else column for name, column in held.items()}
        for place in range(rows["count"])
    ]


def make_pages(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of pages anew, from whatever marts there are."""
    for model in read_models(Settings().sql, con):
        if model.layer == "pages":
            con.execute(f"create or replace table {model.table} as {model.query}")


@pytest.fixture(scope="session")
def small_warehouse(embedded: Settings) -> Path:
    """The embedded reference tables through every model; do not write to it."""
    return warehouse_path(embedded)


@pytest.fixture(scope="session")
def site(small_warehouse: Path, cache: Path, made_once: Callable[[str, Make], Path]) -> Path:
    """The site of the small warehouse."""
    return made_once("site", lambda folder: render(small_warehouse, folder, RELEASE, cache))


@pytest.fixture(scope="session")
def hostile_site(small_warehouse: Path, cache: Path, made_once: Callable[[str, Make], Path]) -> Path:
    """The site of a warehouse whose first framework has a script for a name."""

    def make(folder: Path) -> None:
        path = shutil.copyfile(small_warehouse, folder / "warehouse.duckdb")
        with duckdb.connect(str(path)) as con:
            make_hostile(con)
        (folder / "site").mkdir()
        render(path, folder / "site", RELEASE, cache)

    return made_once("hostile", make) / "site"


def make_hostile(con: duckdb.DuckDBPyConnection) -> None:
    """Put a script for the name of the first framework into every text that is told."""
    texts = con.execute(
        "select schema_name || '.' || table_name, list(column_name) from duckdb_columns() "
        "semi join duckdb_tables() using (schema_name, table_name) "
        "where schema_name in ('marts', 'pages') and data_type = 'VARCHAR' and column_name not in ("
        "'kind', 'audience', 'origin', 'quality', 'origins', 'qualities', 'framework', 'framework_a', "
        "'framework_b', 'source', 'series') group by all"
    ).fetchall()
    for table, columns in texts:
        changed = ", ".join(f"{column} = replace({column}, 'PyTorch', $hostile)" for column in columns)
        con.execute(f"update {table} set {changed}", {"hostile": HOSTILE})


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser of one test module."""
    with chromium() as driver:
        yield driver


@pytest.fixture(scope="module")
def rules() -> str:
    """The accessibility rules."""
    return axe.script()


# Country, window, PyTorch and TensorFlow in percent of the searches; XX has no tile, Monaco one only with figures.
COUNTRIES = [
    ("CN", "2026-01-01", 92.0, 8.0),
    ("BR", "2026-01-01", 39.0, 61.0),
    ("DE", "2026-01-01", 50.0, 50.0),
    ("MC", "2026-01-01", 70.0, 30.0),
    ("XX", "2026-01-01", 55.0, 45.0),
    ("CN", "2020-01-01", 20.0, 80.0),
    ("FR", "2020-01-01", 10.0, 90.0),
]


@pytest.fixture(scope="session")
def map_warehouse(small_warehouse: Path, made_once: Callable[[str, Make], Path]) -> Path:
    """The small warehouse with made figures of countries in two windows."""

    def make(folder: Path) -> None:
        with duckdb.connect(str(shutil.copyfile(small_warehouse, folder / "warehouse.duckdb"))) as con:
            give_countries(con)

    return made_once("countries", make) / "warehouse.duckdb"


def give_countries(con: duckdb.DuckDBPyConnection) -> None:
    """Put figures of countries in, and make the tables of pages anew."""
    values = ", ".join(f"('{code}', '{day}', {a}, {b})" for code, day, a, b in COUNTRIES)
    con.execute(f"""
        create temp table made as select * from (values {values}) as rows (population, period_start, a, b);
        insert into marts.head_to_head by name select 'google_trends' as source,
            'search_terms_by_country' as series, population, 'window' as grain, period_start,
            'pytorch' as framework_a, 'tensorflow' as framework_b, a as a_value, b as b_value,
            a as a_share_of_pair_pct, 'imported' as origin, 'sample' as quality, a = b as is_within_chance,
            case when a > b then 'pytorch' when b > a then 'tensorflow' end as leader from made;
        insert into marts.framework_shares by name select 'google_trends' as source,
            'search_terms_by_country' as series, population, 'window' as grain, period_start, framework, value
        from (select population, period_start, 'pytorch' as framework, a as value from made
            union all select population, period_start, 'tensorflow', b from made)""")
    make_pages(con)


@pytest.fixture(scope="session")
def map_site(map_warehouse: Path, cache: Path, made_once: Callable[[str, Make], Path]) -> Path:
    """The site with a map."""
    return made_once("map_site", lambda folder: render(map_warehouse, folder, RELEASE, cache))
