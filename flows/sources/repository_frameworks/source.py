"""Frameworks of research repositories, told by ourselves since Papers With Code, which labelled them, has closed.

Asked of GitHub's GraphQL service: for each repository its tree, README, manifests and a few code files at one commit.
Which repositories is a model (intermediate.repositories_to_label): those of the papers since August 2025, and a draw
from the archive of Papers With Code, on which our labels are compared with theirs. The labels are rules in SQL.

What is landed of a repository: README and manifests whole, of code files only the lines that import, include or
require. Nobody's code is kept. What it cannot tell: private and deleted repositories; what a framework is used for.
A token is needed (GITHUB_TOKEN, without any rights); GitHub answers no GraphQL query without one. Facts, no licence;
a README is its author's text and stands in no export.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb

from ...errors import Paused
from ...landing import ledger
from ...landing.landing import LandedFile, Landing
from ...landing.ledger import Entry, Ledger, text_of, whole
from ...network.budget import Budget
from ...network.expect import parsed_json
from ...network.failures import back_in, refused_status
from ...network.pace import Pace
from ...network.probing import Probe
from ...network.web import Answer, Web
from ...settings import Settings
from .asking import Query, Wanted, chosen_files, names_and_roots
from .reading import CALIBRATION, GONE, READ, Reading, Repository

NAME = "repository_frameworks"
HOST = "api.github.com"
HOSTS = (HOST,)
# One query at a time, and none within a second of the answer before: a minute allows 60 s of GitHub's processor time.
PACES = {HOST: Pace(1, 1)}
TABLES = {"repository_frameworks_answers": ledger.COLUMNS}

PROBES = (
    Probe(
        f"https://{HOST}/graphql",
        {"message": str, "documentation_url": str, ...: None},
        data='{"query": "{ rateLimit { limit remaining } }"}',
        good=(401, 403),  # what it answers without a token
    ),
)

# The refresh asks these first, makes this table of what they landed, and hands its rows over as `landing.wanted`.
AFTER = ("papers_with_code", "papers_after_2025")
WANTED = "intermediate.repositories_to_label"

ADDRESS = f"https://{HOST}/graphql"
BATCH = 22
ARCHIVE_ENDS = "2025-07-28T23:59:59Z"
SETTLES = timedelta(days=45)  # repositories are filled and linked weeks after the paper
LOOKED_AGAIN = timedelta(days=90)
# So many batches of one repository in a row that cannot be answered mean that the service fails, not the repositories.
MOST_FAILURES = 3
# Statuses by which GitHub says that a query was too much for it, beside those that Web tries again.
TOO_MUCH = (502, 504)
# What reading an answer raises that is not as GitHub's schema promises: it costs that repository alone.
AGAINST_SCHEMA = (AttributeError, KeyError, TypeError, ValueError)
CURE = "Look at githubstatus.com; if the service has changed, update flows/sources/repository_frameworks."


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land what repositories say of themselves, as many as time and quota allow; say how far it is."""
    wanted = list(due(landing.wanted, settings, landing.now))
    if not wanted:
        return "No repository is asked for yet: neither the archive nor a list of papers is landed."
    if not settings.github_token and not settings.mirror:
        return (
            f"Not asked: labelling {len(wanted):,} repositories needs a token, as GitHub answers no GraphQL query "
            "without one. Make one without any rights and set GITHUB_TOKEN."
        )
    budget = Budget(settings.labels_seconds, setting="TRENDS_LABELS_SECONDS")
    with Web(settings, budget, source=NAME, paces=PACES) as web, Ledger(landing, ADDRESS) as answers:
        return Walk(web, landing.now, settings, answers).through(wanted)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.repository_frameworks_answers, one row per answer."""
    ledger.load(landed, con, "repository_frameworks_answers")


def due(rows: Iterable[tuple[Any, ...]], settings: Settings, now: datetime) -> Iterator[Repository]:
    """Those of the wanted rows whose turn has come: the archive's first, then the newest months that have settled.

    One that is in several lists comes once.
    """
    seen: set[str] = set()
    for repository, purpose, month_start, _, _, place in sorted(rows, key=_turn):
        settled = (month_start.replace(day=1) + timedelta(days=32)).replace(day=1) + SETTLES
        is_due = purpose == CALIBRATION or (place <= settings.labels_per_month and settled <= now.date())
        if is_due and repository not in seen:
            seen.add(repository)
            owner, _, name = repository.partition("/")
            yield Repository(owner, name, purpose)


def _turn(row: tuple[Any, ...]) -> tuple[Any, ...]:
    repository, purpose, month_start, _, _, place = row
    return (purpose != CALIBRATION, place if purpose == CALIBRATION else -month_start.toordinal(), place, repository)


class Walk:
    """One run through the repositories.

    Args:
        web: asks for us.
        now: the time of this run.
        settings: the token.
        answers: what is held, and where new answers go.
    """

    def __init__(self, web: Web, now: datetime, settings: Settings, answers: Ledger) -> None:
        self._web, self._now, self._answers = web, now, answers
        self._token = self._web.key(settings.github_token)
        self._asked: dict[str, list[datetime]] = {}
        self._has_code: dict[str, bool] = {}
        self._spent = ""
        self._failures = 0
        self.left_out: list[str] = []
        for entry in answers.entries:
            self._learn(entry)

    def through(self, wanted: Sequence[Repository]) -> str | None:
        """Ask for all that are missing, in batches that shrink where the service cannot answer them."""
        missing = deque(one for one in wanted if self._is_missing(one))
        number, reason, done = BATCH, "", 0
        while missing:
            batch = [missing.popleft() for _ in range(min(number, len(missing)))]
            try:
                left = self._batch(batch)
            except Paused as pause:
                if not done:
                    raise
                reason = pause.found
                missing.extendleft(reversed(batch))
                break
            done += len(batch) - len(left)
            missing.extendleft(reversed(left))
            if not left:
                number, self._failures = min(BATCH, 2 * number), 0
            elif number > 1:
                number = max(1, number // 2)
            else:
                self._give_up(missing.popleft())
        return self._told(len(wanted), len(missing), done, reason)

    def _told(self, wanted: int, missing: int, done: int, reason: str) -> str | None:
        notes = []
        if missing:
            refreshes = -(-missing // max(done, 1))
            notes.append(
                f"{reason[:1].upper()}{reason[1:]}. {wanted - missing:,} of {wanted:,} repositories are read, "
                f"about {refreshes:,} {'refresh' if refreshes == 1 else 'refreshes'} left."
            )
        if self.left_out:
            shown = ", ".join(self.left_out[:5]) + (f" and {len(self.left_out) - 5} more" if self.left_out[5:] else "")
            notes.append(f"GitHub could not answer for {shown}, not even alone; the next refresh asks again.")
        return " ".join(notes) or None

    def _is_missing(self, one: Repository) -> bool:
        """Whether it was never asked for, or had no code when it was, once, 90 days ago."""
        asked = self._asked.get(one.subject)
        if not asked:
            return True
        again = not self._has_code[one.subject] and one.purpose != CALIBRATION and len(asked) == 1
        return again and asked[0] + LOOKED_AGAIN <= self._now

    def _give_up(self, one: Repository) -> None:
        """Leave one out of this refresh that cannot be answered even alone."""
        self.left_out.append(one.subject)
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            found = f"none for {self._failures} repositories in a row, each asked for alone"
            raise self._web.refusal(ADDRESS, "answers", found, CURE)

    def _batch(self, batch: list[Repository]) -> list[Repository]:
        """Ask for a batch and keep what is whole; return those that the service could not answer this time."""
        pairs = [(one.owner, one.name) for one in batch]
        until = [ARCHIVE_ENDS if one.purpose == CALIBRATION else "" for one in batch]
        answered = self._ask(names_and_roots(pairs, until), len(batch))
        readings: dict[int, Reading] = {}
        wanted: dict[int, Wanted] = {}
        gone, left = [], []
        for number, one in enumerate(batch):
            node, error = answered[number]
            if error == "NOT_FOUND":
                gone.append(self._entry(GONE, one, {}))
            elif error or node is None:
                left.append(one)
            else:
                try:
                    reading = Reading(one, node)
                    if want := reading.wants():
                        wanted[number] = want
                    readings[number] = reading
                except AGAINST_SCHEMA:
                    left.append(one)
        if wanted:
            numbers = list(wanted)
            more = self._ask(chosen_files([pairs[n] for n in numbers], list(wanted.values())), len(numbers))
            for number, (node, error) in zip(numbers, more, strict=True):
                try:
                    if error or node is None:
                        raise ValueError(error)
                    readings[number].take(wanted[number].paths, node)
                except AGAINST_SCHEMA:
                    left.append(readings.pop(number).repository)
        found = [self._entry(reading.kind, reading.repository, reading.body()) for reading in readings.values()]
        self._keep(*gone, *found)
        return left

    def _ask(self, query: Query, count: int) -> list[tuple[dict[str, Any] | None, str]]:
        """What each alias of a query answers: its node, and the kind of its error; all fail if the query did."""
        if self._spent:
            raise _paused(self._spent)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = json.dumps({"query": query.text, "variables": query.variables}).encode()
        answer = self._web.get(ADDRESS, method="POST", data=data, headers=headers, also_good=(401, 403, 429, *TOO_MUCH))
        if answer.status in TOO_MUCH:
            return [(None, "TOO_MUCH")] * count
        self._refuse(answer)
        document = self._document(answer)
        errors = [error for error in document.get("errors") or () if isinstance(error, dict)]
        if any(error.get("type") == "RATE_LIMITED" for error in errors):
            raise _paused(_quota(document, self._now))
        data_part = document.get("data")
        if not isinstance(data_part, dict):
            if any(_is_too_much(error) for error in errors):
                return [(None, "TOO_MUCH")] * count
            found = "; ".join(str(error.get("message"))[:200] for error in errors[:3]) or "neither data nor errors"
            raise self._web.refusal(ADDRESS, "an answer with data", found, CURE, answer.final_address)
        self._spent = _nearly_spent(data_part, self._now)
        kinds = _kinds(errors)
        return [(data_part.get(f"r{number}"), kinds.get(f"r{number}", "")) for number in range(count)]

    def _refuse(self, answer: Answer) -> None:
        """Raise for what is no answer: a pause where GitHub limits us, an error elsewhere."""
        if answer.status == 200:
            return
        if answer.status in (403, 429):
            after = answer.headers.get("Retry-After", "")
            limited = answer.status == 429 or after or b"rate limit" in answer.body.lower()
            if limited or answer.headers.get("X-RateLimit-Remaining") == "0":
                back = back_in(after, self._now)
                away = f"GitHub asks us to stay away until {_minute(back)}" if back else ""
                raise _paused(away or "GitHub limits us and does not say for how long")
        found, cure, _ = refused_status(answer.status, "", answer.headers, NAME, self._now)
        if answer.status == 401:
            cure = "GitHub does not accept the token: renew or unset GITHUB_TOKEN."
        raise self._web.refusal(ADDRESS, "an answer with status 200", found, cure, answer.final_address)

    def _document(self, answer: Answer) -> dict[str, Any]:
        body = text_of(answer, ADDRESS)
        try:
            document = parsed_json(body)
        except ValueError as error:
            found = "an HTML page" if body.lstrip().startswith("<") else f"no JSON ({error})"
            found = found if body.strip() else "an empty body"
            raise self._web.refusal(ADDRESS, "a JSON document", found, CURE, answer.final_address) from error
        if not isinstance(document, dict):
            raise self._web.refusal(ADDRESS, "a JSON object", body[:120], CURE, answer.final_address)
        return document

    def _entry(self, kind: str, one: Repository, body: dict[str, Any]) -> Entry:
        text = json.dumps(body, ensure_ascii=False)
        return Entry(kind, one.subject, one.purpose, ADDRESS, ADDRESS, "", self._now, text)

    def _keep(self, *entries: Entry) -> None:
        self._answers.add(*entries)
        for entry in entries:
            self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        self._asked.setdefault(entry.subject, []).append(entry.asked_at)
        self._has_code[entry.subject] = entry.kind == READ


def _kinds(errors: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The kind of error by alias; what names no alias concerns all that have no data anyway."""
    found: dict[str, str] = {}
    for error in errors:
        path = error.get("path")
        if isinstance(path, list) and path and isinstance(path[0], str):
            # A repository that is not there is told once, at its alias; anything deeper means partial data.
            kind = str(error.get("type") or "UNKNOWN")
            found[path[0]] = kind if kind != "NOT_FOUND" or len(path) == 1 else found.get(path[0], "")
    return found


def _is_too_much(error: dict[str, Any]) -> bool:
    words = str(error.get("message", "")).lower()
    return error.get("type") == "RESOURCE_LIMITS_EXCEEDED" or "timeout" in words or "something went wrong" in words


def _nearly_spent(data: dict[str, Any], now: datetime) -> str:
    """Say that the quota does not last for another batch, if so; empty otherwise."""
    limit = data.get("rateLimit")
    if not isinstance(limit, dict):
        return ""
    left, cost = whole(limit.get("remaining")), whole(limit.get("cost")) or 1
    return _quota({"data": data}, now) if left is not None and left < cost else ""


def _quota(document: dict[str, Any], now: datetime) -> str:
    limit = (document.get("data") or {}).get("rateLimit") or {}
    returns = str(limit.get("resetAt") or "")[:16].replace("T", " ")
    points = f"{limit['limit']} " if whole(limit.get("limit")) else ""
    when = f"{returns} UTC" if returns else _minute(now + timedelta(hours=1))
    return f"GitHub's quota of {points}points is spent, it returns {when}"


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _paused(found: str) -> Paused:
    return Paused(ADDRESS, "an answer within the quota", found, "Refresh again after that.")
