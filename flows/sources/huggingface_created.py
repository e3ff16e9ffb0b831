"""Models created on the Hugging Face hub: of those of a month that name a library, how many are tagged with each.

Part of the source huggingface_models. The hub itself tells no creations by month; the data set cfahlgren1/hub-stats
has a row per model, and Hugging Face's dataset viewer counts the rows that fit a question, so that nobody has to fetch
the data set. One small question per library and month, newest month first; a month that is over is asked once, and
again in 60 days. Where that fails, the hub's own list of models by day of creation is read for the month that ended
last: it says how many are tagged with each library, but not of how many.

What it cannot tell: models that were deleted since; months before April 2022, as older models all carry one day of
March 2022; anything at all while the data set, which is no official one, is not kept up: then the note says so.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from ..errors import SourceError
from ..landing.backlog import Backlog
from ..landing.landing import Landing
from ..landing.ledger import Entry, Ledger, land_together, text_of, whole
from ..months import closed_month, month_after, month_before, month_of, newest_first
from ..network.probing import Probe
from . import huggingface

HOST = "datasets-server.huggingface.co"
URL = f"https://{HOST}/filter"
DATASET = {"dataset": "cfahlgren1/hub-stats", "config": "models", "split": "train", "offset": "0", "length": "1"}
PROBE = Probe(
    f"{URL}?{urlencode(DATASET)}&where=%22createdAt%22%3E%3D%27{{month}}%27&orderby=%22createdAt%22+DESC",
    {
        "features": list,
        "num_rows_per_page": int,
        "num_rows_total": int,
        "partial": bool,
        "rows": [{"row": {"createdAt": str, "tags": (list, str), "library_name": (str, None), ...: None}, ...: None}],
    },
)
FIRST_MONTH = date(2022, 4, 1)
# The documented list, newest first; a page has a thousand models, of which only the day is asked for.
LIST_URL = f"https://{huggingface.HOST}/api/models?filter={{library}}&sort=createdAt&direction=-1&limit=1000&expand%5B%5D=createdAt"
MOST_PAGES = 40
NEXT = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next\b')
MOST_ASKED = 100  # of one refresh; the first fill takes some refreshes
ANY = "any library"
CURE = "Open the address in a browser; if the service has changed, update flows/sources/huggingface_created.py."


def fill(landing: Landing, libraries: list[str]) -> str:
    """Land what is missing of the months that are over, newest first; say how far it is."""
    last = told = closed_month(landing.now)
    with Ledger(landing, URL) as answers:
        asking = Asking(landing, answers)
        counts = Backlog(
            f"counts of models created, at {HOST}",
            lambda: [(subject, month) for month in newest_first(told, FIRST_MONTH) for subject in (ANY, *libraries)],
            lambda one: _question(*one) in asking.held,
            name=lambda one: " ".join(_question(*one)),
        )
        if not counts.left():
            asking.recount(counts)
            return counts.note
        found = counts.ask(("newest model", last), lambda _: asking.newest_month())
        if found:
            told = min(last, month_before(found))
            counts.work(lambda one: asking.count(*one), MOST_ASKED)
            asking.recount(counts)
        lists = _lists(landing, libraries, last, asking) if counts.errors else None
    listed = lists.note if lists else ""
    if found is None:
        return " ".join(words for words in (counts.note or counts.progress(MOST_ASKED), listed) if words)
    reaches = f"The data set behind the models created reaches {found:%Y-%m} only." if found <= last else ""
    return " ".join(words for words in (counts.note, reaches, listed, counts.progress(MOST_ASKED)) if words)


def _lists(landing: Landing, libraries: list[str], month: date, asking: "Asking") -> Backlog[str]:
    """Read the lists of models back to the beginning of a month, for libraries without a count of it."""
    lists = Backlog(
        f"lists of models created in {month:%Y-%m}",
        lambda: libraries,
        lambda library: (
            _question(library, month) in asking.held or landing.held(_list_name(library, month)) is not None
        ),
    )
    lists.work(lambda library: _list(landing, library, month))
    return lists


def _list(landing: Landing, library: str, month: date) -> None:
    """Land the pages of one list; only one that reaches back beyond the month is counted."""
    address = LIST_URL.format(library=library)
    entries: list[Entry] = []
    while len(entries) < MOST_PAGES:
        answer = landing.web.get(address)
        rows = landing.web.parsed(address, answer)
        days = [str(row.get("createdAt", ""))[:10] for row in rows] if isinstance(rows, list) else []
        if not days or not all(days):
            raise SourceError(address, "models with their createdAt", json.dumps(rows)[:120], CURE)
        link = NEXT.search(answer.headers.get("Link", ""))
        following, final = (link[1] if link else ""), answer.final_address.partition("?")[0]
        body, part = text_of(answer, address), f"{month:%Y-%m}"
        entries.append(Entry("listed", library, part, address, final, following, landing.now, body))
        if min(days) < f"{month}" or not following:
            land_together(landing, _list_name(library, month), LIST_URL.format(library=library), entries)
            return
        if not following.startswith(f"https://{huggingface.HOST}/"):
            raise SourceError(address, f"a next page at {huggingface.HOST}", following, CURE)
        address = following
    raise SourceError(address, f"the models of {month:%Y-%m} on {MOST_PAGES} pages", "more", "Wait for the data set.")


def _list_name(library: str, month: date) -> str:
    return f"answers-listed-{library}-{month:%Y-%m}.jsonl.gz"


def _question(subject: str, month: date) -> tuple[str, str]:
    return subject, f"{month:%Y-%m}"


@dataclass(frozen=True)
class Asking:
    """Asks the dataset viewer and keeps what it counts."""

    landing: Landing
    answers: Ledger

    @property
    def held(self) -> dict[tuple[str, str], datetime]:
        """Subjects and months whose counts are landed, with the time at which each was told last."""
        counted = [entry for entry in self.answers.entries if entry.kind == "created"]
        return {(entry.subject, entry.part): entry.asked_at for entry in sorted(counted, key=lambda one: one.asked_at)}

    def newest_month(self) -> date:
        """Month of the newest model in the data set; the months before it are whole there."""
        after = month_before(month_before(closed_month(self.landing.now)))
        words, address, _ = self._ask({"where": f"\"createdAt\">='{after}'", "orderby": '"createdAt" DESC'})
        try:
            created = str(words["rows"][0]["row"]["createdAt"])
            found = datetime.fromisoformat(created.replace("Z", "+00:00"))
        except (LookupError, TypeError, ValueError) as error:
            expected = f"a model created since {after}, with its time as createdAt"
            raise SourceError(address, expected, json.dumps(words)[:120], CURE) from error
        day = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).date()
        if day > self.landing.now.astimezone(UTC).date():
            raise SourceError(address, "models created up to now", f"one of {day}", CURE)
        return month_of(day)

    def count(self, subject: str, month: date) -> int:
        """Land the number of models of one month that name a library and are tagged with this one."""
        where = f'"createdAt">=\'{month}\' AND "createdAt"<\'{month_after(month)}\' AND "library_name" IS NOT NULL'
        if subject != ANY:
            where += f" AND \"tags\".list_contains('{subject}')=true"
        words, address, entry = self._ask({"where": where}, subject, f"{month:%Y-%m}")
        count = whole(words.get("num_rows_total"))
        if count is None:
            raise SourceError(address, "a whole number as num_rows_total", json.dumps(words)[:120], CURE)
        if subject == ANY and not count:
            raise SourceError(address, f"models created in {month:%Y-%m}", "none", CURE)
        self.answers.add(entry)
        return count

    def recount(self, counts: Backlog[tuple[str, date]]) -> None:
        """Ask again for the counts whose turn it is."""
        counts.revisit(lambda one: self.held[_question(*one)], self.landing.now, lambda one: self.count(*one))

    def _ask(self, query: dict[str, str], subject: str = "", part: str = "") -> tuple[dict[str, Any], str, Entry]:
        address = f"{URL}?{urlencode(DATASET | query)}"
        answer = self.landing.web.get(address)
        body = text_of(answer, address)
        words = self.landing.web.parsed(address, answer)
        if not isinstance(words, dict):
            raise SourceError(address, "a JSON object", body[:120], CURE)
        if words.get("partial"):
            raise SourceError(address, "counts over the whole data set", "that only a part of it is counted", CURE)
        final = answer.final_address.partition("?")[0]
        return words, address, Entry("created", subject, part, address, final, "", self.landing.now, body)
