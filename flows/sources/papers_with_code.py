"""Papers With Code: which repository implements which paper, and in which framework.

The site linked papers to code until July 2025. Its last archive, of 2025-07-28, is published on Hugging Face by
pwc-archive: 300,161 links, and 576,261 papers with their dates.

What it cannot tell: Keras is part of `tf`, and Theano, Chainer and CNTK have no label; `torch` is the Lua library;
no dump says when a repository was made; each archive revises the past, so one archive is loaded, never two mixed.
Licence: CC-BY-SA-4.0, to be named with every chart and kept on derived tables.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from ..engine import duckdb
from ..errors import SourceError
from ..landing.landing import GZIP, PARQUET, LandedFile, Landing
from ..landing.loading import looking, reading
from ..network.probing import Probe
from ..settings import Settings
from ..sql_text import first_line, literal, parquet, paths, quoted
from . import huggingface

log = logging.getLogger(__name__)

NAME = "papers_with_code"
HOSTS, REDIRECTS = (huggingface.HOST,), huggingface.FILE_HOSTS
PACES = {huggingface.HOST: huggingface.PACE}

ARCHIVE = "https://huggingface.co/datasets/pwc-archive"
URL = {
    "links.parquet": f"{ARCHIVE}/links-between-paper-and-code/resolve/main/data/train-00000-of-00001.parquet",
    "links.json.gz": f"{ARCHIVE}/files/resolve/main/jul-28-links-between-papers-and-code.json.gz",
}
PAPERS_URL = {
    f"papers-{number}.parquet": f"{ARCHIVE}/papers-with-abstracts/resolve/main/data/train-0000{number}-of-00004.parquet"
    for number in range(4)
}
PROBES = (Probe(URL["links.parquet"], begins=b"PAR1"),)
KNOWN_SHA256 = {"links.json.gz": "e7c60f2170880af3bd5a5b9469a951341435e4ccfd21d3d18393c52cfec24694"}

# What figures are made of; titles, authors and further addresses stay in the landed files, for whoever asks those.
COLUMNS = {
    "paper_url": "VARCHAR",
    "paper_arxiv_id": "VARCHAR",
    "repo_url": "VARCHAR",
    "is_official": "BOOLEAN",
    "framework": "VARCHAR",
}
PAPER_COLUMNS = {"paper_url": "VARCHAR", "arxiv_id": "VARCHAR", "date": "VARCHAR", "proceeding": "VARCHAR"}
# A first landing with less than two thirds of these is held back (flows/release/quarantine.py).
KNOWN_ROWS = {"papers_with_code_links": 300_161, "papers_with_code_papers": 576_261}
TABLES = {"papers_with_code_links": COLUMNS, "papers_with_code_papers": PAPER_COLUMNS}

LINKS_NEED = ("paper_url", "repo_url", "framework")
PAPERS_NEED = ("paper_url", "date")
KNOWN_EXTRAS = {
    *("paper_title", "paper_url_abs", "paper_url_pdf", "mentioned_in_paper", "mentioned_in_github"),
    *(
        "title",
        "authors",
        "abstract",
        "url_abs",
        "url_pdf",
        "tasks",
        "methods",
        "nips_id",
    ),
    *("openreview_id", "short_abstract"),
    *("conference", "conference_url_abs", "conference_url_pdf", "reproduces_paper"),
}


def fetch(landing: Landing, settings: Settings) -> None:
    """Land the links, and the papers if they are asked for, file by file so that each one's progress is kept."""
    name = "links.parquet" if settings.papers_with_code_format == "parquet" else "links.json.gz"
    expect = PARQUET if name == "links.parquet" else GZIP
    landed = landing.download(URL[name], name=name, expect=expect, check=_check(URL[name], COLUMNS, LINKS_NEED))
    known = KNOWN_SHA256.get(name, landed.card.sha256)
    if landed.card.sha256 != known:
        words = "%s: expected SHA-256 %s, found %s; check that it is the archive of 2025-07-28"
        log.warning(words, URL[name], known, landed.card.sha256)
    for name, address in PAPERS_URL.items() if settings.papers_with_code_abstracts else ():
        landing.download(address, name=name, expect=PARQUET, check=_check(address, PAPER_COLUMNS, PAPERS_NEED))


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.papers_with_code_links and raw.papers_with_code_papers in the source's own words.

    Of two archives of links the one fetched last counts.
    """
    links = [file for file in landed if file.card.name in URL]
    papers = [file for file in landed if file.card.name in PAPERS_URL]
    if links:
        _insert(max(links, key=lambda file: file.card.fetched_at), "papers_with_code_links", con)
    if 0 < len(papers) < len(PAPERS_URL):
        log.warning("%s: only %d of %d files of papers are landed", NAME, len(papers), len(PAPERS_URL))
    for file in papers:
        _insert(file, "papers_with_code_papers", con)


def _insert(file: LandedFile, table: str, con: duckdb.DuckDBPyConnection) -> None:
    columns, address = TABLES[table], str(file.path)
    try:
        with reading():
            found = _columns(file.path, con)
            _refuse_lost(address, columns, found)
            landed_at = literal(file.card.fetched_at.astimezone(UTC))
            con.execute(
                f"insert into raw.{table} ({', '.join(columns)}, _landed_at, _source_file) "
                f"select {_values(columns)}, {landed_at}, {quoted(file.source_file)} "
                f"from {_reader(file.path, columns)}"
            )
    except duckdb.Error as error:
        raise _unreadable(address, error) from error


def _values(columns: dict[str, str]) -> str:
    return ", ".join(f"{name}::{kind}" for name, kind in columns.items())


def _check(address: str, columns: dict[str, str], needed: tuple[str, ...]) -> Callable[[Path], None]:
    """Make the check of a downloaded file: its columns are there, and the needed ones are filled.

    Every value is read and cast as `load` will do it, so that a file that lands can be loaded.
    """

    def check(path: Path) -> None:
        try:
            with looking(threads=2) as con:
                found = _columns(path, con)
                _refuse_lost(address, columns, found)
                counts = ", ".join(f"count({name})" for name in needed)
                row = con.execute(
                    f"select count(*), {counts}, max(hash({_values(columns)})) from {_reader(path, columns)}"
                ).fetchone()
        except duckdb.Error as error:
            raise _unreadable(address, error) from error
        rows, *filled = row[:-1] if row else (0,)
        empty = [name for name, count in zip(needed, filled, strict=True) if not count]
        if not rows or empty:
            shown = f"{rows} rows, all without {', '.join(empty)}" if rows else "0 rows"
            cure = "The file was replaced: compare it with its page on huggingface.co."
            raise SourceError(address, f"rows with {', '.join(needed)}", shown, cure)
        if new := sorted(found.keys() - columns.keys() - KNOWN_EXTRAS):
            log.info("%s has new columns, which are not used: %s", address, ", ".join(new))

    return check


def _refuse_lost(address: str, columns: dict[str, str], found: dict[str, str]) -> None:
    if lost := sorted(columns.keys() - found.keys()):
        raise SourceError(
            address,
            f"the columns {', '.join(columns)}",
            f"that {', '.join(lost)} are lost; it has {', '.join(found)}",
            "Update COLUMNS in flows/sources/papers_with_code.py.",
        )


def _unreadable(address: str, error: duckdb.Error) -> SourceError:
    reason = first_line(error)
    cure = "Delete the file and its card and refresh again; if it stays so, the source has changed its format."
    return SourceError(address, "a file that DuckDB can read", f"{type(error).__name__} ({reason})", cure)


def _columns(path: Path, con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Names and types as they stand in the file."""
    rows = con.execute(f"describe select * from {_reader(path, None)}").fetchall()
    return {row[0]: row[1] for row in rows}


def _reader(path: Path, columns: dict[str, str] | None) -> str:
    """The DuckDB function that reads the file, JSON values are taken as text."""
    if ".json.gz" not in path.name:
        return parquet(path)
    texts = ", ".join(f"{name}: 'VARCHAR'" for name in columns or ())
    kinds = f"columns = {{{texts}}}" if columns else "sample_size = 20480"
    options = (
        f"format = 'array', hive_partitioning = false, compression = 'gzip', maximum_object_size = 16777216, {kinds}"
    )
    return f"read_json({paths(path)}, {options})"
