"""Stack Overflow questions: how many are asked with the tag of each framework, month by month.

Asked of the Stack Exchange API, one call per tag and month. A month that is over is asked once, and again in 60 days;
the running month is asked at each refresh, which shows that the source is alive, and is published once it is over.
Without a key there are 300 calls a day, so the first fill takes about a week: the first pair newest month first, then
all others month by month. TRENDS_STACK_EXCHANGE_KEY (free) raises the quota to 10,000.

What it cannot tell: a question may carry several tags; questions that were deleted since are not counted, so a month
asked later holds fewer; people ask elsewhere since 2023. Licence: CC BY-SA 4.0, name Stack Exchange.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ..engine import duckdb
from ..errors import Paused, SourceError
from ..landing import ledger
from ..landing.backlog import Backlog, is_no_answer, told
from ..landing.landing import LandedFile, Landing
from ..landing.ledger import Entry, Ledger, text_of, whole
from ..months import month_after, month_before, month_of
from ..network.failures import back_in
from ..network.pace import Pace
from ..network.probing import Probe
from ..network.web import Answer
from ..reference.frameworks import followed
from ..settings import Settings
from .filling import FirstFill

NAME = "stack_overflow_questions"
HOST = "api.stackexchange.com"
HOSTS = (HOST,)
PACES = {HOST: Pace(1, 0.2)}  # five a second; more than thirty are cut off
TABLES = {"stack_overflow_questions_answers": ledger.COLUMNS}

URL = f"https://{HOST}/2.3/questions"
PROBES = (
    Probe(
        f"{URL}?site=stackoverflow&tagged=pytorch&fromdate=1704067200&todate=1706745600&filter=total", {"total": int}
    ),
)
SITE_BEGAN = date(2008, 8, 1)
QUOTA = 300  # calls per day and address
QUOTA_WITH_KEY = 10_000
CURE = "Open the address in a browser; if the service has changed, update flows/sources/stack_overflow_questions.py."


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land the running month of every tag, then as many months that are over as the quota allows."""
    tags = followed(settings, "stack_overflow_tag")
    with Ledger(landing, URL) as answers:
        asking = Asking(landing, settings, answers, tags)
        months = Backlog(
            "months of tags", asking.wanted, asking.is_held, name=lambda one: one[0], stops=is_no_answer, patience=3
        )
        running = [(tag, asking.running) for tag in tags]
        months.each([one for one in running if not asking.first(one[0])], lambda one: asking.start(one[0]))
        months.each(running, lambda one: asking.month(*one))
        months.work(lambda one: asking.month(*one))
        months.revisit(lambda one: asking.seen[one], landing.now, lambda one: asking.month(*one))
        seen = asking.confirmed()
    unseen = [tag for tag in tags if tag not in seen and tag not in months.errors]
    unasked = f"Not asked today: {', '.join(unseen)}." if unseen else ""
    return told(months, more=[months.progress(asking.quota), unasked], is_confirmed=bool(seen))


def first_fill(settings: Settings, now: datetime) -> FirstFill:
    """A call a tag and month since its first release."""
    first = [day or SITE_BEGAN for day in followed(settings, "stack_overflow_tag").values()]
    months = sum((now.date() - max(day, SITE_BEGAN)).days * 12 // 365 for day in first)
    if settings.stack_exchange_key and not settings.mirror:
        return FirstFill(months, QUOTA_WITH_KEY)
    return FirstFill(months, QUOTA, f"Stack Exchange allows {QUOTA} calls a day without a key, so refresh a day apart")


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.stack_overflow_questions_answers, one row per answer."""
    ledger.load(landed, con, "stack_overflow_questions_answers")


def seconds(month: date) -> int:
    """The beginning of a month, UTC, as the API counts time."""
    return int(datetime(month.year, month.month, 1, tzinfo=UTC).timestamp())


@dataclass
class Tag:
    """What we know of a tag: its first month, and the months that are over and answered."""

    first: date | None
    closed: set[date]


class Asking:
    """One run through tags and months.

    Args:
        landing: says when it is and asks for us.
        settings: key.
        answers: what is held, and where new answers go.
        tags: to ask for, with the first release where it is known.
    """

    def __init__(self, landing: Landing, settings: Settings, answers: Ledger, tags: dict[str, date | None]) -> None:
        self._web, self._now = landing.web, landing.now
        self._key = self._web.key(settings.stack_exchange_key)
        self._answers = answers
        self.running = month_of(self._now.date())
        self._tags = {tag: Tag(first and max(month_of(first), SITE_BEGAN), set()) for tag, first in tags.items()}
        self.quota = QUOTA_WITH_KEY if self._key else QUOTA
        self.seen: dict[tuple[str, date], datetime] = {}
        self._spent = ""
        self._asked_today = sum(entry.asked_at.date() == self._now.date() for entry in answers.entries)
        for entry in answers.entries:
            self._learn(entry)

    def first(self, tag: str) -> date | None:
        """The first month of a tag, where it is known."""
        return self._tags[tag].first

    def start(self, tag: str) -> None:
        """Find the first month of a tag: a zero before the framework existed is no figure."""
        query = f"site=stackoverflow&tagged={tag}&sort=creation&order=asc&pagesize=1"
        words, answer, body = self._ask(query)
        items = words.get("items")
        if items == []:
            cure = "Correct stack_overflow_tag in data/reference/frameworks.csv."
            raise SourceError(f"{URL}?{query}", f"a question with the tag {tag}", "none", cure)
        # An answer without items says nothing about the beginning; then all months are asked.
        created = whole(items[0].get("creation_date")) if isinstance(items, list) else seconds(SITE_BEGAN)
        if created is None or not seconds(SITE_BEGAN) <= created <= self._now.timestamp():
            found = json.dumps(items)[:120]
            raise SourceError(f"{URL}?{query}", "a creation_date between 2008-08 and now", found, CURE)
        first = month_of(datetime.fromtimestamp(created, UTC).date())
        self._keep("first", tag, f"{first:%Y-%m}", query, answer, body)

    def month(self, tag: str, month: date) -> None:
        """Land the number of questions of one month."""
        query = (
            f"site=stackoverflow&tagged={tag}&fromdate={seconds(month)}&todate={seconds(month_after(month))}"
            "&filter=total"
        )
        words, answer, body = self._ask(query)
        if whole(words.get("total")) is None:
            raise SourceError(f"{URL}?{query}", "a whole number as total", json.dumps(words)[:120], CURE)
        self._keep("month", tag, f"{month:%Y-%m}", query, answer, body)

    def is_held(self, one: tuple[str, date]) -> bool:
        """Whether a month that is over is answered."""
        tag, month = one
        return month in self._tags[tag].closed

    def wanted(self) -> Iterator[tuple[str, date]]:
        """Months that are over: of the first pair newest first, then month by month of all others."""
        tags = list(self._tags)
        for group in (tags[:2], tags[2:]):
            month = self.running
            while month > SITE_BEGAN:
                month = month_before(month)
                for tag in group:
                    first = self._tags[tag].first
                    if first and month >= first:
                        yield tag, month

    def confirmed(self) -> set[str]:
        """Tags that were asked for their running month today."""
        entries = [entry for entry in self._answers.entries if entry.kind == "month"]
        return {entry.subject for entry in entries if entry.asked_at.date() == self._now.date()}

    def _ask(self, query: str) -> tuple[dict[str, Any], Answer, str]:
        if self._asked_today >= self.quota:
            self._spent = (
                self._spent or f"Stack Exchange's quota of {self.quota} calls a day is spent, it {self._returns()}"
            )
        if self._spent:
            raise _paused(self._spent)
        self._asked_today += 1
        address = f"{URL}?{query}"
        sent = dict(pair.split("=", 1) for pair in query.split("&")) | ({"key": self._key} if self._key else {})
        answer = self._web.get(URL, params=sent, also_good=(400, 403, 429))
        body = text_of(answer, address)
        try:
            words = self._web.parsed(address, answer)
        except SourceError:
            if answer.status == 200:
                raise
            words = {}  # then the status is what is wrong
        if not isinstance(words, dict):
            raise SourceError(address, "a JSON object", body[:120], CURE)
        self._refuse(answer, words, address)
        if whole(words.get("backoff")):
            self._web.hold(URL, words["backoff"])
        if words.get("quota_remaining") == 0:
            self._spent = f"Stack Exchange's quota is spent, it {self._returns()}"
        return words, answer, body

    def _refuse(self, answer: Answer, words: dict[str, Any], address: str) -> None:
        """Tell a spent quota, which passes, from a request that the source does not accept."""
        if answer.status == 429 or words.get("error_name") == "throttle_violation":
            told = re.search(r"available in (\d+) seconds", str(words.get("error_message")))
            after = told[1] if told else answer.headers.get("Retry-After", "")
            returns = self._returns()
            if back := back_in(after, self._now):
                returns = f"returns {back:%Y-%m-%d %H:%M} UTC"
            raise _paused(f"Stack Exchange's quota for this address is spent, it {returns}")
        if answer.status != 200 or "error_id" in words:
            found, cure = f"status {answer.status}", CURE
            if "error_id" in words:
                found += f", {words.get('error_name')}: {words.get('error_message')}"
                cure = "Check the tag in data/reference/frameworks.csv"
                cure += " and TRENDS_STACK_EXCHANGE_KEY." if self._key else "."
            raise SourceError(address, "an answer with status 200", self._web.without_secrets(found), cure)

    def _returns(self) -> str:
        return f"returns {self._now.date() + timedelta(days=1)} 00:00 UTC"

    def _keep(self, kind: str, tag: str, part: str, query: str, answer: Answer, body: str) -> None:
        final = answer.final_address.partition("?")[0]
        entry = Entry(kind, tag, part, f"{URL}?{query}", final, "", self._now, body)
        self._answers.add(entry)
        self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        month, tag = date.fromisoformat(f"{entry.part}-01"), self._tags.get(entry.subject)
        if tag is None:
            return
        if entry.kind == "first":
            # Asking never begins later than the first question that we know of, whatever the table says since.
            tag.first = min(tag.first or month, month)
        elif entry.asked_at.date() >= month_after(month):
            tag.closed.add(month)
            key = (entry.subject, month)
            self.seen[key] = max(entry.asked_at, self.seen.get(key, entry.asked_at))


def _paused(found: str) -> Paused:
    return Paused(
        URL, "an answer within the quota", found, "Refresh again after that; until then the last landing is used."
    )
