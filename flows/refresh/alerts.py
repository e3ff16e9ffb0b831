"""Tells the operator once what needs a person, and once when it is well again.

What is wrong now is compared with what was wrong at the last look (data/alerts.json), so that a trouble that lasts is
told at its beginning and at its end, not at every run. Each event becomes a log line at once, and waits in that file
until every channel has taken it: a webhook that gets JSON, and a Prefect block (Slack, email; flows/schedule/flows.py).
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from ..ask.query import opened, warehouse_path
from ..errors import QueryError, SourceError, TrendsError
from ..network.web import Budget, Web
from ..settings import Settings
from .health import SourceHealth, health

log = logging.getLogger(__name__)

WEBHOOK, BLOCK = "webhook", "block"
POST_SECONDS = 10.0
MOST_UNSENT = 100
HELD_TRUE = ("confirmed", "consistent")
# The leader of every headline with its sentence, and the verdict on every claim with its reason.
LEADERS = "select headline_id, coalesce(leader, 'level'), sentence from marts.headlines"
CLAIMS = "select claim_id, verdict, statement || ' ' || reason from marts.claims"


@dataclass(frozen=True)
class Event:
    """Something to tell.

    Attributes:
        kind: stale, failed, held_back, claim or leader.
        subject: source, claim or headline that it is about.
        message: in one sentence or two, with the cure.
        is_recovery: whether it says that a trouble is over.
        at: when it was seen, ISO time, UTC.
    """

    kind: str
    subject: str
    message: str
    is_recovery: bool
    at: str

    @property
    def title(self) -> str:
        """Its first line."""
        words = {
            "stale": f"{self.subject} is stale",
            "failed": f"{self.subject} failed",
            "held_back": f"a landing of {self.subject} is held back",
            "claim": f"the claim {self.subject} no longer holds",
            "leader": f"the leader of {self.subject} has changed",
        }[self.kind]
        return f"framework-trends: well again: {words}" if self.is_recovery else f"framework-trends: {words}"


@contextmanager
def watching(settings: Settings, now: datetime) -> Iterator[None]:
    """Look around after a refresh, also after one that failed, and tell what is new; never hide its error."""
    failure = ""
    try:
        yield
    except TrendsError as error:
        failure = str(error)
        raise
    finally:
        try:
            note(settings, now, failure)
            deliver(settings, WEBHOOK, lambda event: post(settings, event))
        except (OSError, TrendsError) as error:
            log.warning("Alerts could not be kept or sent: %s", _without_secret(settings, str(error)))


def note(settings: Settings, now: datetime, failure: str = "") -> list[Event]:
    """Compare what is wrong now with what was wrong at the last look; log and keep what is new."""
    state = _read(settings)
    wrong = _troubles(health(settings, now, said={}), failure)
    release = settings.current.resolve().name
    if state.get("release") == release:  # of which every leader and verdict is known
        leaders, claims = {}, {}
        wrong |= {key: words for key, words in state["open"].items() if key.startswith("claim:")}
    else:
        leaders, claims = _asked(settings, LEADERS, CLAIMS)
        state["release"] = release if leaders and claims else ""
    wrong |= {
        f"claim:{claim}": f"It was {state['claims'].get(claim)} and is now {verdict}: {words}"
        for claim, (verdict, words) in claims.items()
        if verdict == "inconsistent" and (state["claims"].get(claim) in HELD_TRUE or f"claim:{claim}" in state["open"])
    }
    begun = [_event(key, message, now) for key, message in wrong.items() if key not in state["open"]]
    ended = [_event(key, was, now, is_recovery=True) for key, was in state["open"].items() if key not in wrong]
    turned = [
        Event("leader", headline, f"From {state['leaders'][headline]} to {leader}: {words}", False, now.isoformat())
        for headline, (leader, words) in leaders.items()
        if headline in state["leaders"] and state["leaders"][headline] != leader
    ]
    events = [*begun, *ended, *turned]
    for event in events:
        log.log(logging.INFO if event.is_recovery else logging.WARNING, "%s. %s", event.title, event.message)
    state["open"] = {key: state["open"].get(key, message) for key, message in wrong.items()}
    state["leaders"] |= {headline: leader for headline, (leader, _) in leaders.items()}
    state["claims"] |= {claim: verdict for claim, (verdict, _) in claims.items()}
    state["unsent"] = [*state["unsent"], *({"to": _channels(settings), **asdict(event)} for event in events)]
    _write(settings, state)
    return events


def open_troubles(settings: Settings) -> dict[str, str]:
    """What is wrong, as the last look saw it: messages by kind:subject."""
    return dict(_read(settings)["open"])


def deliver(settings: Settings, channel: str, send: Callable[[Event], None]) -> int:
    """Send what a channel has not had yet, oldest first, and cross it out; a failure leaves the rest for next time."""
    state, sent = _read(settings), 0
    for waiting in state["unsent"]:
        if channel in waiting["to"]:
            try:
                send(Event(**{name: value for name, value in waiting.items() if name != "to"}))
            except TrendsError as error:
                log.warning("An alert waits for the next run: %s", _without_secret(settings, str(error)))
                break
            waiting["to"].remove(channel)
            sent += 1
            _write(settings, state)
    return sent


def post(settings: Settings, event: Event) -> None:
    """Post one event as JSON to the webhook: one attempt, within ten seconds, not through the mirror of the sources."""
    address = settings.alert_webhook
    if not address:
        return
    outside = Settings(user_agent=settings.user_agent, attempts=1, read_seconds=POST_SECONDS, max_bytes=65536)
    body = json.dumps(asdict(event) | {"title": event.title, "text": f"{event.title}\n{event.message}"})
    try:
        with Web(outside, Budget(POST_SECONDS), source="alerts") as web:
            web.get(address, method="POST", data=body.encode(), headers={"Content-Type": "application/json"})
    except SourceError as error:
        cure = "Check the address in TRENDS_ALERT_WEBHOOK; the alert is sent again at the next run."
        raise SourceError(
            "TRENDS_ALERT_WEBHOOK", "that it takes an alert", _without_secret(settings, error.found), cure
        ) from None


def _troubles(sources: list[SourceHealth], failure: str) -> dict[str, str]:
    wrong = {"failed:refresh": failure} if failure else {}
    for source in sources:
        name = source.source
        if source.is_stale:
            days = (source.limit_seconds or 0) / 86400
            since = f"Unconfirmed since {source.confirmed_at:%Y-%m-%d %H:%M}"
            wrong[f"stale:{name}"] = f"{since}, more than {days:g} days. `trends status` tells why."
        if source.outcome == "failed":
            wrong[f"failed:{name}"] = source.error
        if source.held_back:
            wrong[f"held_back:{name}"] = source.held_back
    return wrong


def _event(key: str, message: str, now: datetime, *, is_recovery: bool = False) -> Event:
    kind, _, subject = key.partition(":")
    words = f"Over since this run. It was: {message}" if is_recovery else message
    return Event(kind, subject, words, is_recovery, now.isoformat())


def _channels(settings: Settings) -> list[str]:
    return [name for name, is_set in ((WEBHOOK, settings.alert_webhook), (BLOCK, settings.alert_block)) if is_set]


def _asked(settings: Settings, *queries: str) -> list[dict[str, tuple[str, str]]]:
    """What the current release answers, by the first column; nothing where there is no release or no such table."""
    answers: list[dict[str, tuple[str, str]]] = [{} for _ in queries]
    with suppress(QueryError), opened(warehouse_path(settings)) as con:
        for answer, query in zip(answers, queries, strict=True):
            with suppress(duckdb.CatalogException):
                answer.update((key, (word, words)) for key, word, words in con.execute(query).fetchall())
    return answers


def _without_secret(settings: Settings, text: str) -> str:
    address = settings.alert_webhook or ""
    parts = urlsplit(address)
    for secret in sorted({address, parts.path, parts.query, parts.password or ""}, key=len, reverse=True):
        text = text.replace(secret, "[TRENDS_ALERT_WEBHOOK]") if len(secret) > 1 else text
    return text


def _path(settings: Settings) -> Path:
    return settings.data / "alerts.json"


def _read(settings: Settings) -> dict[str, Any]:
    """The last look; an absent or damaged file counts as none, which at worst tells a trouble a second time."""
    empty: dict[str, Any] = {"open": {}, "leaders": {}, "claims": {}, "unsent": []}
    try:
        found = json.loads(_path(settings).read_text(encoding="utf-8"))
        is_whole = all(type(found[name]) is type(value) for name, value in empty.items())
        return found if is_whole else empty
    except (OSError, ValueError, KeyError, TypeError):
        return empty


def _write(settings: Settings, state: dict[str, Any]) -> None:
    """Keep the look in one atomic step, with the newest of what waits for a channel."""
    kept = state | {"unsent": [one for one in state["unsent"] if one["to"]][-MOST_UNSENT:]}
    temporary = settings.data / f".alerts.json.{os.getpid()}"
    temporary.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(_path(settings))
