"""Hugging Face models: how many public models of the hub are tagged with each library, in all and created by month.

Totals are read once a week. The page behind the site's own filters tells them, but is undocumented. Where it fails, the
documented list of models is paged through and counted instead, which only small libraries allow. The models created in
each month are counted by huggingface_created.py.

What it cannot tell: use. Tags are set by uploaders or by the site, a model may carry several, and a total is a stock
that falls when models are deleted. The totals have no history: their series begins with the first reading.
Licence: facts and counts only.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, date, timedelta
from pathlib import Path

import duckdb

from ..errors import NetworkError, SourceError
from ..landing import ledger
from ..landing.answers import Answer
from ..landing.gather import Gathering, told
from ..landing.landing import JSON, LandedFile, Landing, landed_files
from ..landing.loading import insert_from, json_reader
from ..network.pace import Pace
from ..reference.names import main_names
from ..settings import Settings
from . import huggingface_created

log = logging.getLogger(__name__)

NAME = "huggingface_models"
HOST = "huggingface.co"
HOSTS = (HOST, huggingface_created.HOST)
PACES = dict.fromkeys(HOSTS, Pace(60, 60))

TOTAL_URL = f"https://{HOST}/models-json?library={{library}}"
LIST_URL = f"https://{HOST}/api/models?filter={{library}}&limit=1000"
MOST_PAGES = 20
NEXT = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next\b')

TABLES = {
    "huggingface_models_totals": {"library": "VARCHAR", "read_date": "DATE", "numTotalItems": "VARCHAR"},
    "huggingface_models_pages": {
        "library": "VARCHAR",
        "read_date": "DATE",
        "page": "BIGINT",
        "is_last": "BOOLEAN",
        "model_id": "VARCHAR",
    },
    "huggingface_models_created": ledger.COLUMNS,
}


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Read the total of every library that was not read this week, then the models created in months that are over.

    A stock of hundreds of thousands says no more by the day than by the week. Weeks begin on Monday for all libraries,
    so that one that was missed is read on the same day as the others again: only then can they be compared.
    """
    today = landing.now.astimezone(UTC).date()
    monday = today - timedelta(days=today.weekday())
    read: dict[str, date] = {}
    for file in _readings(landed_files(settings, NAME)):
        library, day = file.card.details["library"], date.fromisoformat(file.card.details["read_date"])
        if "page" not in file.card.details or next_page(file) is None:
            read[library] = max(day, read.get(library, day))
    libraries = Gathering(f"Libraries at {HOST}")
    for library in main_names(settings, "huggingface_library"):
        if read.get(library, date.min) < monday:
            libraries.ask(library, _read(landing, library, today))
    if libraries.is_stopped:
        return told(libraries)
    # The totals make the source: a data set of somebody else that is not there is a note, no failure.
    return told(libraries, more=huggingface_created.fill(landing, list(main_names(settings, "huggingface_library"))))


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.huggingface_models_totals and _created, and _pages with the models of counted lists."""
    ledger.load(landed, con, "huggingface_models_created")
    landed = _readings(landed)
    totals = [file for file in landed if "page" not in file.card.details]
    facts = {name: [file.card.details[name] for file in totals] for name in ("library", "read_date")}
    columns = {name: f'"{name}"' for name in TABLES["huggingface_models_totals"]} | {"read_date": "read_date::date"}
    insert_from(con, "huggingface_models_totals", totals, columns, json_reader({"numTotalItems": "VARCHAR"}), facts)
    pages = [file for file in landed if "page" in file.card.details]
    facts = {name: [file.card.details[name] for file in pages] for name in ("library", "read_date", "page")}
    facts["is_last"] = [str(next_page(file) is None) for file in pages]
    columns = {name: f"{name}::{kind}" for name, kind in TABLES["huggingface_models_pages"].items()}
    columns["model_id"] = "id"
    insert_from(con, "huggingface_models_pages", pages, columns, json_reader({"id": "VARCHAR"}), facts)


def _readings(landed: list[LandedFile]) -> list[LandedFile]:
    """The files of totals and lists."""
    return [file for file in landed if "library" in file.card.details]


def _read(landing: Landing, library: str, today: date) -> Callable[[], LandedFile]:
    """Ask for the total; where that answer is of no use, count the documented list."""

    def read() -> LandedFile:
        try:
            return _total(landing, library, today)
        except NetworkError:
            raise
        except SourceError as error:
            if error.status == 429:
                raise
            log.info("%s; counting the list instead", error)
            first = error
        try:
            return _count(landing, library, today)
        except SourceError as error:
            error.args = (f"{error} Before that, {first}",)
            raise

    return read


def _total(landing: Landing, library: str, today: date) -> LandedFile:
    address = TOTAL_URL.format(library=library)

    def check(path: Path) -> None:
        answer = Answer(address, path, NAME)
        total = answer.body.get("numTotalItems") if isinstance(answer.body, dict) else None
        if answer.count(total, "numTotalItems") is None:
            raise answer.refusal("a number named numTotalItems", str(answer.body))

    return landing.download(
        address,
        name=f"total-{library}-{today}.json",
        expect=JSON,
        check=check,
        details={"library": library, "read_date": f"{today}"},
    )


def _count(landing: Landing, library: str, today: date) -> LandedFile:
    """Land the list page by page, following the Link header; only a list that came to its end is counted."""
    address, seen = LIST_URL.format(library=library), set[str]()
    for page in range(1, MOST_PAGES + 1):
        seen.add(address)
        file = landing.download(
            address,
            name=f"list-{library}-{today}-{page:02d}.json",
            expect=JSON,
            check=_check_page(address, page),
            details={"library": library, "read_date": f"{today}", "page": f"{page}"},
            remember=("Link",),
        )
        following = next_page(file)
        if following is None:
            return file
        if following in seen or not following.startswith(f"https://{HOST}/"):
            found = f"{following}, which {'was read before' if following in seen else 'is another host'}"
            cure = "Refresh again later: the list changes while it is read, or the service has trouble of its own."
            raise SourceError(address, "a link to a page that comes next", found, cure)
        address = following
    cure = "Wait until the total is told again: a library as large as this one cannot be counted page by page."
    raise SourceError(address, f"the end of the list within {MOST_PAGES} pages", "a link to a further page", cure)


def _check_page(address: str, page: int) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        answer = Answer(address, path, NAME)
        if not isinstance(answer.body, list):
            raise answer.refusal("a list of models", str(answer.body))
        if not answer.body and page > 1:
            raise answer.refusal(f"models on page {page}, which the page before announced", "an empty page")
        if any(not isinstance(model, dict) or not model.get("id") for model in answer.body):
            raise answer.refusal("an id for every model", "models without one")

    return check


def next_page(file: LandedFile) -> str | None:
    """Where a landed page says that the list goes on."""
    link = NEXT.search(file.card.details.get("Link", ""))
    return link[1] if link else None
