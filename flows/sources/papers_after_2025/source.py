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

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import duckdb

from ...errors import Paused, SourceError
from ...landing import ledger
from ...landing.landing import PARQUET, LandedFile, Landing, landed_files
from ...landing.ledger import Entry, text_of, whole
from ...network.pace import Pace
from ...settings import Settings
from . import graph as paper_graph
from . import lookups as paper_lookups

NAME = "papers_after_2025"
HOSTS = ("huggingface.co", "paperswithcode.co", paper_lookups.HOST)
PACES = dict.fromkeys(HOSTS, Pace(1, 1))
TABLES = {"papers_after_2025_answers": ledger.COLUMNS} | paper_graph.TABLES

GRAPH = paper_lookups.NAME
SUCCESSOR = "paperswithcode.co"
DAILY = "Hugging Face Papers"
SUCCESSOR_URL = "https://paperswithcode.co/api/v1/papers/"
DAILY_URL = "https://huggingface.co/api/daily_papers"
BEGINS = date(2025, 7, 29)
SETTLES = timedelta(days=7)  # repositories are added to a paper days after it came out
ADDRESS = {SUCCESSOR: SUCCESSOR_URL, DAILY: DAILY_URL}
PAGE_SIZE = {SUCCESSOR: 100, DAILY: 50}
MOST_PAGES = 100
MOST_MOVED = 5
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
    failures: dict[str, SourceError] = {}
    try:
        _land_graph(landing)
    except SourceError as error:
        failures[GRAPH] = error
    lists = Lists(landing)
    pause = lists.fill(failures)
    if GRAPH in failures and not lists.is_read:
        raise failures[GRAPH]
    if not pause:
        pause = _look_up(landing, failures)
    notes = lists.notes + [f"{name} could not be read: {error}" for name, error in failures.items()]
    return " ".join([pause, *notes] if pause else notes) or None


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.papers_after_2025_answers and the tables of the dump."""
    ledger.load(landed, con, "papers_after_2025_answers")
    paper_graph.load(landed, con)


def months(today: date) -> list[Window]:
    """The months of the daily papers, newest first."""
    return _cut(_month(BEGINS), today, _month_after)


def windows(today: date) -> list[Window]:
    """The windows of paperswithcode.co, four a month and none across a month's end, newest first.

    Each is asked with the first day of the next one: nobody says whether the last day of a request is in it, and a
    paper that comes twice is counted once.
    """
    return _cut(BEGINS, today, _quarter_after)


def _land_graph(landing: Landing) -> None:
    for name, address in paper_graph.files(landing).items():
        landing.download(address, name=name, expect=PARQUET, check=paper_graph.check(name, address))


def _look_up(landing: Landing, failures: dict[str, SourceError]) -> str:
    """Ask CodeOfPaper about papers that came out since its dump; what is left is said, what fails is noted."""
    today = landing.now.date()
    try:
        newest = paper_graph.newest_paper(landed_files(landing.settings, NAME), today) or BEGINS
        over = [window for window in months(today) if window.after <= today and window.after > max(newest, BEGINS)]
        listed = [landing.held(_name(DAILY, window)) for window in over]
        return paper_lookups.fill(landing, [file for file in listed if file])
    except SourceError as error:
        failures[f"{GRAPH} by paper"] = error
        return ""


class Lists:
    """One run through the two lists.

    Args:
        landing: says when it is and asks for us.
    """

    def __init__(self, landing: Landing) -> None:
        self._landing, self._web, self._now = landing, landing.web, landing.now
        self._asked = {(entry.subject, entry.part): entry.asked_at for entry in ledger.read(landing)}
        self.is_read = False
        self._moved: dict[str, int] = {}

    @property
    def notes(self) -> list[str]:
        """What the lists that were read do not have."""
        if not self._moved:
            return []
        words = ", ".join(f"{part} by {papers}" for part, papers in self._moved.items())
        return [f"Papers at {SUCCESSOR} moved while its list was read; its count differs in {words}."]

    def fill(self, failures: dict[str, SourceError]) -> str:
        """Land every window that is not settled, newest first; say how far it is if it has to stop.

        All pages of a window are kept or none, so that a held one is whole. A list that fails is put into `failures`,
        and the other one goes on.
        """
        today = self._now.date()
        wanted = [(DAILY, window, self.daily) for window in months(today)]
        wanted += [(SUCCESSOR, window, self.successor) for window in windows(today)]
        wanted.sort(key=lambda one: one[1].after, reverse=True)
        missing = [one for one in wanted if not self._is_settled(one[0], one[1])]
        for number, (population, window, ask) in enumerate(missing):
            try:
                if population not in failures:
                    name, entries = _name(population, window), ask(window)
                    ledger.land_together(self._landing, name, ADDRESS[population], entries)
                    self.is_read = True
            except Paused as pause:
                held = len(wanted) - len(missing) + number
                return (
                    f"{pause.found[:1].upper()}{pause.found[1:]}; {held} of {len(wanted)} lists are read, the next "
                    "refresh goes on."
                )
            except SourceError as error:
                failures[population] = error
        return ""

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
            returns = self._now + timedelta(seconds=int(after) if after.isdecimal() else 300)
            found = f"the quota of {population} is spent, it returns {returns:%Y-%m-%d %H:%M} UTC"
            raise Paused(full, "an answer within the quota", found, "Refresh again after that.")
        body = text_of(answer, full)
        try:
            words = json.loads(body)
        except ValueError as error:
            found = "an HTML page" if body.lstrip().startswith("<") else f"no JSON ({error})"
            raise self._web.refusal(full, "a JSON document", found, CURE, answer.final_address) from error
        follows = 'rel="next"' in answer.headers.get("Link", "")
        final = answer.final_address.partition("?")[0]
        following = full if follows else ""
        return words, Entry("papers", population, window.part, full, final, following, self._now, body)

    def _is_settled(self, population: str, window: Window) -> bool:
        """Whether a window was asked for, or confirmed to be as it was, after its repositories had been added."""
        asked = self._asked.get((population, window.part))
        check = self._landing.checks.get(_name(population, window))
        seen = max(asked, check.checked_at) if asked and check else asked
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
    return next((day.replace(day=number) for number in (9, 17, 25) if number > day.day), _month_after(day))


def _month_after(day: date) -> date:
    return _month(_month(day) + timedelta(days=31))


def _month(day: date) -> date:
    return day.replace(day=1)
