"""CodeOfPaper's dump: papers, repositories and the links between them, as Parquet on Hugging Face.

Part of the source papers_after_2025. The names of its files come from the listing of Hugging Face, those of its columns
from the files: the operator is small and documents neither for good, so each column has several names that we know.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path
from typing import Any

from ...engine import duckdb
from ...errors import NetworkError, SourceError
from ...landing.landing import LandedFile, Landing
from ...landing.loading import looking, reading
from ...sql_text import first_line, parquet, quoted

log = logging.getLogger(__name__)

DATASET = "codeofpaper/paper-code-graph"
LISTING = f"https://huggingface.co/api/datasets/{DATASET}/parquet"
TREE = f"https://huggingface.co/api/datasets/{DATASET}/tree/main"
FILE = f"https://huggingface.co/datasets/{DATASET}/resolve/main/"
PREFIX = "codeofpaper-"
CURE = (
    "Look at https://huggingface.co/datasets/codeofpaper/paper-code-graph and update "
    "flows/sources/papers_after_2025/graph.py."
)

# Our table by the dump's, in the words of its card; its list of forks is of no use here.
TABLE_OF = {"paper_repositories": "links", "repositories": "repositories", "papers": "papers"}
COLUMNS = {
    "links": {
        "paper": ("paper_id", "arxiv_id", "paper_arxiv_id", "paper"),
        "repository": (
            *("repository_id", "repo_id", "repository_full_name", "repo_full_name", "full_name"),
            *("repository_url", "repo_url", "repository", "repo"),
        ),
    },
    "repositories": {
        "repository": (
            *("repository_id", "repo_id", "id", "repository_full_name", "repo_full_name", "full_name"),
            *("repository_url", "repo_url", "url", "repository", "repo"),
        ),
        "address": (
            *("html_url", "repository_url", "repo_url", "url", "repository_full_name", "repo_full_name"),
            *("full_name", "repository", "repo"),
        ),
        "framework": ("framework",),
    },
    "papers": {
        "paper": ("paper_id", "id", "arxiv_id", "paper_arxiv_id", "paper"),
        "arxiv_id": ("arxiv_id", "paper_arxiv_id", "arxiv"),
        "published": ("published", "published_at", "published_date", "publication_date", "date"),
    },
}
TABLES = {f"papers_after_2025_graph_{table}": dict.fromkeys(columns, "VARCHAR") for table, columns in COLUMNS.items()}


def files(landing: Landing) -> dict[str, str]:
    """Addresses of the dump's files by the name under which we land them."""
    try:
        listed = landing.web.get_json(LISTING)
        found = {
            f"{PREFIX}{table}-{number}.parquet": address
            for table, splits in listed.items()
            if table in TABLE_OF
            for number, address in enumerate(address for split in splits.values() for address in split)
        }
        if odd := [address for address in found.values() if not isinstance(address, str)]:
            raise TypeError(f"{str(odd[0])[:80]} in place of an address")
    except NetworkError:
        raise
    except (SourceError, AttributeError, TypeError) as error:
        if isinstance(error, SourceError) and error.status == 429:
            raise
        log.info("%s does not list the files (%s); asking for the tree", LISTING, error)
        found = _tree(landing, error)
    if missing := sorted(TABLE_OF.keys() - {name.removeprefix(PREFIX).rpartition("-")[0] for name in found}):
        raise SourceError(LISTING, f"the tables {', '.join(TABLE_OF)}", f"none of the name {', '.join(missing)}", CURE)
    return found


def newest_paper(landed: list[LandedFile], today: date) -> date | None:
    """Day of the newest paper in the landed dump; None without a dump."""
    days = []
    for file in [file for file in landed if _table(file.card.name) == "papers"]:
        with looking() as con:
            published = _chosen(con, file.path, str(file.path), "papers")["published"]
            day = f'try_cast(left("{published}"::varchar, 10) as date)'
            newest = f"select max({day}) from {parquet(file.path)} where {day} <= date '{today}'"
            days += [row[0] for row in con.execute(newest).fetchall() if row[0]]
    return max(days, default=None)


def check(name: str, address: str) -> Callable[[Path], None]:
    """Make the check of a downloaded file: it has the columns that we need, and rows."""

    def look(path: Path) -> None:
        table = _table(name)
        try:
            with looking() as con:
                _chosen(con, path, address, table)
                rows = con.execute(f"select count(*) from {parquet(path)}").fetchall()[0][0]
        except duckdb.Error as error:
            raise SourceError(address, "a file that DuckDB can read", first_line(error), CURE) from error
        if not rows:
            raise SourceError(address, "rows", "0 rows", CURE)

    return look


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.papers_after_2025_graph_links, _repositories and _papers; files are read where they lie."""
    ours = {name: [file for file in landed if _table(file.card.name) == name] for name in COLUMNS}
    if not all(ours.values()):
        if any(ours.values()):
            log.warning("CodeOfPaper: not all of %s are landed; its links are left out", ", ".join(TABLE_OF))
        return
    # An id means something only beside the same id: links name the column by which the others are joined.
    for table in ("links", "repositories", "papers"):
        for file in ours[table]:
            try:
                with reading():
                    chosen = _chosen(con, file.path, str(file.path), table)
                    if table == "links":
                        keys = {"repositories": chosen["repository"], "papers": chosen["paper"]}
                    else:
                        key = "repository" if table == "repositories" else "paper"
                        columns = _columns(con, file.path)
                        chosen[key] = keys[table] if keys[table] in columns else chosen[key]
                    _insert(con, file, table, chosen)
            except duckdb.Error as error:
                cure = "Delete the file and its card and refresh again."
                raise SourceError(str(file.path), "a file that DuckDB can read", str(error), cure) from error


def _tree(landing: Landing, first: Exception) -> dict[str, str]:
    try:
        return _from_tree(landing.web.get_json(TREE))
    except NetworkError:
        raise
    except SourceError as error:
        before = str(first) if isinstance(first, SourceError) else f"{LISTING}: {first}"
        raise SourceError(TREE, error.expected, error.found, f"{CURE} Before that, {before}") from error


def _from_tree(listed: Any) -> dict[str, str]:
    paths = [row["path"] for row in listed if isinstance(row, dict) and str(row.get("path", "")).endswith(".parquet")]
    return {f"{PREFIX}{Path(path).stem}-0.parquet": f"{FILE}{path}" for path in paths if Path(path).stem in TABLE_OF}


def _table(name: str) -> str | None:
    """Our table that a landed file belongs to."""
    return TABLE_OF.get(name.removeprefix(PREFIX).rpartition("-")[0]) if name.startswith(PREFIX) else None


def _chosen(con: duckdb.DuckDBPyConnection, path: Path, address: str, table: str | None) -> dict[str, str]:
    """The file's own names of the columns that we need."""
    found = _columns(con, path)
    wanted = COLUMNS[table or ""]
    chosen = {name: next((one for one in known if one in found), "") for name, known in wanted.items()}
    if lost := [f"{name} ({' or '.join(wanted[name])})" for name, column in chosen.items() if not column]:
        raise SourceError(address, f"a column for {', '.join(lost)}", f"only {', '.join(found)}", CURE)
    return chosen


def _columns(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    return [row[0] for row in con.execute(f"describe select * from {parquet(path)}").fetchall()]


def _insert(con: duckdb.DuckDBPyConnection, file: LandedFile, table: str, chosen: dict[str, str]) -> None:
    landed_at = f"{file.card.fetched_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    values = ", ".join(f'"{column}"::varchar' for column in chosen.values())
    con.execute(
        f"insert into raw.papers_after_2025_graph_{table} ({', '.join(chosen)}, _landed_at, _source_file) "
        f"select {values}, timestamp {quoted(landed_at)}, {quoted(file.source_file)} "
        f"from {parquet(file.path)}"
    )
