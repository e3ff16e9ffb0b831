"""A DuckDB connection with the lake attached: its extensions, its credentials, and errors without passwords.

The lake is a DuckLake (https://ducklake.select): a catalogue, in PostgreSQL where several hosts write, and Parquet
files in a folder or an object store. The extensions come with the optional group `lake` as Python packages, so that
nothing is downloaded when a connection is made.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import duckdb

from ..errors import LakeError
from ..settings import Settings
from ..sql_text import quoted

EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")
# Credentials of the object store, as every tool reads them; a persistent secret of DuckDB serves as well.
KEYS = {"key_id": "AWS_ACCESS_KEY_ID", "secret": "AWS_SECRET_ACCESS_KEY", "session_token": "AWS_SESSION_TOKEN"}
REGION, ENDPOINTS = "AWS_REGION", ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
PASSWORD = re.compile(
    r"""(?<=://)([^/@\s:]*):[^\s"']*@|(?<=password)(\s*=\s*)(?:'(?:\\.|[^'\\])*'|[^\s&"']+)""", re.IGNORECASE
)
# The same where the whole address is known, so that a password may hold any letter.
GIVEN = re.compile(
    r"""^\w+://[^/@:]*:(.*)@|password\s*=\s*(?:'((?:\\.|[^'\\])*)'|([^\s&]+))""", re.IGNORECASE | re.DOTALL
)
FORBIDDEN = re.compile(r"\bForbidden\b|\bHTTP( code)? 40[13]\b|AccessDenied")
UNREACHED = "Is the server up, and may this host reach it?"
# What DuckLake and PostgreSQL say where another host's commit came between.
CAME_BETWEEN = re.compile(r"conflict|could not serialize|deadlock|maximum retry count", re.IGNORECASE)
OVERTAKEN = "Other hosts were first each time; the next refresh tries again."
REFUSED = (
    "That is, the store refuses us: are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of this store, and may the key "
    "read, write and delete below TRENDS_LAKE_DATA?"
)
# A cable that is cut tells nobody. Both ends of a connection to PostgreSQL give each other up after half a minute
# without a sign, in place of a quarter of an hour and two hours: the host says so, and the server lets go of what the
# others wait for. What stands in the address goes before.
SECONDS = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
SIGNS_OF_LIFE = {name: str(number) for name, number in SECONDS.items()} | {
    "connect_timeout": "10",
    "tcp_user_timeout": "30000",
    "options": " ".join(f"-c tcp_{name}={number}" for name, number in {**SECONDS, "user_timeout": 30_000}.items()),
}
# Two hosts that commit at the same moment: the later one looks again and repeats, by these settings of DuckLake.
RETRIES = "set ducklake_max_retry_count = 30; set ducklake_retry_wait_ms = 50"


def without_passwords(text: str, lake: str = "") -> str:
    """The same words with every password blotted out.

    Args:
        text: may hold addresses.
        lake: address whose password goes wherever it stands.
    """
    for found in GIVEN.finditer(lake):
        secret = next(group for group in found.groups() if group is not None)
        for written in filter(None, (secret, unquote(secret))):
            text = text.replace(written, "***")
    return PASSWORD.sub(lambda found: f"{found[1]}:***@" if found[1] is not None else f"{found[2]}***", text)


def reason(said: object) -> str:
    """What DuckDB says first of an error, in one line; of a commit that failed, DuckLake's own reason stands below it.

    Further lines may hold what signs a request to the store.
    """
    lines = str(said).splitlines()
    return " ".join(lines[: 2 if "Failed to commit" in lines[0] else 1])[:500] if lines else ""


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Let errors of DuckDB come out as LakeError, without passwords."""
    try:
        yield
    except duckdb.Error as error:
        lake = settings.lake or ""
        said = str(error).replace(_server(lake), lake)  # as it was given
        words = reason(without_passwords(said, lake))
        cure = REFUSED if FORBIDDEN.search(words) else OVERTAKEN if CAME_BETWEEN.search(words) else UNREACHED
        raise LakeError(
            f"{shown(settings)}: {words}. {cure} What is published here stays as it is."
        ) from None  # the engine's own words tell the whole address


@contextmanager
def connected(
    settings: Settings,
    environ: Mapping[str, str] = os.environ,
    *,
    snapshot: int | None = None,
    read_only: bool = False,
    run_id: str = "",
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection in memory with the lake attached as `lake`; errors of DuckDB come out as LakeError.

    Args:
        settings: where the lake is (TRENDS_LAKE, TRENDS_LAKE_DATA), and the memory limit.
        environ: credentials of the object store and of PostgreSQL (PGPASSWORD, PGPASSFILE).
        snapshot: read the lake as it was at this snapshot.
        read_only: change nothing, also do not make the lake.
        run_id: attach the catalogue of a run on the cluster as `work`, in place of the lake.

    Raises:
        LakeError: no lake is set, a package is missing, the lake cannot be reached, or a statement failed.
    """
    con = duckdb.connect(":memory:", config={"memory_limit": settings.memory_limit})
    try:
        with told(settings):
            if run_id:
                attach_work(con, settings, run_id, environ)
            else:
                attach(con, settings, environ, snapshot=snapshot, read_only=read_only)
            yield con
    finally:
        # The engine aborts the process when it finds, on closing, that a transaction's server has died.
        with suppress(Exception):
            con.execute("rollback")
        con.close()


def attach(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    environ: Mapping[str, str] = os.environ,
    *,
    snapshot: int | None = None,
    read_only: bool = False,
) -> None:
    """Load the extensions and attach the lake as `lake`."""
    _prepare(con, settings, environ)
    options = [f"data_path {quoted(data_path(settings))}"]
    options += ["read_only"] if read_only else []
    options += [f"snapshot_version {snapshot}"] if snapshot is not None else []
    con.execute(f"attach {quoted(_address(settings))} as lake ({', '.join(options)})")


def attach_work(
    con: duckdb.DuckDBPyConnection, settings: Settings, run_id: str, environ: Mapping[str, str] = os.environ
) -> None:
    """Load the extensions and attach the catalogue of a run as `work`, a schema of its own in the lake's server."""
    _prepare(con, settings, environ)
    if not _is_server(settings.lake or ""):
        raise LakeError(
            f"TRENDS_LAKE: expected an address of PostgreSQL, since workers write at the same time, found "
            f"{shown(settings)}. One file serves one host without a cluster."
        )
    options = f"data_path {quoted(work_path(settings, run_id))}, metadata_schema {quoted(work_schema(run_id))}"
    con.execute(f"attach {quoted(_address(settings))} as work ({options})")


def end_work(con: duckdb.DuckDBPyConnection, settings: Settings, run_id: str) -> None:
    """Remove the files of a run and its catalogue, and detach it."""
    tables = con.execute("select table_name from duckdb_tables() where database_name = 'work'").fetchall()
    for (table,) in tables:
        con.execute(f"drop table work.{table}")
    con.execute("call ducklake_expire_snapshots('work', older_than => now() + interval 1 day)")
    con.execute("call ducklake_cleanup_old_files('work', cleanup_all => true)")
    con.execute("detach work")
    con.execute(f"attach {quoted(_server(settings.lake or ''))} as server (type postgres)")
    con.execute(f"drop schema server.{work_schema(run_id)} cascade")
    con.execute("detach server")


def work_schema(run_id: str) -> str:
    """Schema of PostgreSQL that holds the catalogue of a run."""
    return f"work_{run_id}"


def work_path(settings: Settings, run_id: str) -> str:
    """Where the files of a run lie, ending in a slash."""
    return f"{data_path(settings)}work/{run_id}/"


def _prepare(con: duckdb.DuckDBPyConnection, settings: Settings, environ: Mapping[str, str]) -> None:
    """Load the extensions, and give the connection the credentials of the object store."""
    if not settings.lake or not settings.lake_data:
        raise LakeError(
            "TRENDS_LAKE and TRENDS_LAKE_DATA: expected the address of a catalogue and a folder or bucket, found "
            f"{'no catalogue' if not settings.lake else 'no place for the data'}. Set both, for example "
            "postgresql://trends@db/lake and s3://bucket/trends/."
        )
    for name in EXTENSIONS:
        con.execute(f"load {quoted(str(extension(name)))}")
    con.execute(f"set timezone = 'UTC'; {RETRIES}")
    if settings.lake_data.startswith("s3://") and (secret := _secret(environ)):
        con.execute(f"create or replace secret (type s3, {secret})")


def shown(settings: Settings) -> str:
    """The lake's address as it may be printed."""
    return without_passwords(settings.lake or "", settings.lake or "")


def data_path(settings: Settings) -> str:
    """Where the lake's files lie, ending in a slash; a folder by its whole path."""
    place = settings.lake_data or ""
    return f"{place if '://' in place else Path(place).expanduser().absolute()}".rstrip("/") + "/"


def extension(name: str) -> Path:
    """The file of an extension, from its package."""
    found = find_spec(f"duckdb_extension_{name}")
    folders = [Path(folder) for folder in found.submodule_search_locations or ()] if found else []
    files = [file for folder in folders for file in folder.glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension")]
    if not files:
        raise LakeError(
            f"the lake: expected the extension {name} for DuckDB {duckdb.__version__}, found none. "
            "Install the optional group: pip install 'framework-trends[lake]'."
        )
    return files[0]


def _address(settings: Settings) -> str:
    """What DuckLake calls the catalogue: a server of PostgreSQL, or one file for one host."""
    lake = settings.lake or ""
    if _is_server(lake):
        return f"ducklake:postgres:{_server(lake)}"
    return f"ducklake:{Path(lake).expanduser().absolute()}"


def _server(lake: str) -> str:
    """The address of a server, with what keeps a lost connection from being waited for."""
    added = {name: text for name, text in SIGNS_OF_LIFE.items() if not re.search(rf"\b{name}\s*=", lake)}
    if "://" not in lake:
        return " ".join([lake, *(f"{name}={quoted(text)}" for name, text in added.items())])
    return f"{lake}{'&' if '?' in lake else '?'}{urlencode(added, quote_via=quote)}"


def _is_server(lake: str) -> bool:
    return bool(re.match(r"postgres(ql)?://", lake) or re.search(r"\b(dbname|host|service)=", lake))


def _secret(environ: Mapping[str, str]) -> str:
    """Options of the secret of an object store, as the environment gives them; empty where it gives no key."""
    given = {word: environ[name] for word, name in KEYS.items() if environ.get(name)}
    if "key_id" not in given:
        return ""
    if region := environ.get(REGION):
        given["region"] = region
    options = [f"{word} {quoted(text)}" for word, text in given.items()]
    if endpoint := next((environ[name] for name in ENDPOINTS if environ.get(name)), ""):
        scheme, _, host = endpoint.rstrip("/").rpartition("://")
        options += [f"endpoint {quoted(host)}", f"use_ssl {str(scheme != 'http').lower()}", "url_style 'path'"]
    return ", ".join(options)
