"""Conference papers: which frameworks the text of a paper names, counted by Horace He to October 2021.

The published counts are embedded. The lists behind them can be taken in with `trends import conference-papers DIR`: a
folder of `<conference>_<year>.json`, each a list of papers with authors and the words that were found in the text.

What it cannot tell: a mention is not a use; the words are a smaller dictionary than that of the published counts; in
lists without any word nobody has searched, which is not the same as zero. No licence is stated: facts and counts only.
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import UTC
from pathlib import Path
from typing import Any

from ..engine import duckdb
from ..errors import SourceError
from ..json_text import parsed_json
from ..landing.landing import JSON, LandedFile, Landing
from ..landing.loading import reading
from ..landing.taken import Taken
from ..reference import tables as reference
from ..settings import Settings
from ..sql_text import literal, paths, quoted

NAME = "conference_papers"
HOSTS = ()

CONFERENCES = "conferences"
FILE = re.compile(r"([a-z]+)_(\d{4})\.json")
COLUMNS = {
    "id": "VARCHAR",
    "name": "VARCHAR",
    "year": "VARCHAR",
    "authors": "VARCHAR[]",
    "metadata": 'STRUCT("words" VARCHAR[])',
}
KNOWN_ROWS: dict[str, int] = {}  # whole files: a first landing is held against the embedded figures
TABLES = {
    "conference_papers": {
        "edition": "VARCHAR",
        "id": "VARCHAR",
        "name": "VARCHAR",
        "authors": "VARCHAR[]",
        "words": "VARCHAR[]",
    }
}


def fetch(landing: Landing, settings: Settings) -> None:
    """Pull nothing: the lists are kept in a repository without a licence."""


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `trends import conference-papers`."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of <conference>_<year>.json")


def recognised(path: Path, settings: Settings) -> str | None:
    """What a folder is, if it holds lists of papers."""
    conferences = {row["prefix"] for row in reference.read_rows(settings.reference, CONFERENCES)}
    names = [file.stem for file in path.glob("*.json") if FILE.fullmatch(file.name)] if path.is_dir() else []
    known = [name for name in names if name.partition("_")[0] in conferences]
    return f"{len(known)} lists of conference papers" if known else None


def import_file(landing: Landing, args: argparse.Namespace) -> Taken:
    """Land every list of a folder; all are checked before the first one is kept."""
    conferences = {row["prefix"] for row in reference.read_rows(landing.settings.reference, CONFERENCES)}
    files = sorted(path for path in args.folder.glob("*.json") if FILE.fullmatch(path.name))
    known = [path for path in files if path.stem.partition("_")[0] in conferences]
    if not known:
        names = ", ".join(sorted(path.name for path in args.folder.glob("*"))[:20]) or "nothing"
        cure = f"Name the folder that holds the lists; data/reference/{CONFERENCES}.csv has the conferences we know."
        raise SourceError(str(args.folder), "files such as neurips_2018.json", names, cure)
    papers = sum(check(path) for path in known)
    for path in known:
        landing.take_in(path, name=path.name, expect=JSON)
    said = f"landed {len(known)} lists of {papers:,} papers"
    if unknown := [path.name for path in files if path not in known]:
        said += f"; left out {', '.join(unknown)}, which data/reference/{CONFERENCES}.csv does not know"
    years = ", ".join(sorted({path.stem.rpartition("_")[2] for path in known}))
    return Taken(said, f"year(period_start) in ({years})")


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.conference_papers, one row per paper of a list."""
    columns = ", ".join(f"{name}: {quoted(kind)}" for name, kind in COLUMNS.items())
    for file in landed:
        landed_at = literal(file.card.fetched_at.astimezone(UTC))
        try:
            with reading():
                con.execute(
                    f"insert into raw.conference_papers select {quoted(file.path.stem)}, id, name, authors, "
                    f"metadata.words, {landed_at}::timestamp, {quoted(file.source_file)} "
                    f"from read_json({paths(file.path)}, format = 'array', hive_partitioning = false, "
                    f"columns = {{{columns}}})"
                )
        except duckdb.Error as error:
            cure = "Delete the file and its card, and import the folder again."
            raise SourceError(str(file.path), "a list of papers", " ".join(str(error).split())[:300], cure) from error


def check(path: Path) -> int:
    """Refuse a list that is none, or of other papers than its name says; return the number of its papers."""
    cure = "Fetch the file again, and keep its name."
    found = JSON.refuse_file(path)
    papers: Any = []
    try:
        papers = [] if found else parsed_json(path.read_bytes())
    except ValueError as error:
        found = f"JSON that breaks off or is damaged ({error})"
    if found or not isinstance(papers, list):
        raise SourceError(str(path), "a list of papers", found or "an object", cure)
    broken = [paper for paper in papers if not _is_paper(paper)]
    if broken or not papers:
        found = f"{len(broken)} others, such as {json.dumps(broken[0])[:200]}" if broken else "an empty list"
        raise SourceError(str(path), "papers with id, name, year, authors and metadata.words", found, cure)
    year = path.stem.partition("_")[2]
    if others := {str(paper["year"]) for paper in papers} - {year}:
        raise SourceError(str(path), f"papers of {year}", f"some of {', '.join(sorted(others))}", cure)
    ids = [paper["id"] for paper in papers]
    if doubled := sorted({one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else ()):
        raise SourceError(str(path), "each id once", f"{len(doubled)} of them twice, such as {doubled[0]}", cure)
    return len(papers)


def _is_paper(paper: Any) -> bool:
    if not isinstance(paper, dict) or not isinstance(paper.get("metadata"), dict):
        return False
    texts, lists = (paper.get("id"), paper.get("name")), (paper.get("authors"), paper["metadata"].get("words"))
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(one, list) and all(isinstance(item, str) for item in one) for one in lists)
        and re.fullmatch(r"\d{4}", str(paper.get("year"))) is not None
    )
