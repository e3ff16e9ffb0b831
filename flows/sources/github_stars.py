"""GitHub stars: what each framework's main repository gains by day, and its forks and open issues now.

Asked of the REST API: `/repos/O/R` for the counts of today, `/repos/O/R/stargazers/history` for the stars gained by
week and day, newest first, 30 weeks per page, back to the repository's creation. No token is needed: 60 requests an
hour then fill the older pages over several refreshes; with GITHUB_TOKEN there are 5,000. A later refresh asks the
newest page alone.

What it cannot tell: a star taken back vanishes from the day on which it was given, so the past sinks a little;
GitHub does not promise that its days are those of UTC; a star is a bookmark, not a user; open pull requests count as
open issues. Facts, no licence; name GitHub.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import requests

from ..engine import duckdb
from ..errors import Paused, SourceError
from ..landing import ledger
from ..landing.backlog import Backlog, is_no_answer, told
from ..landing.landing import LandedFile, Landing
from ..landing.ledger import Entry, Ledger, text_of, whole
from ..network.failures import back_at, back_in, refused_status, said_by
from ..network.mirror import from_mirror
from ..network.pace import Pace
from ..network.probing import Probe
from ..network.web import Answer
from ..reference.frameworks import followed
from ..settings import Settings
from .filling import FirstFill

NAME = "github_stars"
HOST = "api.github.com"
HOSTS = (HOST,)
PACES = {HOST: Pace(1, 0.25)}  # four a second, one after the other; GitHub objects to fifteen
TABLES = {"github_stars_answers": ledger.COLUMNS}

API = f"https://{HOST}"
VERSION = "2026-03-10"
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": VERSION}
PROBES = (
    Probe(
        f"{API}/repos/pytorch/pytorch",
        {
            "stargazers_count": int,
            "forks_count": int,
            "open_issues_count": int,
            "full_name": str,
            "created_at": str,
            ...: None,
        },
        headers=_HEADERS,
    ),
    Probe(
        f"{API}/repos/pytorch/pytorch/stargazers/history?per_page=1&page=1",
        [{"week": int, "total": int, "days": [int]}],
        headers=_HEADERS,
    ),
)
WEEKS_A_PAGE = 30
QUOTA, QUOTA_WITH_TOKEN = 60, 5000  # requests an hour
USUAL_BEGINNING = date(2016, 1, 1)  # of a repository whose first release is not known, to estimate a first fill
MOST_PAGES = 100
WEEK = timedelta(days=7)
# So many repositories in a row that cannot be read mean that the service has changed, not the repositories.
MOST_FAILURES = 3
CURE = "Open the address in a browser; if the service has changed, update flows/sources/github_stars.py."


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land today's counts and newest weeks of every repository, then as many older weeks as the quota allows."""
    repositories = list(followed(settings, "github_repo"))
    with Ledger(landing, f"{API}/repos", bodies=("history",)) as answers:
        walk = Walk(landing, settings, answers)
        histories = Backlog(
            "histories of stars",
            lambda: walk.longest_ago(repositories),
            lambda name: walk.state(name).is_complete,
            stops=is_no_answer,
            patience=MOST_FAILURES,
        )
        histories.each(walk.longest_ago(repositories), walk.newest)
        histories.work(walk.older)
        seen = walk.confirmed()
    unseen = [name for name in repositories if name.lower() not in seen and name not in histories.errors]
    unasked = f"Not asked today: {', '.join(unseen)}." if unseen else ""
    return told(histories, more=[histories.progress(), unasked, *walk.notes], is_confirmed=bool(seen))


def first_fill(settings: Settings, now: datetime) -> FirstFill:
    """The counts of each repository, and a page for each thirty weeks since its first release."""
    repositories = followed(settings, "github_repo").values()
    weeks = [(now.date() - (first or USUAL_BEGINNING)).days // 7 for first in repositories]
    is_keyed = bool(settings.github_token) and not settings.mirror
    quota = "GitHub allows 60 requests an hour without a token, so refresh an hour apart"
    requests_ = sum(2 + count // WEEKS_A_PAGE for count in weeks)
    return FirstFill(requests_, QUOTA_WITH_TOKEN if is_keyed else QUOTA, "" if is_keyed else quota)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.github_stars_answers, one row per answer."""
    ledger.load(landed, con, "github_stars_answers")


@dataclass
class State:
    """What we hold of one repository's history.

    Attributes:
        weeks: beginnings of the weeks, a head of the source's list.
        is_complete: its end has been seen.
    """

    weeks: set[int]
    is_complete: bool


class Walk:
    """One run through the repositories.

    Args:
        landing: says when it is and asks for us.
        settings: token and mirror.
        answers: what is held, and where new answers go.
    """

    def __init__(self, landing: Landing, settings: Settings, answers: Ledger) -> None:
        self._web, self._now, self._settings = landing.web, landing.now, settings
        self._token = self._web.key(settings.github_token)
        self._answers, self._spent = answers, ""
        self._states: dict[str, State] = {}
        self._created: dict[str, float] = {}
        self.notes: list[str] = []
        for entry in answers.entries:
            self._learn(entry)

    def state(self, repository: str) -> State:
        """What is held of a repository."""
        return self._states.setdefault(repository.lower(), State(set(), is_complete=False))

    def longest_ago(self, repositories: list[str]) -> list[str]:
        """The repositories, those first that were never asked or not for long: each gets its turn after a pause."""
        never = datetime.min.replace(tzinfo=UTC)
        last = {entry.subject: entry.asked_at for entry in self._answers.entries if entry.kind == "history"}
        return sorted(repositories, key=lambda name: last.get(name.lower(), never))

    def confirmed(self) -> set[str]:
        """Repositories that were asked for their newest weeks today."""
        entries = [entry for entry in self._answers.entries if entry.kind == "history"]
        return {entry.subject for entry in entries if entry.asked_at.date() == self._now.date()}

    def newest(self, repository: str) -> None:
        """Land today's counts, and the newest weeks back to one that we know."""
        self._count(repository)
        known, found = set(self.state(repository).weeks), []
        for entry, weeks in self._pages(repository, self._history(repository, 1)):
            found.append(entry)
            if not known or known & weeks:
                break
        # Only together: with a hole between the new weeks and the known ones nobody could say where the list goes on.
        self._keep(*found)

    def older(self, repository: str) -> None:
        """Land the weeks before those that we know, page by page to the end."""
        state = self.state(repository)
        if state.is_complete:
            return
        page = len(state.weeks) // WEEKS_A_PAGE + 1
        for entry, weeks in self._pages(repository, self._history(repository, page)):
            if weeks and weeks <= state.weeks:
                raise SourceError(entry.address, "older weeks than those before", "none but those", CURE)
            self._keep(entry)

    def _count(self, repository: str) -> None:
        address = f"{API}/repos/{repository}"
        answer = self._ask(address)
        body = text_of(answer, address)
        counts = self._web.parsed(address, answer)
        names = ("stargazers_count", "forks_count", "open_issues_count")
        found = {name: counts.get(name) for name in names} if isinstance(counts, dict) else counts
        if not isinstance(counts, dict) or any(whole(count) is None for count in found.values()):
            raise SourceError(address, f"whole numbers as {', '.join(names)}", _shown(found), CURE)
        identity = self._same(repository, address, counts.get("id"))
        with suppress(ValueError):
            self._created[repository.lower()] = datetime.fromisoformat(str(counts.get("created_at"))).timestamp()
        now_named = str(counts.get("full_name") or repository)
        if now_named.lower() != repository.lower():
            self.notes.append(f"{repository} is now {now_named}; correct github_repo in data/reference/frameworks.csv.")
        self._keep(self._entry("now", repository, identity, address, answer, body))

    def _same(self, repository: str, address: str, found: Any) -> str:
        """GitHub's number of a repository; a name that another one has taken is refused: its stars are not ours."""
        entries = self._answers.entries
        known = [entry.part for entry in entries if entry.kind == "now" and entry.subject == repository.lower()]
        held, identity = next((part for part in reversed(known) if part), ""), str(whole(found) or "")
        if held and identity and held != identity:
            raise SourceError(
                address,
                f"repository {held}",
                f"repository {identity}, which has taken the name {repository}",
                f"{API}/repositories/{held} tells where ours went: correct github_repo in "
                "data/reference/frameworks.csv; until then what is landed stays in use.",
            )
        return identity or held

    def _pages(self, repository: str, address: str) -> Iterator[tuple[Entry, set[int]]]:
        """Follow the list from one page to its end; a page that was asked before is not asked again."""
        asked: set[str] = set()
        while address:
            asked.add(address)
            answer = self._ask(address)
            body = text_of(answer, address)
            weeks = _weeks(self._web.parsed(address, answer), address, self._now)
            following = self._next(answer, address) or self._unsaid(repository, address, weeks)
            if not weeks and address.endswith("page=1"):
                raise SourceError(address, "weeks", "an empty list", CURE)
            if following in asked:
                raise SourceError(address, "a link to the next page", f"one to {following}, asked before", CURE)
            if len(asked) > MOST_PAGES:
                raise SourceError(address, f"at most {MOST_PAGES} pages", "a link to one more", CURE)
            part = address.rpartition("page=")[2]
            yield self._entry("history", repository, part, address, answer, body, following), weeks
            address = following

    def _next(self, answer: Answer, address: str) -> str:
        """Where the list goes on, if it does; never at another host, which has no business with our token."""
        links = requests.utils.parse_header_links(answer.headers.get("Link", ""))
        following = next((link["url"] for link in links if link.get("rel") == "next"), "")
        if following and self._settings.mirror:
            following = from_mirror(self._settings.mirror, following)
        if following and not following.startswith(f"{API}/"):
            raise SourceError(address, f"a next page at {API}", following, CURE)
        return following

    def _unsaid(self, repository: str, address: str, weeks: set[int]) -> str:
        """The page after a full one that has no Link, unless it reaches back to the creation of the repository."""
        before, _, page = address.rpartition("page=")
        is_end = len(weeks) < WEEKS_A_PAGE or min(weeks) <= self._created.get(repository.lower(), 0.0)
        return "" if is_end or int(page) >= MOST_PAGES else f"{before}page={int(page) + 1}"

    def _ask(self, address: str) -> Answer:
        if self._spent:
            raise _paused(address, self._spent)
        headers = dict(_HEADERS)
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        answer = self._web.get(address, headers=headers, also_good=(401, 403, 404, 422, 429))
        self._spent = _spent(answer, self._now)
        if answer.status == 422:  # how the star history throttles: "the endpoint has been spammed"
            self._spent = self._spent or f"GitHub asks us to pause (status 422, '{said_by(answer.body)}')"
            raise _paused(address, self._spent)
        if answer.status in (403, 429) and (self._spent or answer.status == 429 or b"rate limit" in answer.body):
            raise _paused(address, self._spent or "GitHub limits us and does not say for how long")
        if answer.status != 200:
            found, cure, _ = refused_status(answer.status, "", answer.headers, NAME, self._now)
            if answer.status == 404:
                cure = "Correct github_repo in data/reference/frameworks.csv."
            if answer.status == 401:
                cure = "GitHub does not accept the token: renew or unset GITHUB_TOKEN."
            raise self._web.refusal(address, "an answer with status 200", found, cure, answer.final_address)
        return answer

    def _history(self, repository: str, page: int) -> str:
        return f"{API}/repos/{repository}/stargazers/history?per_page={WEEKS_A_PAGE}&page={page}"

    def _entry(
        self, kind: str, repository: str, part: str, address: str, answer: Answer, body: str, following: str = ""
    ) -> Entry:
        final = answer.final_address.partition("?")[0]
        return Entry(kind, repository.lower(), part, address, final, following, self._now, body)

    def _keep(self, *entries: Entry) -> None:
        self._answers.add(*entries)
        for entry in entries:
            self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        """Note what an entry holds of the history; what was landed was checked before."""
        if entry.kind == "history":
            state = self.state(entry.subject)
            state.weeks |= {int(week["week"]) for week in json.loads(entry.body)}
            state.is_complete |= not entry.next_address


def _weeks(rows: Any, address: str, now: datetime) -> set[int]:
    """Beginnings of the weeks of a page; refuses rows that cannot be right."""
    if not isinstance(rows, list):
        raise SourceError(address, "a list of weeks", _shown(rows), CURE)
    seen: dict[int, Any] = {}
    for row in rows:
        days = row.get("days") if isinstance(row, dict) else None
        week, total = (whole(row.get("week")), whole(row.get("total"))) if isinstance(row, dict) else (None, None)
        counts = [whole(day) for day in days] if isinstance(days, list) else []
        if week is None or len(counts) != 7 or None in counts:
            raise SourceError(address, "a week with seven whole numbers as days", _shown(row), CURE)
        if total != sum(count or 0 for count in counts):
            raise SourceError(address, "a total that is the sum of its days", _shown(row), CURE)
        if week > now.timestamp() + 86400:  # its days may begin earlier than ours
            day = back_at(str(week), now)
            found = f"one that begins {day:%Y-%m-%d}" if day else f"one that begins at {str(week)[:20]}"
            raise SourceError(address, f"weeks up to {now:%Y-%m-%d}", found, CURE)
        if seen.setdefault(week, counts) != counts:
            raise SourceError(address, "each week once", f"two of {week} that differ", CURE)
    if len({round(week / 86400) % 7 for week in seen}) > 1:
        raise SourceError(address, "weeks that begin on one weekday", f"beginnings {sorted(seen)[-3:]}", CURE)
    return set(seen)


def _paused(address: str, found: str) -> Paused:
    return Paused(
        address, "an answer within the quota", found, "Refresh again after that; until then the last landing is used."
    )


def _spent(answer: Answer, now: datetime) -> str:
    """Say that the quota is spent and when it returns, if an answer says so; empty otherwise."""
    after, left = answer.headers.get("Retry-After", ""), answer.headers.get("X-RateLimit-Remaining")
    reset = answer.headers.get("X-RateLimit-Reset", "")
    if away := back_in(after, now):
        return f"GitHub asks us to stay away until {away:%Y-%m-%d %H:%M} UTC"
    if left != "0":
        return ""
    back = back_at(reset, now)
    returns = f"{back:%Y-%m-%d %H:%M} UTC" if back else "within an hour"
    return f"GitHub's quota of {answer.headers.get('X-RateLimit-Limit', '60')} requests is spent, it returns {returns}"


def _shown(value: Any) -> str:
    return json.dumps(value)[:120]
