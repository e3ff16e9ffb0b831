"""Hugging Face models: how many public models of the hub are tagged with each library, in all and created by month.

Totals are read once a week. The page behind the site's own filters tells them, but is undocumented. Where it fails, the
documented list of models is paged through and counted instead, which only small libraries allow: pages are landed when
the list has come to its end, and one that did not is left alone for a week. huggingface_created.py counts the models
created in each month.

What it cannot tell: use. Tags are set by uploaders or by the site, a model may carry several, and a total is a stock
that falls when models are deleted. The totals have no history: their series begins with the first reading.
Licence: facts and counts only.
"""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from ..engine import duckdb
from ..errors import NetworkError, SourceError
from ..landing import ledger
from ..landing.backlog import Backlog, told
from ..landing.documents import Document, cure_of
from ..landing.landing import JSON, FileCheck, LandedFile, Landing, landed_files
from ..landing.loading import insert_from, json_reader
from ..months import closed_month, newest_first
from ..network.pace import Pace
from ..network.probing import Probe
from ..network.web import Answer
from ..reference.frameworks import main_names
from ..settings import Settings
from . import huggingface, huggingface_created
from .filling import FirstFill

log = logging.getLogger(__name__)

NAME = "huggingface_models"
HOST = huggingface.HOST
HOSTS = (HOST, huggingface_created.HOST)
PACES = {HOST: huggingface.PACE, huggingface_created.HOST: Pace(60, 60)}

# Without withCount the answer has no total.
TOTAL_URL = f"https://{HOST}/models-json?library={{library}}&withCount=true"
LIST_URL = f"https://{HOST}/api/models?filter={{library}}&limit=1000"
PROBES = (
    Probe(
        TOTAL_URL.format(library="keras"),
        {"models": [dict], "numItemsPerPage": int, "numTotalItems": int, "pageIndex": int},
    ),
    huggingface_created.PROBE,
)
MOST_PAGES = 20
ENDLESS_FOR = timedelta(days=7)

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
    names = list(main_names(settings, "huggingface_library"))
    libraries = Backlog(f"libraries at {HOST}", lambda: names, lambda library: read.get(library, date.min) >= monday)
    libraries.work(partial(_read, landing, today))
    if libraries.stopped_by:
        return told(libraries)
    # The totals make the source: a data set of somebody else that is not there is a note, no failure.
    return told(libraries, more=[huggingface_created.fill(landing, names)])


def first_fill(settings: Settings, now: datetime) -> FirstFill:
    """A count a month for each library and one for all."""
    months = list(newest_first(closed_month(now), huggingface_created.FIRST_MONTH))
    libraries = main_names(settings, "huggingface_library")
    return FirstFill(len(months) * (1 + len(libraries)), huggingface_created.MOST_ASKED)


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


def _read(landing: Landing, today: date, library: str) -> LandedFile:
    """Ask for the total; where that answer is of no use, count the documented list."""
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


def _total(landing: Landing, library: str, today: date) -> LandedFile:
    address = TOTAL_URL.format(library=library)

    def check(path: Path) -> None:
        answer = Document(address, path, NAME)
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
    """Read the list page by page, following the Link header, and land its pages once it has come to its end."""
    address, memory = LIST_URL.format(library=library), f"list-{library}"
    before = landing.checks.get(memory)
    if before and landing.now - before.checked_at < ENDLESS_FOR:
        found = f"that it had none on {before.checked_at:%Y-%m-%d}"
        cure = (
            f"The total is asked for at each refresh, the list again after {before.checked_at + ENDLESS_FOR:%Y-%m-%d}."
        )
        raise SourceError(address, f"the end of the list within {MOST_PAGES} pages", found, cure)
    pages: dict[str, Answer] = {}
    following: str | None = address
    while following and len(pages) < MOST_PAGES:
        address, following = following, _read_page(landing, following, pages)
    if following:
        landing.checks[memory] = FileCheck(landing.now, None, None, "unchanged", address, "")
        cure = "Wait until the total is told again: a library as large as this one cannot be counted page by page."
        raise SourceError(address, f"the end of the list within {MOST_PAGES} pages", "a link to a further page", cure)
    landing.checks.pop(memory, None)
    for page, (address, answer) in enumerate(pages.items(), 1):
        details = {"library": library, "read_date": f"{today}", "page": f"{page}"}
        details |= {"Link": answer.headers["Link"]} if "Link" in answer.headers else {}
        name = f"list-{library}-{today}-{page:02d}.json"
        file = landing.keep_answer(answer.body, name=name, address=address, details=details)
    return file


def _read_page(landing: Landing, address: str, pages: dict[str, Answer]) -> str | None:
    """Read a page of the list into `pages`; return where it says that the list goes on."""
    pages[address] = landing.web.get(address)
    models = landing.web.parsed(address, pages[address])
    cure = cure_of(NAME)
    if not isinstance(models, list):
        raise SourceError(address, "a list of models", str(models)[:300], cure)
    if not models and len(pages) > 1:
        words = f"models on page {len(pages)}, which the page before announced"
        raise SourceError(address, words, "an empty page", cure)
    if any(not isinstance(model, dict) or not model.get("id") for model in models):
        raise SourceError(address, "an id for every model", "models without one", cure)
    following = _next(pages[address].headers.get("Link", ""))
    if following and (following in pages or not following.startswith(f"https://{HOST}/")):
        found = f"{following}, which {'was read before' if following in pages else 'is another host'}"
        cure = "Refresh again later: the list changes while it is read, or the service has trouble of its own."
        raise SourceError(address, "a link to a page that comes next", found, cure)
    return following


def next_page(file: LandedFile) -> str | None:
    """Where a landed page says that the list goes on."""
    return _next(file.card.details.get("Link", ""))


def _next(link: str) -> str | None:
    found = huggingface_created.NEXT.search(link)
    return found[1] if found else None
