"""Google Trends: how often people search for each framework, as an index within one request.

The highest bucket of all keywords of a request is 100, the rest are rounded; figures are drawn from a sample of
searches, so repeating a request changes them a little. Only shares within a request compare as they are; windows,
repeats and groups are put on one scale in SQL. The interface is private and undocumented, and refuses in bursts: what
it refuses stays as landed before, and the site's own CSV exports can be imported.

What it cannot tell: how many searches there were, and what the searcher meant. Words and topics are different things.
Licence: Google's terms; numbers only.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import duckdb
from ...errors import SourceError
from ...landing.backlog import Backlog
from ...landing.landing import LandedFile, Landing, landed_files
from ...network.budget import Budget
from ...network.probing import Probe
from ...network.web import Web
from ...reference.tables import read_rows
from ...settings import Settings
from ...sql_text import literal, paths
from .imports import add_import_arguments, import_file, load_imports, recognised

if TYPE_CHECKING:
    from .client import Pulled

__all__ = ["HOSTS", "NAME", "TABLES", "add_import_arguments", "fetch", "import_file", "load", "recognised"]

log = logging.getLogger(__name__)

NAME = "google_trends"
HOSTS = ("trends.google.com",)
# The visit that the client begins with: a 404 page, or a 429 one, and the cookie on either.
PROBES = (Probe("https://trends.google.com/trends/explore/?geo=US", cookie="NID", good=(404, 429)),)

REQUEST_COLUMNS = {
    "kind": "VARCHAR",  # term or topic
    "geo": "VARCHAR",  # ISO code; empty for the world
    "timeframe": "VARCHAR",
    "time_window": "VARCHAR",  # first and last day, as the answer's widget or the export's header says
    "resolution": "VARCHAR",
    "retrieved": "DATE",
    "user_type": "VARCHAR",
    "is_import": "BOOLEAN",
    "category": "VARCHAR",  # null for all of them
    "property": "VARCHAR",  # null for web search
    "keyword": "VARCHAR",
    "position": "INTEGER",
}
POINT_COLUMNS = REQUEST_COLUMNS | {
    "time": "VARCHAR",  # seconds since 1970 in an answer, a day or hour in an export
    "value": "VARCHAR",
    "formatted_value": "VARCHAR",
    "has_data": "BOOLEAN",
    "is_partial": "BOOLEAN",
    "axis_note": "VARCHAR",
}
COUNTRY_COLUMNS = REQUEST_COLUMNS | {
    "geo_code": "VARCHAR",
    "geo_name": "VARCHAR",
    "value": "VARCHAR",
    "formatted_value": "VARCHAR",
    "has_data": "BOOLEAN",
}
TABLES = {"google_trends_points": POINT_COLUMNS, "google_trends_countries": COUNTRY_COLUMNS}

KIND_COLUMNS = {"term": "google_search_term", "topic": "google_topic_id"}
TIMEFRAMES = {"today 5-y": "5y", "all": "all"}
COUNTRIES_TIMEFRAME = "today 5-y"
MOST_KEYWORDS = 5
# Rounding hides a small framework beside a large one: the anchor that all groups share is the third in importance.
ANCHOR_PLACE = 2
REPEATS_USED = 8  # pulls of a question that are averaged; beyond them, the first of each quarter of a year


@dataclass(frozen=True)
class Question:
    """One answer that we want: keywords compared with each other, in one place and time frame.

    Attributes:
        kind: `term` or `topic`.
        geo: ISO code of a country; empty for the world.
        timeframe: in Google's words.
        what: `time` or `countries`.
        frameworks: their ids.
        keywords: what is asked for each.
    """

    kind: str
    geo: str
    timeframe: str
    what: str
    frameworks: tuple[str, ...]
    keywords: tuple[str, ...]

    @property
    def details(self) -> dict[str, str]:
        """What a card says of it; identifies the question over the days."""
        keywords = json.dumps(self.keywords, ensure_ascii=False)
        words = {"kind": self.kind, "geo": self.geo, "timeframe": self.timeframe, "what": self.what}
        return words | {"keywords": keywords}

    @property
    def words(self) -> str:
        """Its name, for files."""
        parts = (f"{self.kind}s", self.geo or "world", TIMEFRAMES[self.timeframe], self.what)
        return "_".join([*parts, "+".join(self.frameworks)])

    @property
    def short(self) -> str:
        """Its name in a sentence."""
        what = "by country" if self.what == "countries" else f"over {TIMEFRAMES[self.timeframe]}"
        return f"{self.kind}s {self.geo or 'world'} {what} ({self.frameworks[0]} and {len(self.frameworks) - 1} others)"


def fetch(landing: Landing, settings: Settings) -> None:
    """Pull what was never pulled or is old, missing first; what has landed stays whatever comes after it."""
    due = due_questions(settings, landing.now)
    landing.checks.clear()  # answers have no validators, and their names change with the day
    if not due:
        log.info("%s: every window was pulled in the last %d days", NAME, settings.google_trends_repeat_days)
        return
    from .client import Client, WindowError

    kept: list[Question] = []
    windows = Backlog(
        "windows",
        lambda: due,
        kept.__contains__,
        name=lambda question: question.short,
        stops=lambda error: not isinstance(error, WindowError),
    )

    def ask(question: Question) -> None:
        pulled = client.ask(question.keywords, question.geo, question.timeframe, question.what)
        _keep(landing, question, pulled)
        kept.append(question)

    # A service that refuses us wants longer pauses than a server that stumbles.
    patient = replace(settings, backoff_seconds=max(settings.backoff_seconds, settings.google_trends_pause_seconds))
    budget = Budget(settings.google_trends_seconds, setting="TRENDS_GOOGLE_TRENDS_SECONDS")
    with Web(patient, budget, source=NAME) as web:
        try:
            client = Client(web, settings.google_trends_pause_seconds)
        except SourceError as error:
            raise _told(error, kept, due) from error
        windows.work(ask)
    if failed := windows.stopped_by or next(iter(windows.errors.values()), None):
        raise _told(failed, kept, due) from failed


def questions(settings: Settings) -> list[Question]:
    """Everything that a full pull asks: the world first, and there the most important frameworks first."""
    countries = settings.google_trends_countries
    geos = ["", *(countries.split(",") if countries != "none" else ())]
    groups = {kind: framework_groups(settings.reference, kind) for kind in KIND_COLUMNS}
    return [
        Question(kind, geo, timeframe, what, tuple(group), tuple(group.values()))
        for geo in geos
        for number in range(max(map(len, groups.values())))
        for timeframe in TIMEFRAMES
        for kind in KIND_COLUMNS
        for group in groups[kind][number : number + 1]
        for what in (("time", "countries") if not geo and timeframe == COUNTRIES_TIMEFRAME else ("time",))
    ]


def framework_groups(reference: Path, kind: str) -> list[dict[str, str]]:
    """The compared frameworks with their keyword, cut into groups of at most five that share one anchor."""
    column = KIND_COLUMNS[kind]
    rows = read_rows(reference, "frameworks")
    known = {row["framework"]: row[column] for row in rows if row["is_compared"] == "true" and row[column]}
    names = list(known)
    first, rest = names[:MOST_KEYWORDS], names[MOST_KEYWORDS:]
    step = MOST_KEYWORDS - 1
    anchored = [[first[ANCHOR_PLACE], *rest[place : place + step]] for place in range(0, len(rest), step)]
    return [{name: known[name] for name in group} for group in (first, *anchored) if group]


def due_questions(settings: Settings, now: datetime) -> list[Question]:
    """The questions to ask now: those never answered first, then the oldest."""
    # Half a day of grace: a daily schedule must not slip by a day because a run started a minute early.
    age = timedelta(days=settings.google_trends_repeat_days) - timedelta(hours=12)
    last: dict[str, datetime] = {}
    for file in landed_files(settings, NAME):
        key = _key(file.card.details)
        last[key] = max(last.get(key, file.card.fetched_at), file.card.fetched_at)
    never = datetime.min.replace(tzinfo=UTC)
    asked = [(last.get(_key(question.details), never), question) for question in questions(settings)]
    return [question for at, question in sorted(asked, key=lambda one: one[0]) if at == never or now - at >= age]


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill the raw tables in the source's own words."""
    pulls = used_pulls(file for file in landed if file.card.kind == "download")
    for what, insert in (("time", _INSERT_POINTS), ("countries", _INSERT_COUNTRIES)):
        files = [file for file in pulls if file.card.details["what"] == what]
        if files:
            listed = paths(*(file.path for file in files))
            rows = ", ".join(f"({', '.join(map(literal, _request_row(file)))})" for file in files)
            con.execute(insert.replace("$paths", listed).replace("$rows", rows))
    load_imports([file for file in landed if file.card.kind == "import"], con)


def used_pulls(landed: Iterable[LandedFile]) -> list[LandedFile]:
    """Of each question the newest pulls, and the first of each quarter for the years that they no longer cover."""
    by_question: dict[str, list[LandedFile]] = {}
    for file in sorted(landed, key=lambda file: file.card.fetched_at, reverse=True):
        by_question.setdefault(_key(file.card.details), []).append(file)
    used: list[LandedFile] = []
    for files in by_question.values():
        older = {(f.card.fetched_at.year, (f.card.fetched_at.month - 1) // 3): f for f in files[REPEATS_USED:]}
        used += [*files[:REPEATS_USED], *older.values()]
    return used


def _keep(landing: Landing, question: Question, pulled: Pulled) -> None:
    name = f"{question.words}_{landing.now:%Y-%m-%d}.json"
    landing.keep_answer(pulled.body, name=name, address=pulled.address, details=question.details | pulled.details)
    log.info("%s: landed %s", NAME, name)


def _key(details: dict[str, str]) -> str:
    return json.dumps([details.get(word) for word in ("kind", "geo", "timeframe", "what", "keywords")])


def _told(error: SourceError, kept: Sequence[Question], due: Sequence[Question]) -> SourceError:
    """Add to a failure what this run kept, what is missing and what the next refresh does."""
    missing = [question.short for question in due if question not in kept]
    shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
    told = ", ".join(question.short for question in kept[:3]) + (" and more" if len(kept) > 3 else "")
    found = f"{error.found}; kept {len(kept)} of {len(due)} windows in this run" + (f" ({told})" if kept else "")
    cure = (
        f"{error.cure} What was landed before stays in use. Missing: {shown}. The next refresh asks for windows never "
        "pulled first, then for the oldest; after a refusal wait five minutes or more, or import the site's CSV "
        "export with `trends import google-trends`."
    )
    return error.reworded(found=found, cure=cure)


def _request_row(file: LandedFile) -> list[str | datetime | None]:
    details, card = file.card.details, file.card
    landed_at = card.fetched_at.astimezone(UTC)
    words = ("kind", "geo", "timeframe", "window", "resolution", "user_type", "keywords")
    return [str(file.path), file.source_file, landed_at, *(details.get(word) for word in words)]


_BODY = """
with

requests (path, source_file, landed_at, kind, geo, timeframe, time_window, resolution, user_type, keywords) as (
    values $rows
),

entries as (
    select
        requests.*,
        from_json(requests.keywords, '["varchar"]') as words,
        -- The first line of an answer keeps browsers from running it.
        unnest(from_json(
            json_extract(substr(files.content, strpos(files.content, chr(10)) + 1), '$.default.$payload'), '["json"]'
        )) as entry
    from read_text($paths) as files
    inner join requests on requests.path = files.filename
),

figures as (
    select
        entries.* exclude (words),
        places.place,
        entries.words[places.place + 1] as keyword,
        json_extract_string(entry, '$.value[' || places.place || ']') as value,
        json_extract_string(entry, '$.formattedValue[' || places.place || ']') as formatted_value,
        json_extract_string(entry, '$.hasData[' || places.place || ']')::boolean as has_data
    from entries
    cross join unnest(range(len(entries.words))) as places (place)
)

select
    kind,
    geo,
    timeframe,
    time_window,
    resolution,
    landed_at::timestamp::date as retrieved,
    user_type,
    false as is_import,
    null as category,
    null as property,
    keyword,
    place + 1 as position,
    value,
    formatted_value,
    has_data,
    landed_at::timestamp as _landed_at,
    source_file as _source_file,
"""
_INSERT_POINTS = (
    "insert into raw.google_trends_points by name"
    + _BODY.replace("$payload", "timelineData")
    + """
    json_extract_string(entry, '$.time') as time,
    coalesce(json_extract_string(entry, '$.isPartial') like '%true%', false) as is_partial,
    json_extract_string(entry, '$.axisNote') as axis_note
from figures
"""
)
_INSERT_COUNTRIES = (
    "insert into raw.google_trends_countries by name"
    + _BODY.replace("$payload", "geoMapData")
    + """
    json_extract_string(entry, '$.geoCode') as geo_code,
    json_extract_string(entry, '$.geoName') as geo_name
from figures
"""
)
