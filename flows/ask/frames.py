"""The published figures as pandas frames, for notebooks: what `import framework_trends` offers.

Every function takes `release`: None for the current release of the data folder, a folder or warehouse file of a
release, or the address of a published site, whose tables are fetched once, held against the checksums of its
datapackage.json and kept.
A frame's `attrs` say where it comes from (`release`) and what each column means (`columns`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import QueryError, ReleaseError
from ..settings import Settings

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

Release = str | Path | None


def shares(
    framework: str | None = None,
    *,
    source: str | None = None,
    series: str | None = None,
    population: str | None = None,
    grain: str | None = None,
    release: Release = None,
) -> pd.DataFrame:
    """Adoption by source over time: one row per source, series, population, grain, period and framework.

    Sources count different things: never add them up. A missing row means not asked, never zero.

    Args:
        framework: id or name, such as jax or JAX; all frameworks if left out.
        source: id of a source, such as pypi_downloads (`status` lists them).
        series: what the source counts, such as links_all.
        population: among whom, such as all or professionals.
        grain: length of a period: month, quarter, year and so on.
        release: see the module.

    Returns:
        `value` in `unit`; `base`, its denominator; `share_pct`, their share from 0 to 100, with `share_low_pct` and
        `share_high_pct`, its 95 percent interval (missing where no members are counted); `is_drawn`, whether the base
        is large enough to be shown; `origin`, `quality` and `reference`, where it comes from.
    """
    wanted = {"framework": framework, "source": source, "series": series, "population": population, "grain": grain}
    return _chosen("framework_shares", wanted, "source, series, population, grain, period_start, framework", release)


def pair(
    framework: str,
    other: str,
    *,
    source: str | None = None,
    series: str | None = None,
    population: str | None = None,
    grain: str | None = None,
    release: Release = None,
) -> pd.DataFrame:
    """One framework against another over time: one row per source, series, population, grain and period.

    Args:
        framework: id or name of the one whose share is told.
        other: id or name of the other one.
        source: id of a source.
        series: what the source counts.
        population: among whom.
        grain: length of a period.
        release: see the module.

    Returns:
        `value` and `other_value` in `unit`; `share_of_pair_pct`, the share of `framework` in both, 0 to 100, with its
        base `pair_value` and its interval from `low_pct` to `high_pct`; `leader`, missing where chance may decide.
    """
    wanted = {"framework": framework, "other": other, "source": source, "series": series, "population": population}
    order = "source, series, population, grain, period_start"
    return _chosen("pairs", wanted | {"grain": grain}, order, release)


def claims(verdict: str | None = None, *, release: Release = None) -> pd.DataFrame:
    """Every published claim with its verdict, the figures that decide it and the reason.

    Args:
        verdict: one of confirmed, consistent, not refuted, inconsistent, not testable; all if left out.
        release: see the module.

    Returns:
        `statement`, `verdict`, `measured_value` with `measured_low` and `measured_high` in `unit`, `figures`, `reason`.
    """
    return _chosen("claims", {"verdict": verdict}, "claim_order", release)


def status(release: Release = None) -> pd.DataFrame:
    """Every source: origin and freshness of its figures, its licence and whom to name.

    Args:
        release: see the module.
    """
    return _chosen("source_status", {}, "headline_order, source", release)


def sql(query: str, *, release: Release = None, **parameters: str) -> pd.DataFrame:
    """The answer of any question in DuckDB's SQL that reads, in a sealed process with limits of time and memory.

    Args:
        query: one statement, such as "from marts.headlines"; `status`, `claims` and the others are tables of marts.
        release: see the module.
        parameters: text for each `$name` in the statement.

    Raises:
        QueryError: the query does not only read, is wrong, or takes more than it may.
    """
    import duckdb

    from . import walls

    warehouse = _warehouse(release)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "current").mkdir()
        (Path(folder) / "current" / "warehouse.duckdb").symlink_to(warehouse)
        settings, answer = Settings(data=Path(folder)), Path(folder) / "answer.parquet"
        walls.ask(settings, query, answer, "parquet", parameters)
        with closing(duckdb.connect()) as con:
            frame = con.from_parquet(str(answer)).df()
    frame.attrs["release"] = str(warehouse)
    return frame


def _chosen(table: str, wanted: dict[str, str | None], order: str, release: Release) -> pd.DataFrame:
    """Rows of a mart in which columns have the wanted values; a value that no row has is an error."""
    from .query import opened

    warehouse = _warehouse(release)
    with opened(warehouse) as con:
        given: dict[str, str] = {}
        for column, value in wanted.items():
            if value is not None:
                given[column] = _known(con, _rows(table, given), column, value, given)
        frame = con.execute(f"{_rows(table, given)} order by {order}", given).df()
        meanings = con.execute("select column_name, comment from duckdb_columns() where table_name = $t", {"t": table})
        frame.attrs |= {"release": str(warehouse), "columns": dict(meanings.fetchall())}
        return frame


def _rows(table: str, given: Mapping[str, str]) -> str:
    return f"from marts.{table} where {' and '.join(f'{column} = ${column}' for column in given) or 'true'}"


def _known(con: duckdb.DuckDBPyConnection, rows: str, column: str, value: str, given: Mapping[str, str]) -> str:
    """The value as the rows that are left spell it, whatever its capitals; a framework by its name too."""
    from .hints import nearest

    found = con.execute(f"select distinct {column} {rows} and {column} is not null order by all", given).fetchall()
    known = [str(row[0]) for row in found]
    names = {each.lower(): each for each in known}
    if column in ("framework", "other"):
        labels = con.execute("select lower(label), framework from marts.frameworks").fetchall()
        names = {label: each for label, each in labels if each in known} | names
    if value.strip().lower() in names:
        return names[value.strip().lower()]
    near = nearest(value, known)
    cure = f"Nearest: {', '.join(near)}." if near else f"There are: {', '.join(known[:20]) or 'none'}."
    asked = f" with {', '.join(f'{name} {text!r}' for name, text in given.items())}" if given else ""
    raise QueryError(f"{column}: expected one that there are figures of{asked}, found {value!r}. {cure}")


def _warehouse(release: Release) -> Path:
    """The warehouse of a release, wherever it is."""
    from .query import warehouse_path

    settings = Settings.from_env(os.environ)
    if release is None:
        return warehouse_path(settings)
    if str(release).startswith(("http://", "https://")):
        from .published import fetched

        return fetched(str(release), settings)
    path = Path(release).expanduser()
    for file in (path, path / "warehouse.duckdb", path / "current" / "warehouse.duckdb"):
        if file.is_file():
            return file.resolve()
    raise ReleaseError(
        f"{path}: expected a warehouse file, a release folder or the address of a site, found none. "
        "`trends refresh --offline` makes a release."
    )
