"""The published tables for others to build on: every mart as CSV and Parquet, described by a Frictionless data package.

exports/<mart>.csv.gz, exports/<mart>.parquet and exports/datapackage.json, in every release. The same input gives the
same bytes. What data/reference/redistribution.csv does not say may be passed on is left out, and the package says so.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ..errors import ReleaseError
from ..json_text import parsed_json
from ..landing.cards import digest
from ..reference.sources import PASSED_ON, redistribution
from ..settings import Settings
from ..sql_text import parquet, quoted
from ..warehouse import keys
from ..warehouse.models import Model, read_models
from ..warehouse.parallel import WORKERS, Connections
from . import described

# Values of the column `redistribution`, and those that let a figure be passed on. A source without a row may not.
# Columns that say whose figures a row holds.
WHOSE = ("source", "other_source", "evidence_source")
# Where the figures of all sources are together: a table that goes back to one of these, or to a source's own staging
# tables, and has none of WHOSE, does not say whose its rows are.
FIGURES = "intermediate.observations"
COMPUTED = "staging.analysis__"
TYPES = {"VARCHAR": "string", "DATE": "date", "TIMESTAMP": "datetime", "BOOLEAN": "boolean"}
NUMBERS = {"DOUBLE": "number", "FLOAT": "number", "BIGINT": "integer", "INTEGER": "integer", "SMALLINT": "integer"}
# Columns that name a row of another table, in every mart.
FAR = {
    "framework": ("frameworks", "framework"),
    "framework_a": ("frameworks", "framework"),
    "framework_b": ("frameworks", "framework"),
    "source": ("source_status", "source"),
}
UNITS = {"_pct": "percent", "_count": "count", "_days": "days", "_at": "UTC", "_index": "index"}
# Of rows of a mart, what their references ask, the strictest first; without references, what their sources ask.
TERMS = """
with used as ({used})
select distinct licences.terms, licences.strictness, used.whose
from used inner join warehouse.staging.reference__licences as licences using (licence)
order by licences.strictness desc, licences.terms, used.whose
"""
OF_REFERENCES = """
select distinct publications.licence, publications.publisher as whose
from ({rows}) as rows
inner join warehouse.staging.reference__references as publications on publications.reference = rows.reference
"""
OF_SOURCES = """
select licence, attribution as whose from warehouse.marts.source_status
where row_count > 0 and source in (select unnest([{listed}]))
"""
QUALIFIER = re.compile(r"\b\w+\.")  # of a column
LEVEL = 5  # of gzip: 6 takes half as long again for 1.4 percent
PIECE_BYTES = 1 << 20
ROW_GROUP = 40_960  # of Parquet; 122,880 take a quarter more memory, and 2 percent less of the disk
COLUMNS = """
select table_name, column_name, data_type, comment from duckdb_columns()
where database_name = 'warehouse' and schema_name = 'marts' order by table_name, column_index
"""
TABLES = """
select table_name, comment from duckdb_tables() where database_name = 'warehouse' and schema_name = 'marts'
order by table_name
"""


@dataclass(frozen=True)
class Mart:
    """A table to export.

    Attributes:
        name: table name.
        meaning: what it is.
        columns: name, type and meaning of each.
        key: columns that identify a row; empty where no model says so.
        is_in_order: whether its rows are stored in the order of the key.
        unsaid: sources whose figures its rows may hold without saying so.
    """

    name: str
    meaning: str
    columns: tuple[tuple[str, str, str], ...]
    key: tuple[str, ...]
    is_in_order: bool
    unsaid: frozenset[str]

    @property
    def whose(self) -> list[str]:
        """Its columns that name a source."""
        return [column for column, _, _ in self.columns if column in WHOSE]

    @property
    def order(self) -> str:
        """What sorts its rows by the key; nothing where they are stored so."""
        return "" if self.is_in_order else f" order by {', '.join(self.key) or 'all'}"


def write(
    settings: Settings, warehouse: Path, folder: Path, fingerprint: str, before: Path | None = None, release: str = ""
) -> None:
    """Write the exports of a release.

    Args:
        settings: folders.
        warehouse: the release's DuckDB file.
        folder: folder to make.
        fingerprint: of the release; becomes the package's version.
        before: exports of another release; files of tables that are the same are shared with it.
        release: its id, which is the time of its build.

    Raises:
        ReleaseError: the folder cannot be written.
    """
    try:
        folder.mkdir()
        with reading(settings, warehouse) as con:
            package = _package(con, settings, Target(folder, keys.read(con), before, release), fingerprint)
        text = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
        (folder / "datapackage.json").write_text(text, encoding="utf-8")
        described.write(package, folder, settings.site_url, settings.reference / described.LICENCES)
    except (duckdb.IOException, OSError) as error:
        raise ReleaseError(
            f"{folder}: the exports cannot be written ({' '.join(str(error).split())}). "
            "Free the disk or correct its permissions; what was published stays as it is."
        ) from error


@contextmanager
def reading(settings: Settings, warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that reads a release's file, attached as `warehouse`, in the little memory that takes."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.memory_limit,
        "temp_directory": str(settings.data / "tmp"),
    }
    with closing(duckdb.connect(":memory:", config=config)) as con:
        con.execute(f"attach {quoted(str(warehouse))} as warehouse (read_only)")
        con.execute("use warehouse; set timezone = 'UTC'; set threads = 1; set preserve_insertion_order = true")
        con.execute("set enable_external_file_cache = false")  # no file is read twice
        yield con


class Target:
    """The folder to fill, and what another one holds already.

    Args:
        folder: gets the files.
        known: keys of the warehouse's tables (flows/warehouse/keys.py).
        before: exports of another release.
        release: id of this one.
    """

    def __init__(self, folder: Path, known: Mapping[str, keys.Known], before: Path | None, release: str) -> None:
        self.folder, self._known, self._before, self.release = folder, known, before, release
        self._held: dict[str, dict[str, Any]] = {}
        if before is not None:
            with suppress(OSError, ValueError, KeyError, TypeError):  # a damaged one is not built on
                package = parsed_json((before / "datapackage.json").read_text(encoding="utf-8"))
                self._held = {resource["name"]: resource for resource in package["resources"]}

    def made_from(self, mart: Mart, rows: str, terms: Mapping[str, Any]) -> str | None:
        """Checksum over what the files of a mart hold, words included; None for a table without a key."""
        known = self._known.get(f"marts.{mart.name}")
        words = (rows, mart.meaning, str(mart.columns), str(mart.key), json.dumps(terms))
        return digest(known.rows_key, *words) if known else None

    def shared(self, mart: Mart, made_from: str | None) -> dict[str, Any] | None:
        """Share the files of a mart if they were made from the same; return their description."""
        held = self._held.get(mart.name, {})
        if self._before is None or made_from is None or held.get("made_from") != made_from:
            return None
        files = {self._before / held["path"]: held["bytes"]}
        files[self._before / held["parquet"]["path"]] = held["parquet"]["bytes"]
        if not all(file.is_file() and file.stat().st_size == size for file, size in files.items()):
            return None
        for file in files:
            os.link(file, self.folder / file.name)
        return held


@dataclass(frozen=True)
class Chosen:
    """What may be passed on.

    Attributes:
        marts: each table with the query for its rows, in a fixed order.
        left_out: what is not among them, and why.
        sources: rows of marts.source_status.
        may: by source, whether its figures may be passed on, and why.
    """

    marts: list[tuple[Mart, str]]
    left_out: list[dict[str, str]]
    sources: list[dict[str, Any]]
    may: dict[str, tuple[str, str]]


def choose(con: duckdb.DuckDBPyConnection, settings: Settings) -> Chosen:
    """Decide what of the attached database `warehouse` may be passed on."""
    rules = redistribution(settings)
    sources = _rows(con, "select source, label, licence, attribution, row_count from marts.source_status")
    unruled = ("no", "no row in data/reference/redistribution.csv says that it may")
    may = {each["source"]: rules.get(each["source"], unruled) for each in sources}
    allowed = [source for source, (value, _) in rules.items() if value in PASSED_ON]
    refused = [each["source"] for each in sources if each["source"] not in allowed and each["row_count"]]
    marts = _marts(con, settings, [each["source"] for each in sources])
    left_out = [{"source": source, "reason": may[source][1]} for source in may if source not in allowed]
    left_out += [
        {"table": mart.name, "reason": f"its rows hold figures of {', '.join(of)} and do not say whose they are"}
        for mart in marts
        if (of := [source for source in refused if source in mart.unsaid])
    ]
    kept = [(mart, _rows_of(mart, allowed)) for mart in marts if mart.unsaid.isdisjoint(refused)]
    return Chosen(kept, left_out, sources, may)


def _rows_of(mart: Mart, allowed: Sequence[str]) -> str:
    """The query for the rows of a mart that may be passed on."""
    listed = ", ".join(quoted(source) for source in allowed) or "null"
    kept = " and ".join(f"(coalesce({column}, '') = '' or {column} in ({listed}))" for column in mart.whose) or "true"
    return f'select * from warehouse.marts."{mart.name}" where {kept}{mart.order}'


def _package(con: duckdb.DuckDBPyConnection, settings: Settings, target: Target, fingerprint: str) -> dict[str, Any]:
    chosen = choose(con, settings)
    return {
        "profile": "data-package",
        "name": "framework-trends",
        "title": "Framework Trends",
        "description": (
            "How machine-learning frameworks rise and fall, by source. Sources count different things: never add "
            "them up. A missing row means not asked or not observed, never zero."
        ),
        "version": fingerprint[:12],
        "release": target.release,
        "created": _created(target.release),
        "licenses": _licences([each for each in chosen.sources if chosen.may[each["source"]][0] == "yes"]),
        "sources": [_source(each, *chosen.may[each["source"]]) for each in chosen.sources],
        "left_out": chosen.left_out,
        "resources": _resources(con, chosen.marts, target),
    }


def _resources(
    con: duckdb.DuckDBPyConnection, marts: Sequence[tuple[Mart, str]], target: Target
) -> list[dict[str, Any]]:
    """Write the marts, several at a time; return their descriptions in the same order."""
    connections = Connections(con, WORKERS)

    def write_one(chosen: tuple[Mart, str]) -> dict[str, Any]:
        with connections.transaction() as own:
            return _resource(own, *chosen, target)

    with closing(connections), ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(write_one, marts))


def _marts(con: duckdb.DuckDBPyConnection, settings: Settings, sources: Sequence[str]) -> list[Mart]:
    models = {model.table: model for model in read_models(settings.sql, con)}
    columns: dict[str, list[tuple[str, str, str]]] = {}
    for table, column, kind, comment in con.execute(COLUMNS).fetchall():
        columns.setdefault(table, []).append((column, kind, comment or ""))
    marts = []
    for name, comment in con.execute(TABLES).fetchall():
        model = models.get(f"marts.{name}")
        has_whose = any(column in WHOSE for column, _, _ in columns[name])
        of = _sources_of(model, models, sources) if model else frozenset(sources)
        unsaid = frozenset() if has_whose else of
        key, is_in_order = (model.grain, _is_in_order(model)) if model else ((), False)
        marts.append(Mart(name, comment or "", tuple(columns[name]), key, is_in_order, unsaid))
    return marts


def _is_in_order(model: Model) -> bool:
    """Whether a query ends with the order of the key: so its rows are stored, and a large table is not sorted again."""
    words = " ".join(QUALIFIER.sub("", model.query).split())
    return words.endswith(f" order by {', '.join(model.grain)}")


def _sources_of(model: Model, models: Mapping[str, Model], sources: Sequence[str]) -> frozenset[str]:
    """The sources whose figures a model's rows go back to."""
    seen: set[str] = set()
    waiting = [model.table]
    while waiting:
        table = waiting.pop()
        if table == FIGURES or table.startswith(COMPUTED):
            return frozenset(sources)
        if table in models and table not in seen:
            seen.add(table)
            waiting += models[table].reads
    staged = {table.removeprefix("staging.").partition("__")[0] for table in seen}
    return frozenset(staged & set(sources))


def _terms(con: duckdb.DuckDBPyConnection, mart: Mart, rows: str) -> dict[str, Any]:
    """The licences of a mart's rows, the strictest first, and whom to name."""
    names = {name for name, _, _ in mart.columns}
    if {"reference", "value"} <= names:
        used = OF_REFERENCES.format(rows=rows)
    else:
        sources = set(mart.unsaid)
        for column in mart.whose:
            sources |= {row[0] for row in con.execute(f"select distinct {column} from ({rows})").fetchall() if row[0]}
        used = OF_SOURCES.format(listed=", ".join(map(quoted, sorted(sources))) or "null")
    found = con.execute(TERMS.format(used=used)).fetchall()
    return {
        "licenses": [described.licence(name) for name in dict.fromkeys(terms for terms, _, _ in found)],
        "attribution": list(dict.fromkeys(whose for _, _, whose in found)),
    }


def _pack(plain: Path, packed: Path) -> None:
    """Pack a file and delete it: zlib takes half of the time of the engine's own gzip."""
    with (
        plain.open("rb") as source,
        packed.open("wb") as file,
        gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as target,
    ):
        shutil.copyfileobj(source, target, PIECE_BYTES)
    plain.unlink()


def _resource(con: duckdb.DuckDBPyConnection, mart: Mart, rows: str, target: Target) -> dict[str, Any]:
    """Write one mart in both forms; return its description."""
    terms = _terms(con, mart, rows.removesuffix(mart.order))  # sorted only to be thrown away, half a second
    made_from = target.made_from(mart, rows, terms)
    if held := target.shared(mart, made_from):
        return held | terms
    table, columns = target.folder / f"{mart.name}.csv.gz", target.folder / f"{mart.name}.parquet"
    plain = target.folder / f".{mart.name}.csv"
    told = {
        "title": f"Framework Trends: {mart.name}",
        "description": mart.meaning,
        "columns": json.dumps({name: meaning for name, _, meaning in mart.columns}, ensure_ascii=False),
        "licences": ", ".join(one["name"] for one in terms["licenses"]),
        "attribution": "; ".join(terms["attribution"]),
        "first_release": target.release,
    }
    metadata = ", ".join(f"{name}: {quoted(words)}" for name, words in told.items())
    con.execute(
        f"copy ({rows}) to {quoted(str(columns))} (format parquet, compression zstd, compression_level 9, "
        f"row_group_size {ROW_GROUP}, kv_metadata {{{metadata}}})"
    )
    # Sorted once, and held by no table: the Parquet file has the rows in their order.
    con.execute(
        f"copy (from {parquet(columns)}) to {quoted(str(plain))} (format csv, header, delimiter ',', "
        "quote '\"', escape '\"', timestampformat '%Y-%m-%dT%H:%M:%SZ', dateformat '%Y-%m-%d')"
    )
    _pack(plain, table)
    return {
        "profile": "tabular-data-resource",
        "name": mart.name,
        "description": mart.meaning,
        "path": table.name,
        "format": "csv",
        "mediatype": "text/csv",
        "compression": "gz",
        "encoding": "utf-8",
        **_checksum(table),
        "parquet": {"path": columns.name, **_checksum(columns)},
        "schema": _schema(mart),
        **terms,
        **({"made_from": made_from} if made_from else {}),
    }


def _schema(mart: Mart) -> dict[str, Any]:
    fields = []
    for column, kind, meaning in mart.columns:
        field = {"name": column, "type": TYPES.get(kind) or NUMBERS.get(kind) or "string", "description": meaning}
        if unit := next((unit for ending, unit in UNITS.items() if column.endswith(ending)), None):
            field["unit"] = unit
        fields.append(field)
    key: dict[str, Any] = {"primaryKey": list(mart.key)} if mart.key else {}
    far = [
        {"fields": [column], "reference": {"resource": FAR[column][0], "fields": [FAR[column][1]]}}
        for column, _, _ in mart.columns
        # A claim may be about events, which no source tells.
        if column in FAR and FAR[column][0] != mart.name and (column != "source" or column in mart.key)
    ]
    return {"fields": fields, "missingValues": [""], **key, **({"foreignKeys": far} if far else {})}


def _checksum(path: Path) -> dict[str, Any]:
    held = path.read_bytes()
    return {"bytes": len(held), "hash": f"sha256:{hashlib.sha256(held).hexdigest()}"}


def _source(source: Mapping[str, Any], value: str, reason: str) -> dict[str, Any]:
    return {
        "title": source["label"],
        "source": source["source"],
        "licence": source["licence"],
        "attribution": source["attribution"],
        "redistribution": value,
        "reason": reason,
    }


def _licences(sources: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The licences that figures are passed on under; for the other sources see `sources`."""
    names = dict.fromkeys(str(each["licence"]).replace(" ", "-") for each in sources)
    return [described.licence(name) for name in names]


def _created(release: str) -> str:
    """When a release was built, from its id."""
    return f"{release[:13]}:{release[13:15]}:{release[15:17]}Z" if release else "1970-01-01T00:00:00Z"


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = con.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
