"""OpenAlex citations: how often the papers that introduced the frameworks are cited, by year.

OpenAlex indexes scholarly works and their references. Single works may be read without a key; TRENDS_OPENALEX_KEY
is sent where it is set.

What it cannot tell: use by people who cite nothing, which is most of them; years more than about ten ago; how far the
newest year is still to grow, as papers are indexed late. JAX, Keras, PaddlePaddle and others have no paper that they
are cited by. A framework's paper may be split over several records: the one of the DOI in framework_names.csv counts.
Licence: CC0.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb

from ..landing.answers import Answer
from ..landing.gather import Gathering, told
from ..landing.landing import JSON, LandedFile, Landing, landed_files
from ..landing.loading import insert_from, json_reader
from ..network.pace import Pace
from ..reference.names import further_names
from ..settings import Settings

NAME = "openalex_citations"
HOST = "api.openalex.org"
HOSTS = (HOST,)
PACES = {HOST: Pace(5, 1)}

URL = f"https://{HOST}/works/doi:{{doi}}"
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
    works = Gathering(f"Works at {HOST}")
    for doi in further_names(settings, "openalex_work"):
        name = f"work-{doi.replace('/', '_')}.json"
        check = landing.checks.get(name)
        if name not in held or check is None or landing.now - check.checked_at >= READ_EVERY:
            works.ask(doi, _read(landing, settings, doi, name))
    return told(works)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.openalex_citations_years, one row a work and year, as text."""
    kind = "STRUCT(year VARCHAR, cited_by_count VARCHAR)[]"
    read = json_reader({"id": "VARCHAR", "display_name": "VARCHAR", "counts_by_year": kind})
    columns = {name: name for name in ("doi_asked", "id", "display_name")}
    columns |= {name: f"counted.{name}" for name in ("year", "cited_by_count")}
    facts = {"doi_asked": [file.card.details["doi"] for file in landed]}
    source = f"{read} cross join unnest(counts_by_year) as rows (counted)"
    insert_from(con, "openalex_citations_years", landed, columns, source, facts)


def _read(landing: Landing, settings: Settings, doi: str, name: str) -> Callable[[], LandedFile]:
    address = URL.format(doi=doi)
    key = landing.web.key(settings.openalex_key)

    def check(path: Path) -> None:
        answer = Answer(address, path, NAME)
        rows = answer.rows("counts_by_year", ("year", "cited_by_count"))
        for row in rows:
            year = answer.count(row["year"], "year")
            if year is None or not 1900 <= year <= landing.now.year:
                raise answer.refusal(f"years up to {landing.now.year}", f"the year {row['year']}")
        answer.one_count_each(rows, ("year",), "cited_by_count")

    return lambda: landing.download(
        address,
        name=name,
        expect=JSON,
        check=check,
        details={"doi": doi},
        params={"api_key": key} if key else None,
    )
