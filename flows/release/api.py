"""Static JSON for programs: site/api/v1/, a folder of small files that any web server gives.

headlines, pairs, frameworks, status and changes are tables; series/<source>.json holds the figures of one source, by
series, population, grain and framework. openapi.json describes the addresses, schema.json what stands in each. What
exports leave out is left out here too, and index.json says so.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from ..errors import ReleaseError
from ..settings import Settings
from .exports import NUMBERS, TYPES, Chosen, Mart, choose, reading
from .releases import Release

VERSION = "v1"
# file: the mart that it holds, and what of it.
FILES = {
    "headlines": ("headlines", "true"),
    "pairs": ("head_to_head_latest", "is_headline"),
    "frameworks": ("frameworks", "true"),
    "status": ("source_status", "true"),
    "changes": ("change_log", "true"),
}
SERIES = "framework_shares"
LINE = ("series", "population", "grain", "framework", "unit")
POINT = ("period_start", "value", "base", "share_pct", "share_low_pct", "share_high_pct")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write(settings: Settings, warehouse: Path, folder: Path, release: Release) -> None:
    """Write the files of a release into a new folder.

    Raises:
        ReleaseError: the folder cannot be written.
    """
    try:
        (folder / "series").mkdir(parents=True)
        with reading(settings, warehouse) as con:
            for name, text in _files(con, choose(con, settings), release, settings.site_url).items():
                (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ReleaseError(
            f"{folder}: the static JSON cannot be written ({error}). Free the disk or correct its permissions; "
            "what was published stays as it is."
        ) from error


def _files(con: duckdb.DuckDBPyConnection, chosen: Chosen, release: Release, address: str) -> dict[str, str]:
    """Every file by its name, and the text that stands in it."""
    head = {"release": release.release_id, "built_at": release.built_at, "fingerprint": release.fingerprint}
    marts = {mart.name: (mart, rows) for mart, rows in chosen.marts}
    files: dict[str, str] = {}
    schemas: dict[str, Any] = {}
    for name, (table, wanted) in FILES.items():
        if table in marts:
            mart, rows = marts[table]
            found = con.execute(f"select * from ({rows}) where {wanted}")
            names = [column[0] for column in found.description or ()]
            files[name] = _text(head | {"rows": [dict(zip(names, row, strict=True)) for row in found.fetchall()]})
            schemas[name] = _document({"type": "array", "items": _row(mart)}, "rows", mart.meaning)
    if SERIES in marts:
        mart, rows = marts[SERIES]
        series = _series(con, rows.removesuffix(mart.order))
        for source in chosen.sources:
            if source["source"] in series:
                whose = {key: source[key] for key in ("source", "label", "licence", "attribution")}
                lines = ",".join(series[source["source"]])
                files[f"series/{source['source']}"] = f'{_text(head | whose)[:-1]},"lines":[{lines}]}}'
        schemas["series"] = _series_schema(mart)
    files["schema"] = _text({"$schema": DIALECT, "$defs": schemas})
    listed = [f"{name}.json" for name in files]
    files["openapi"] = _text(_openapi(listed, schemas, address))
    index = {"version": VERSION, "files": [*listed, "openapi.json"], "left_out": chosen.left_out}
    files["index"] = _text(head | index)
    return files


def _text(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _series(con: duckdb.DuckDBPyConnection, rows: str) -> dict[str, list[str]]:
    """By source its lines in JSON: what they are of, and their points in the order of time.

    The engine writes the points, in a fifth of the time and without an object of Python for each figure.
    """
    line = ", ".join(LINE)
    found: dict[str, list[str]] = {}
    for source, points, *values in con.execute(
        f"select source, string_agg(json_array({', '.join(POINT)}), ',' order by period_start), {line} "
        f"from ({rows}) group by source, {line} order by source, {line}"
    ).fetchall():
        named = _text(dict(zip(LINE, values, strict=True)))
        found.setdefault(source, []).append(f'{named[:-1]},"points":[{points}]}}')
    return found


def _plain(value: Any) -> Any:
    """A value of the engine in JSON."""
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return value.isoformat() if isinstance(value, date) else str(value)


def _value(kind: str, meaning: str) -> dict[str, Any]:
    named = TYPES.get(kind) or NUMBERS.get(kind) or "string"
    form = {"date": {"format": "date"}, "datetime": {"format": "date-time"}}.get(named, {})
    return {"type": ["string" if form else named, "null"], "description": meaning, **form}


def _row(mart: Mart) -> dict[str, Any]:
    columns = {name: _value(kind, meaning) for name, kind, meaning in mart.columns}
    return {"type": "object", "properties": columns, "required": list(columns), "additionalProperties": False}


def _document(content: Mapping[str, Any], name: str, meaning: str, more: tuple[str, ...] = ()) -> dict[str, Any]:
    words = ("release", "built_at", "fingerprint", *more)
    return {
        "description": meaning,
        "type": "object",
        "properties": {word: {"type": "string"} for word in words} | {name: dict(content)},
        "required": [*words, name],
        "additionalProperties": False,
    }


def _series_schema(mart: Mart) -> dict[str, Any]:
    known = {name: _value(kind, meaning) for name, kind, meaning in mart.columns}
    points = {
        "type": "array",
        "description": f"each of {', '.join(POINT)}",
        "items": {
            "type": "array",
            "prefixItems": [known[name] for name in POINT],
            "minItems": len(POINT),
            "maxItems": len(POINT),
        },
    }
    line = {
        "type": "object",
        "properties": {name: known[name] for name in LINE} | {"points": points},
        "required": [*LINE, "points"],
        "additionalProperties": False,
    }
    whose = ("source", "label", "licence", "attribution")
    return _document({"type": "array", "items": line}, "lines", f"Figures of one source. {mart.meaning}", whose)


def _openapi(files: list[str], schemas: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Every file as an address to read."""

    def answer(file: str) -> dict[str, Any]:
        name = file.removesuffix(".json").partition("/")[0]
        schema = {"$ref": f"#/components/schemas/{name}"} if name in schemas else {"type": "object"}
        return {"200": {"description": "As published.", "content": {"application/json": {"schema": schema}}}}

    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Framework Trends",
            "version": VERSION,
            "description": "Static files, renewed with each release. Sources count different things: never add them. "
            "A missing point means not asked or not observed, never zero.",
        },
        "servers": [{"url": f"{address}/api/{VERSION}" if address else "."}],
        "paths": {
            f"/{file}": {
                "get": {"operationId": f"get_{file.removesuffix('.json').replace('/', '_')}"}
                | {"responses": answer(file)}
            }
            for file in [*files, "index.json"]
        },
        "components": {"schemas": dict(schemas)},
    }
