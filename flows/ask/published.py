"""A release that somebody else published, made a warehouse of again: its tables by HTTP, each held to its checksum.

A site holds what may be passed on, as data/*.parquet with a datapackage.json that tells their SHA-256. Tables are
fetched once per version and kept; only the description is asked for again.
"""

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from ..errors import ReleaseError
from ..json_text import parsed_json
from ..network.web import Answer, Web
from ..replacing import replaced
from ..settings import Settings
from ..sql_text import parquet, quoted
from ..warehouse.models import read_model

VIEWS = ("pairs",)  # marts that are no tables, and are made here from those that are
NAME = re.compile(r"[a-z][a-z0-9_]*")
CURE = "Is this the address of a site that framework-trends made?"


def fetched(address: str, settings: Settings) -> Path:
    """The warehouse of a published site.

    Args:
        address: of the site, of its data folder or of its datapackage.json.
        settings: time limits, and the folder that keeps what was fetched.

    Raises:
        ReleaseError: it is no such site, or a table is not what its description says.
        NetworkError: it cannot be reached.
    """
    base = address.removesuffix("datapackage.json").rstrip("/")
    base = base if base.endswith(("/data", "/exports")) else f"{base}/data"
    with Web(settings, source="ask/published") as web:
        body = web.get(f"{base}/datapackage.json").body
        tables = _tables(body, f"{base}/datapackage.json")
        kept = settings.data / "cache" / "published" / f"{hashlib.sha256(body).hexdigest()[:16]}.duckdb"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with replaced(kept) as temporary:
                _make(temporary, base, tables, web, settings)
    return kept


def _tables(body: bytes, address: str) -> list[dict[str, Any]]:
    """The descriptions of the tables."""
    try:
        resources = parsed_json(body)["resources"]
        for each in resources:
            if not NAME.fullmatch(each["name"]) or each["parquet"]["path"] != f"{each['name']}.parquet":
                raise ValueError(each["name"])
            each["parquet"]["hash"].removeprefix("sha256:")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(
            f"{address}: expected the description of a release with its Parquet files, found something else "
            f"({type(error).__name__}: {error}). {CURE}"
        ) from error
    return list(resources)


def _make(target: Path, base: str, tables: list[dict[str, Any]], web: Web, settings: Settings) -> None:
    with closing(duckdb.connect(str(target))) as con:
        con.execute("create schema marts")
        for each in tables:
            answer = web.get(f"{base}/{each['parquet']['path']}")
            _insert(con, each, _checked(answer, each["parquet"]["hash"]), target.with_suffix(".parquet"))
        held = {each["name"] for each in tables}
        for name in VIEWS:
            model = read_model(settings.sql / "marts" / f"{name}.sql", con)
            if name not in held and {table.removeprefix("marts.") for table in model.reads} <= held:
                con.execute(f"create view marts.{name} as {model.query}")
                _comment(con, name, model.columns)


def _checked(answer: Answer, told: str) -> bytes:
    found = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
    if found != told:
        raise ReleaseError(
            f"{answer.final_address}: expected {told}, found {found} ({len(answer.body):,} bytes). "
            "A release may have been published in between: try again."
        )
    return answer.body


def _insert(con: duckdb.DuckDBPyConnection, described: dict[str, Any], body: bytes, file: Path) -> None:
    """One table with the meanings of its columns."""
    file.write_bytes(body)
    try:
        con.execute(f"create table marts.{described['name']} as from {parquet(file)}")
    finally:
        file.unlink()
    fields = described.get("schema", {}).get("fields", ())
    _comment(con, described["name"], {str(field.get("name")): str(field.get("description") or "") for field in fields})


def _comment(con: duckdb.DuckDBPyConnection, table: str, meanings: Mapping[str, str]) -> None:
    for column, meaning in meanings.items():
        if NAME.fullmatch(column):
            con.execute(f'comment on column marts.{table}."{column}" is {quoted(meaning)}')
