"""Papers after July 2025: links from papers to code, as three services list them since Papers With Code ended.

Three populations that have nothing in common but their subject, so they are never added up, nor joined to the archive
of Papers With Code, which ends on 2025-07-28:

- CodeOfPaper: a dump of papers, repositories and links as Parquet on Hugging Face, with a framework for a repository;
  papers since the dump by its API, some at each refresh, so that the newest months are a sample.
- paperswithcode.co: the list of papers with their repositories, asked by windows of about a week.
- Hugging Face Papers: the daily papers, asked by month, with at most one repository a paper.

What they cannot tell: the last two have no framework label (their links are `unlabelled`); Hugging Face's list is
curated; CodeOfPaper is a small operator whose dump may stop. Licence: CodeOfPaper CC-BY-4.0; the lists state none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ...engine import duckdb
from ...errors import Paused, SourceError
from ...landing import ledger
from ...landing.backlog import Backlog, told
from ...landing.landing import PARQUET, LandedFile, Landing, landed_files
from ...landing.ledger import Entry, text_of, whole
from ...months import month_after, month_of
from ...network.failures import back_in
from ...network.pace import Pace
from ...network.probing import Probe
from ...settings import Settings
from .. import huggingface
from ..filling import FirstFill
from . import graph, lookups

NAME = "papers_after_2025"
HOSTS, REDIRECTS = (huggingface.HOST, "paperswithcode.co", lookups.HOST), huggingface.FILE_HOSTS
PACES = dict.fromkeys(HOSTS, Pace(1, 1))
TABLES = {"papers_after_2025_answers": ledger.COLUMNS} | graph.TABLES

GRAPH = lookups.NAME
SUCCESSOR = "paperswithcode.co"
DAILY = "Hugging Face Papers"
SUCCESSOR_URL = "https://paperswithcode.co/api/v1/papers/"
DAILY_URL = "https://huggingface.co/api/daily_papers"
BEGINS = date(2025, 7, 29)
SETTLES = timedelta(days=7)  # repositories are added to a paper days after it came out
ADDRESS = {SUCCESSOR: SUCCESSOR_URL, DAILY: DAILY_URL}
PAGE_SIZE = {SUCCESSOR: 100, DAILY: 50}
PROBES = (
    Probe(f"{DAILY_URL}?limit=1", [{"paper": {"id": str, "publishedAt": str, ...: None}, ...: None}]),
    Probe(
        f"{SUCCESSOR_URL}?page=1&page_size=1&start_date={{month}}&end_date={{after}}&include_resources=true",
        {
            "count": int,
            "applied_filters": dict,
            ...: None,
            "results": [{"arxiv_id": (str, None), "published": str, "repositories": list, ...: None}],
        },
    ),
    Probe(
        f"https://{lookups.HOST}/papers/1706.03762/repos?limit=1",
        {"paper": dict, "top_repos": [{"full_name": str, "html_url": str, ...: None}], ...: None},
    ),
)
MOST_PAGES = 100
MOST_MOVED = 5
PAGES_A_WINDOW, PAGES_A_MONTH = 15, 25  # for the estimate of a first fill
CURE = "Open the address in a browser; if the service has changed, update flows/sources/papers_after_2025/source.py."


@dataclass(frozen=True)
class Window:
    """Days of a list that are asked together: from `first` to before `after`."""

    first: date
    after: date

    @property
    def part(self) -> str:
        """Its name in the landed answers."""
        return f"{self.first}/{self.after}"


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land the dump, the windows of both lists that are open or missing, newest first, and papers since the dump."""
    dump = Backlog[str]("links of papers")
    dump.ask(f"the dump of {GRAPH}", lambda _: _land_graph(landing))
    lists = Lists(landing)
    read = Backlog("lists", lists.wanted, lists.is_held, name=lambda one: one[0], stops=lambda _: False)
    read.work(lists.read)
    read.revisit(lists.seen_at, landing.now, lists.read)
    since, known = Backlog[str](f"papers at {GRAPH}"), Backlog[str](f"papers since the dump of {GRAPH}")
    if not read.pause:
        since = lookups.fill(landing, known.ask("the newest one in it", lambda _: _since_dump(landing)) or [])
    far = [dump.progress(), read.progress(), since.progress(lookups.MOST_ASKED)]
    return told(dump, read, since, more=[*far, known.note, *lists.notes])


def first_fill(settings: Settings, now: datetime) -> FirstFill:
    """The pages of both lists, about one a second."""
    today = now.date()
    pages = PAGES_A_WINDOW * len(windows(today)) + PAGES_A_MONTH * len(months(today))
    return FirstFill(pages, int(settings.source_seconds), "one request a second in the time of a source; an estimate")


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.papers_after_2025_answers and the tables of the dump."""
    ledger.load(landed, con, "papers_after_2025_answers")
    graph.load(landed, con)


def months(today: date) -> list[Window]:
    """The months of the daily papers, newest first."""
    return _cut(month_of(BEGINS), today, month_after)


def windows(today: date) -> list[Window]:
    """The windows of paperswithcode.co, four a month and none across a month's end, newest first.

    Each is asked with the first day of the next one: nobody says whether the last day of a request is in it, and a
    paper that comes twice is counted once.
    """
    return _cut(BEGINS, today, _quarter_after)


def _land_graph(landing: Landing) -> None:
    for name, address in graph.files(landing).items():
        landing.download(address, name=name, expect=PARQUET, check=graph.check(name, address))


def _since_dump(landing: Landing) -> list[LandedFile]:
    """Landed months of the daily papers that are over and not in the dump of CodeOfPaper, newest first."""
    today = landing.now.date()
    newest = graph.newest_paper(landed_files(landing.settings, NAME), today) or BEGINS
    over = [window for window in months(today) if window.after <= today and window.after > max(newest, BEGINS)]
    return [file for file in (landing.held(_name(DAILY, window)) for window in over) if file]


class Lists:
    """One run through the two lists.

    Args:
        landing: says when it is and asks for us.
    """

    def __init__(self, landing: Landing) -> None:
        self._landing, self._web, self._now = landing, landing.web, landing.now
        self._asked = {(entry.subject, entry.part): entry.asked_at for entry in ledger.read(landing)}
        self._read: set[tuple[str, Window]] = set()
        self._moved: dict[str, int] = {}

    @property
    def notes(self) -> list[str]:
        """What the lists that were read do not have."""
        if not self._moved:
            return []
        words = ", ".join(f"{part} by {papers}" for part, papers in self._moved.items())
        return [f"Papers at {SUCCESSOR} moved while its list was read; its count differs in {words}."]

    def wanted(self) -> list[tuple[str, Window]]:
        """Every window of both lists, newest first."""
        today = self._now.date()
        every = [(DAILY, window) for window in months(today)] + [(SUCCESSOR, window) for window in windows(today)]
        return sorted(every, key=lambda one: one[1].after, reverse=True)

    def is_held(self, one: tuple[str, Window]) -> bool:
        """Whether a window is settled, or was read in this run."""
        return one in self._read or self._is_settled(*one)

    def read(self, one: tuple[str, Window]) -> None:
        """Land all pages of a window or none, so that a held one is whole."""
        population, window = one
        entries = self.daily(window) if population == DAILY else self.successor(window)
        ledger.land_together(self._landing, _name(population, window), ADDRESS[population], entries)
        self._read.add(one)

    def daily(self, window: Window) -> list[Entry]:
        """All pages of a month of daily papers: the list ends with an empty page."""
        entries: list[Entry] = []
        seen: set[str] = set()
        for page in range(MOST_PAGES + 1):
            query = f"month={window.first:%Y-%m}&p={page}&limit={PAGE_SIZE[DAILY]}"
            rows, entry = self._ask(DAILY, DAILY_URL, query, window)
            if not isinstance(rows, list):
                raise SourceError(entry.address, "a list of papers", entry.body[:120], CURE)
            found = {_paper(row, "paper", "id", entry.address) for row in rows}
            if not rows and not entry.next_address:
                return [*entries, entry]
            if rows and found <= seen:
                raise SourceError(entry.address, "papers that no page before had", "none but those", CURE)
            seen |= found
            entries.append(entry)
        raise SourceError(f"{DAILY_URL}?{query}", f"at most {MOST_PAGES} pages", "one more", CURE)

    def successor(self, window: Window) -> list[Entry]:
        """All pages of a window of paperswithcode.co; a window with too many papers is asked in halves."""
        entries: list[Entry] = []
        halves = [window]
        while halves:
            half = halves.pop()
            found = self._window(half, window)
            if found is None:
                middle = half.first + timedelta(days=(half.after - half.first).days // 2)
                halves += [Window(half.first, middle), Window(middle, half.after)]
            else:
                entries += found
        return entries

    def _window(self, half: Window, window: Window) -> list[Entry] | None:
        """All pages of a part of a window; None if it has more papers than the service hands out."""
        entries: list[Entry] = []
        seen: set[tuple[str, ...]] = set()
        before: set[tuple[str, ...]] = set()
        for page in range(1, MOST_PAGES + 1):
            query = (
                f"page={page}&page_size={PAGE_SIZE[SUCCESSOR]}&start_date={half.first}&end_date={half.after}"
                "&latest_only=false&include_resources=true&order_by=date_published&order_dir=asc"
            )
            words, entry = self._ask(SUCCESSOR, SUCCESSOR_URL, query, window)
            rows, total = _results(words, entry, half)
            if (total or 0) > MOST_PAGES * PAGE_SIZE[SUCCESSOR]:
                break
            found = {_version(row, entry.address) for row in rows}
            # A last page may hold nothing but papers that moved there from the page before.
            if rows and found <= seen and (len(rows) == PAGE_SIZE[SUCCESSOR] or found == before):
                raise SourceError(entry.address, "papers that no page before had", "none but those", CURE)
            seen, before = seen | found, found
            entries.append(entry)
            if not rows or len(seen) == total:
                self._note_moved(entry.address, window, len(seen), len(seen) if total is None else total)
                return entries
        if (half.after - half.first).days < 2:
            raise SourceError(entry.address, f"at most {MOST_PAGES} pages for a day", "more", CURE)
        return None

    def _note_moved(self, address: str, window: Window, found: int, total: int) -> None:
        """A few papers more or fewer than are counted moved while we read; many are a list that is not whole."""
        moved = abs(total - found)
        if moved > min(MOST_MOVED, total // 10):
            raise SourceError(address, f"{total} papers on all pages", f"{found}", "Refresh again later.")
        if moved:
            self._moved[window.part] = self._moved.get(window.part, 0) + moved

    def _ask(self, population: str, address: str, query: str, window: Window) -> tuple[Any, Entry]:
        full = f"{address}?{query}"
        answer = self._web.get(full, also_good=(429,))
        if answer.status == 429:
            after = answer.headers.get("Retry-After", "")
            returns = back_in(after, self._now) or self._now + timedelta(seconds=300)
            found = f"the quota of {population} is spent, it returns {returns:%Y-%m-%d %H:%M} UTC"
            raise Paused(full, "an answer within the quota", found, "Refresh again after that.")
        body = text_of(answer, full)
        words = self._web.parsed(full, answer)
        follows = 'rel="next"' in answer.headers.get("Link", "")
        final = answer.final_address.partition("?")[0]
        following = full if follows else ""
        return words, Entry("papers", population, window.part, full, final, following, self._now, body)

    def seen_at(self, one: tuple[str, Window]) -> datetime | None:
        """When a window was asked for, or confirmed to be as it was."""
        if one in self._read:
            return self._now
        population, window = one
        asked = self._asked.get((population, window.part))
        check = self._landing.checks.get(_name(population, window))
        return max(asked, check.checked_at) if asked and check else asked

    def _is_settled(self, population: str, window: Window) -> bool:
        """Whether a window was seen after its repositories had been added."""
        seen = self.seen_at((population, window))
        return seen is not None and seen >= datetime.combine(window.after, time(), UTC) + SETTLES


def _name(population: str, window: Window) -> str:
    return f"answers-{population.replace(' ', '-').lower()}-{window.first}.jsonl.gz"


def _results(words: Any, entry: Entry, half: Window) -> tuple[list[Any], int | None]:
    """Papers of a page and the number of all, if it is told; refuses an answer whose filter is not ours."""
    rows = words.get("results") if isinstance(words, dict) else None
    told = next((words[name] for name in ("count", "total") if name in words), "") if isinstance(rows, list) else ""
    total = whole(told)
    if not isinstance(rows, list) or (total is None and told != ""):
        raise SourceError(entry.address, "results and their count", entry.body[:120], CURE)
    asked = {"start_date": str(half.first), "end_date": str(half.after)}
    applied = words.get("applied_filters")
    if isinstance(applied, dict):
        found = {name: str(applied.get(name))[:10] for name in asked}
        if found != asked:
            raise SourceError(entry.address, f"the filters {asked}", f"{applied}", CURE)
    for row in rows:
        day = str(row.get("published") or "")[:10] if isinstance(row, dict) else ""
        if day and not str(half.first) <= day <= str(half.after):
            raise SourceError(entry.address, f"papers from {half.first} to {half.after}", f"one of {day}", CURE)
    return rows, total


def _paper(row: Any, inside: str, name: str, address: str) -> str:
    """Id of a paper in a list."""
    words = row.get(inside) if inside and isinstance(row, dict) else row
    key = words.get(name) or words.get("arxiv_id") if isinstance(words, dict) else None
    if not isinstance(key, str | int):
        raise SourceError(address, f"papers with an {name}", json.dumps(row)[:120], CURE)
    return str(key)


def _version(row: Any, address: str) -> tuple[str, ...]:
    """One row of paperswithcode.co: versions of a paper share an id."""
    _paper(row, "", "id", address)
    return tuple(str(row.get(name)) for name in ("arxiv_id", "id", "version"))


def _cut(first: date, today: date, after: Callable[[date], date]) -> list[Window]:
    """Windows from a day to today, newest first."""
    cut: list[Window] = []
    while first <= today:
        cut.insert(0, Window(first, after(first)))
        first = after(first)
    return cut


def _quarter_after(day: date) -> date:
    return next((day.replace(day=number) for number in (9, 17, 25) if number > day.day), month_after(day))
