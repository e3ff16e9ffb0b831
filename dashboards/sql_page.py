"""The page that answers SQL in the browser: sql.html, its engine and tables in sql/, and all of it in one file.

It holds what may be passed on (flows/release/exports.py), asks nothing of the network, and opens from a server or from
disk.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import sql_engine, theme
from .navigation import NAVIGATION, entry_of
from .program import GUARD, PROJECT, DashboardError, Settings, exports, put, quoted, worked_queries

HERE = Path(__file__).parent / "sql"
PAGE, ONE_FILE, FOLDER = "sql.html", "sql-one-file.html", "sql"
SCRIPTS = ("engine.js", "chart.js", "page.js")
VIEWS = """
select view_name, sql, comment from duckdb_views()
where database_name = 'warehouse' and schema_name = 'marts' order by view_name
"""
COLUMNS_OF = """
select column_name, data_type, comment from duckdb_columns() where database_name = 'warehouse' and schema_name = 'marts'
"""
POLICY = (
    "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; worker-src blob:; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


def render(warehouse: Path, folder: Path, cache: Path, project: Path = PROJECT, release_id: str = "") -> bool:
    """Write the SQL page of a release into its site.

    Args:
        warehouse: the release's DuckDB file.
        folder: the site's folder.
        cache: where `make sql-page` keeps the engine.
        project: the checkout, for worked queries, headers and redistribution rules.
        release_id: told at the foot of the page.

    Returns:
        Whether the page can answer; without the engine, sql.html says how to get it.

    Raises:
        DashboardError: the warehouse cannot be read, or the folder cannot be written.
    """
    engine = sql_engine.kept(cache)
    try:
        if not engine.exists():
            _write(
                folder / PAGE, engine_bytes=0, release_id=release_id, left_out=[], one_file=False, policy=_policy([])
            )
            return False
        settings = Settings(project=project)
        packed, tables, left_out = _marts(warehouse, settings)
        _write_pages(folder, engine, packed, tables, left_out, settings, release_id)
    except duckdb.Error as error:
        raise DashboardError(
            f"{warehouse}: the SQL page cannot be made from this warehouse: {error}. Run `trends build`."
        ) from error
    except OSError as error:
        raise DashboardError(
            f"{folder}: the SQL page cannot be written: {error}. Free the disk or correct its permissions."
        ) from error
    return True


def _write_pages(
    folder: Path,
    engine: Path,
    packed: str,
    tables: list[dict[str, Any]],
    left_out: list[dict[str, str]],
    settings: Settings,
    release_id: str,
) -> None:
    scripts = "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    marts = json.dumps({"marts": packed})
    catalogue = {
        "tables": tables,
        "queries": [vars(query) for query in worked_queries(settings)],
        "guard": GUARD,
        "parts": {"engine": f"{FOLDER}/engine.js", "marts": f"{FOLDER}/marts.js"},
    }
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / "engine-room.js").write_text(scripts, encoding="utf-8")
    (folder / FOLDER / "marts.js").write_text(f'trendsPart("marts", {marts});\n', encoding="ascii")
    _place_engine(engine, folder / FOLDER / "engine.js")
    sizes = [(folder / FOLDER / name).stat().st_size for name in ("engine.js", "marts.js")]
    common = {
        "release_id": release_id,
        "left_out": left_out,
        "version": sql_engine.DUCKDB,
        "engine_bytes": sizes[0],
        "engine_size": _size(sizes[0]),
        "marts_size": _size(sizes[1]),
        "total_size": _size(sum(sizes)),
        "one_file_size": _size(sum(sizes)),
        # A `<` could end the script element that holds it.
        "catalogue": json.dumps(catalogue, ensure_ascii=False).replace("<", "\\u003c"),
    }
    _write(folder / PAGE, **common, one_file=False, policy=_policy([]))
    _write(
        folder / ONE_FILE,
        **common,
        one_file=True,
        policy=_policy([scripts]),
        script=scripts,
        engine=engine.read_text(encoding="ascii"),
        marts=marts,
    )


def _marts(warehouse: Path, settings: Settings) -> tuple[str, list[dict[str, Any]], list[dict[str, str]]]:
    """The tables that may be passed on: as a small DuckDB file, as a list, and what was left out.

    Uncompressed and by one thread, as the engine's compression leaves chance bytes; gzip makes up for the size.
    """
    with tempfile.TemporaryDirectory() as folder, closing(duckdb.connect(":memory:")) as con:
        path = Path(folder) / "marts.duckdb"
        con.execute("set threads = 1; set force_compression = 'uncompressed'; set timezone = 'UTC'")
        con.execute(f"attach {quoted(str(warehouse))} as warehouse (read_only)")
        con.execute(f"attach {quoted(str(path))} as small (storage_version 'v1.2.0', block_size 16384)")
        # One transaction: each comment would otherwise wait for the disk.
        con.execute("begin; create schema small.marts; use warehouse")
        chosen = exports.choose(con, settings)
        tables = []
        for mart, rows in chosen.marts:
            table = f'small.marts."{mart.name}"'
            con.execute(f"create table {table} as {rows}")
            _comment(con, table, mart)
            count = con.execute(f"select count(*) from {table}").fetchall()[0][0]
            tables.append({"name": mart.name, "meaning": mart.meaning, "rows": count, "columns": mart.columns})
        tables += _views(con, {mart.name for mart, _ in chosen.marts})
        con.execute("commit; checkpoint small; use memory; detach small")
        return sql_engine.packed_text(path.read_bytes()), tables, chosen.left_out


def _views(con: duckdb.DuckDBPyConnection, names: set[str]) -> list[dict[str, Any]]:
    """Make the views over marts that are all there."""
    found = []
    for view, text, meaning in con.execute(VIEWS).fetchall():
        if names.issuperset(re.findall(r"marts\.(\w+)", text.partition(" AS ")[2])):
            columns = con.execute(f"{COLUMNS_OF} and table_name = {quoted(view)} order by column_index").fetchall()
            con.execute(f"use small; {text}; comment on view small.marts.{view} is {quoted(meaning)}; use warehouse")
            count = con.execute(f"select count(*) from small.marts.{view}").fetchall()[0][0]
            found.append({"name": view, "meaning": meaning, "rows": count, "columns": columns})
    return found


def _comment(con: duckdb.DuckDBPyConnection, table: str, mart: exports.Mart) -> None:
    con.execute(f"comment on table {table} is {quoted(mart.meaning)}")
    for column, _, meaning in mart.columns:
        con.execute(f'comment on column {table}."{column}" is {quoted(meaning)}')


def _place_engine(engine: Path, target: Path) -> None:
    """Put the engine beside the page, from one copy that all releases share."""
    script = engine.with_suffix(".js")
    if not script.exists():
        put(script, f'trendsPart("engine", {engine.read_text(encoding="ascii")});\n')
    target.unlink(missing_ok=True)
    try:
        os.link(script, target)
    except OSError:
        # Another file system, or one without links.
        shutil.copyfile(script, target)


def _policy(inline: list[str]) -> str:
    """What the page may run: its own files, or the scripts that stand in it."""
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    return POLICY.format(scripts=" ".join(f"'sha256-{digest}'" for digest in digests) or "'self' file:")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def _write(path: Path, **context: Any) -> None:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = theme.stylesheet() + (HERE / "page.css").read_text(encoding="utf-8")
    text = environment.get_template("page.html.j2").render(
        style=style, navigation=NAVIGATION, section=entry_of(PAGE), **context
    )
    path.write_text(text, encoding="utf-8")
