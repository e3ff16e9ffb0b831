"""OpenAlex citations: how often the papers that introduced the frameworks are cited, by year.

OpenAlex indexes scholarly works and their references. Single works may be read without a key; TRENDS_OPENALEX_KEY
is sent where it is set. A work is asked for by the name in framework_names.csv, a DOI or an id of OpenAlex (W...), and
counts only under its title; a DOI that OpenAlex no longer knows is asked for by the id that it had.

What it cannot tell: use by people who cite nothing, which is most of them; years more than about ten ago; how far the
newest year is still to grow, as papers are indexed late. JAX, Keras, PaddlePaddle and others have no paper that they
are cited by. A framework's paper may be split over several records: the one of the DOI in framework_names.csv counts.
Licence: CC0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ..engine import duckdb
from ..errors import SourceError
from ..json_text import parsed_json
from ..landing.backlog import Backlog, told
from ..landing.documents import Document
from ..landing.landing import JSON, LandedFile, Landing, landed_files
from ..landing.loading import insert_from, json_reader
from ..network.pace import Pace
from ..network.probing import Probe
from ..reference.frameworks import further_names, titles
from ..settings import Settings

NAME = "openalex_citations"
HOST = "api.openalex.org"
HOSTS = (HOST,)
PACES = {HOST: Pace(5, 1)}

URL = f"https://{HOST}/works/{{work}}"
PROBES = (
    Probe(
        URL.format(work="doi:10.48550/arxiv.1912.01703"),
        {"id": str, "display_name": str, "counts_by_year": [{"year": int, "cited_by_count": int}], ...: None},
    ),
)
# Papers are dated ahead, so years to come occur; a work with one further ahead is damaged.
MOST_YEARS_AHEAD = 2
# Counts of a year move slowly: a week between two readings of a work.
READ_EVERY = timedelta(days=7)

TABLES = {
    "openalex_citations_years": {
        "doi_asked": "VARCHAR",
        "id": "VARCHAR",
        "display_name": "VARCHAR",
        "year": "VARCHAR",
        "cited_by_count": "VARCHAR",
    }
}


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Read every work whose last reading is a week old."""
    held = {file.card.name: file for file in landed_files(settings, NAME)}
    called, moved = titles(settings, "openalex_work"), list[str]()

    def is_read(doi: str) -> bool:
        check = landing.checks.get(_file(doi))
        return _file(doi) in held and check is not None and landing.now - check.checked_at < READ_EVERY

    def read(doi: str) -> None:
        before = held.get(_file(doi))
        work = Work(doi, _file(doi), called.get(doi, ""), _id(before) if before else "")
        file = _read(landing, settings, work)
        if work.id and _id(file) != work.id:
            moved.append(f"{doi} was {work.id} and is {_id(file)} now: records were merged, so that its counts jump.")

    works = Backlog(f"works at {HOST}", lambda: further_names(settings, "openalex_work"), is_read)
    works.work(read)
    return told(works, more=moved)


@dataclass(frozen=True)
class Work:
    """What we know of a work before it is read.

    Attributes:
        name: in framework_names.csv.
        file: under which it is landed.
        title: words of which most must stand in what OpenAlex calls it.
        id: that OpenAlex gave it the last time; empty before.
    """

    name: str
    file: str
    title: str
    id: str


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.openalex_citations_years, one row per work and year, as text."""
    kind = "STRUCT(year VARCHAR, cited_by_count VARCHAR)[]"
    read = json_reader({"id": "VARCHAR", "display_name": "VARCHAR", "counts_by_year": kind})
    columns = {name: name for name in ("doi_asked", "id", "display_name")}
    columns |= {name: f"counted.{name}" for name in ("year", "cited_by_count")}
    facts = {"doi_asked": [file.card.details["doi"] for file in landed]}
    source = f"{read} cross join unnest(counts_by_year) as rows (counted)"
    insert_from(con, "openalex_citations_years", landed, columns, source, facts)


def _read(landing: Landing, settings: Settings, work: Work) -> LandedFile:
    """Land a work; where its DOI is not known any more, by the id that it had."""
    is_doi = work.name.startswith("10.")
    try:
        return _download(landing, settings, work, f"doi:{work.name}" if is_doi else work.name)
    except SourceError as error:
        if error.status != 404 or not is_doi:
            raise
        if not work.id:
            error.args = (f"{error} Where OpenAlex has it under an id only, put that in place of the DOI.",)
            raise
        return _download(landing, settings, work, work.id)


def _download(landing: Landing, settings: Settings, work: Work, asked: str) -> LandedFile:
    address, key = URL.format(work=asked), landing.web.key(settings.openalex_key)

    def check(path: Path) -> None:
        answer = Document(address, path, NAME)
        rows = answer.rows("counts_by_year", ("year", "cited_by_count"))
        latest = landing.now.year + MOST_YEARS_AHEAD
        for row in rows:
            year = answer.count(row["year"], "year")
            if year is None or not 1900 <= year <= latest:
                raise answer.refusal(f"years up to {latest}", f"the year {row['year']}")
        answer.one_count_each(rows, ("year",), "cited_by_count")
        called = answer.body.get("display_name")  # which OpenAlex leaves out of some records
        if called is not None and not is_title(work.title, str(called)):
            raise answer.refusal(f"the work '{work.title}'", f"'{called}'")

    return landing.download(
        address,
        name=work.file,
        expect=JSON,
        check=check,
        details={"doi": work.name},
        params={"api_key": key} if key else None,
    )


def is_title(expected: str, found: str) -> bool:
    """Whether at least half of the words of a title stand in what was found: printings differ in the small ones."""
    wanted, there = (set(re.findall(r"\w+", text.casefold())) for text in (expected, found))
    return 2 * len(wanted & there) >= len(wanted)


def _file(doi: str) -> str:
    return f"work-{doi.replace('/', '_')}.json"


def _id(file: LandedFile) -> str:
    """What OpenAlex calls a landed work, as in W2741809807."""
    return str(parsed_json(file.path.read_bytes()).get("id")).rpartition("/")[2]
