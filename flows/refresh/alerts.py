"""Tells the operator once what needs a person, and once when it is well again.

What is wrong now is compared with what was wrong at the last look (data/alerts.json), so that a trouble that lasts is
told at its beginning and at its end, not at every run. Each event becomes a log line at once; all of a run go as one
digest to every channel, a webhook that gets JSON and a Prefect block (Slack, email; flows/schedule/flows.py), and wait
in that file for a channel that does not take them.
"""

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from ..ask.query import opened, warehouse_path
from ..errors import QueryError, SourceError, TrendsError, bug, stop_behind
from ..network.budget import Budget
from ..network.web import Web
from ..release import lock, releases
from ..replacing import put
from ..settings import Settings
from .health import health, together, troubles

log = logging.getLogger(__name__)

WEBHOOK, BLOCK = "webhook", "block"
POST_SECONDS = 10.0
MOST_UNSENT = 100
PREFIX = "framework-trends: "
STOPPED = (
    "the refresh was stopped from outside before it was done (SIGTERM: a service manager, a time limit, a shutdown). "
    "What was published stays as it is, and the next refresh heals the rest."
)
# The leader of every headline with its sentence, and every broken claim with its reason.
LEADERS = "select headline_id, coalesce(leader, 'level'), sentence from marts.headlines"
CLAIMS = "select claim_id, 'broken', statement || ' ' || coalesce(reason, '') from marts.broken_claims"


@dataclass(frozen=True)
class Event:
    """Something to tell.

    Attributes:
        kind: stale, silent, failed, held_back, clock, disk, folder, release, lake, claim or leader.
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
            "silent": f"{self.subject} has never answered",
            "clock": "the clock was put back",
            "disk": "the disk is nearly full",
            "folder": "the data folder cannot be written",
            "release": "the current release cannot be read",
            "lake": "the lake does not have the current release",
            "failed": f"{self.subject} failed",
            "held_back": f"a landing of {self.subject} is held back",
            "claim": f"the claim {self.subject} no longer holds",
            "leader": f"the leader of {self.subject} has changed",
        }[self.kind]
        return f"{PREFIX}well again: {words}" if self.is_recovery else f"{PREFIX}{words}"


Send = Callable[[Sequence[Event]], None]
Told = dict[str, tuple[str, str]]


@contextmanager
def watching(settings: Settings, now: datetime, notify: Send | None = None) -> Iterator[None]:
    """Look around after a refresh, however it ends by itself, and tell what is new; never hide its error.

    Args:
        settings: say where the data folder and the channels are.
        now: time of the refresh.
        notify: sends by the operator's Prefect block; None outside of Prefect.
    """
    try:
        yield
    except BaseException as error:
        stop = stop_behind(error)
        if isinstance(stop, KeyboardInterrupt):  # a person's: no news to him, and no success that ends a trouble
            log.warning("Interrupted; nobody is told.")
        else:
            failure = STOPPED if stop else _words(error)
            tell(settings, now, failure, notify)
        if stop is None or stop is error:
            raise
        raise stop from None
    tell(settings, now, notify=notify)
    beat(settings)


def _words(error: BaseException) -> str:
    return " ".join(str(error).split()) if isinstance(error, TrendsError) else bug("the refresh", error)


def tell_ended(settings: Settings, now: datetime, notify: Send | None = None) -> None:
    """At the start of a refresh, tell of runs before it that were killed: they could not do it themselves."""
    if words := lock.ended(settings):
        tell(settings, now, words, notify)
        lock.forget_ended(settings)


def tell(settings: Settings, now: datetime, failure: str = "", notify: Send | None = None) -> list[Event]:
    """Compare what is wrong now with what was wrong at the last look; send what is new, then keep it.

    In this order: a full disk must not keep anybody from hearing of it. What could be sent and not kept is told again.
    """
    events: list[Event] = []
    with _alone(settings):
        try:
            state = _read(settings)
            events = _look(settings, state, now, failure)
            _deliver(settings, state, {WEBHOOK: lambda waiting: post(settings, waiting), BLOCK: notify})
            _write(settings, state)
        except OSError as error:
            log.warning("What was told could not be kept, so it is told again: %s", error)
        except Exception as error:  # the refresh has its own end, which this must not hide
            bug("alerts", error, lambda text: _without_secret(settings, text))
    return events


def _look(settings: Settings, state: dict[str, Any], now: datetime, failure: str) -> list[Event]:
    """Bring the state up to date; log and return what is new."""
    wrong = {"failed:refresh": failure} if failure else {}
    try:
        wrong |= troubles(settings, health(settings, now))
        leaders = _said(settings, state, wrong)
    except Exception as error:  # a damaged folder may be the very reason of the failure
        log.warning("Only the refresh itself is told of: %s", _without_secret(settings, str(error)))
        wrong |= {key: words for key, words in state["open"].items() if key != "failed:refresh"}
        leaders = {}
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
    state["unsent"] = [*state["unsent"], *({"to": _channels(settings), **asdict(event)} for event in events)]
    return events


def _said(settings: Settings, state: dict[str, Any], wrong: dict[str, str]) -> Told:
    """Leaders of a release that was not looked at yet; adds its broken claims to what is wrong.

    After an upgrade leaders may differ by definition: they are noted, and told from the next release on.
    """
    release = settings.current.resolve().name
    answers = None if state.get("release") == release else _asked(settings, LEADERS, CLAIMS)
    if answers is None:
        wrong |= {key: words for key, words in state["open"].items() if key.startswith("claim:")}
        return {}
    leaders, claims = answers
    wrong |= {f"claim:{claim}": f"It was met, and is not now: {words}" for claim, (_, words) in claims.items()}
    definitions = _definitions(settings)
    if definitions != state.get("definitions", ""):  # an older version noted none
        state["leaders"] = {headline: leader for headline, (leader, _) in leaders.items()}
    state["release"], state["definitions"] = release, definitions
    return leaders


def _definitions(settings: Settings) -> str:
    """By which definitions the current release was made."""
    with suppress(TrendsError):
        held = releases.current(settings)
        return held.definitions if held else ""
    return ""


def open_troubles(settings: Settings) -> dict[str, str]:
    """What is wrong, as the last look saw it, and a run that was killed since: messages by kind:subject."""
    found, words = dict(_read(settings)["open"]), lock.ended(settings)
    return ({"failed:refresh": words} if words else {}) | found


def _deliver(settings: Settings, state: dict[str, Any], senders: Mapping[str, Send | None]) -> None:
    """Send each channel all that it has not had yet, as one digest; what it does not take waits for the next run."""
    for channel, send in senders.items():
        waiting = [one for one in state["unsent"] if channel in one["to"]]
        if not waiting or send is None:
            continue
        try:
            send([Event(**{name: value for name, value in one.items() if name != "to"}) for one in waiting])
        except TrendsError as error:
            log.warning("An alert waits for the next run: %s", _without_secret(settings, str(error)))
            continue
        for one in waiting:
            one["to"].remove(channel)


def digest(events: Sequence[Event]) -> tuple[str, str]:
    """Title and text of one message about all these events."""
    if len(events) == 1:
        return events[0].title, events[0].message
    begun = sum(not event.is_recovery for event in events)
    over = f", {len(events) - begun} well again" if begun < len(events) else ""
    lines = together([(event.title.removeprefix(PREFIX), event.message) for event in events])
    return f"{PREFIX}{begun} to look at{over}", "\n".join(f"{titles}: {words}" for titles, words in lines)


def post(settings: Settings, events: Sequence[Event]) -> None:
    """Post events as JSON to the webhook: one attempt, within ten seconds, not through the mirror of the sources."""
    if not settings.alert_webhook:
        return
    title, text = digest(events)
    body = {
        "title": title,
        "text": f"{title}\n{text}",
        "events": [asdict(one) | {"title": one.title} for one in events],
    }
    _call(settings, "TRENDS_ALERT_WEBHOOK", settings.alert_webhook, json.dumps(body).encode())


def beat(settings: Settings) -> None:
    """Call the heartbeat address: a watcher that hears nothing for too long knows that the scheduler is dead."""
    if settings.heartbeat_url:
        try:
            _call(settings, "TRENDS_HEARTBEAT_URL", settings.heartbeat_url)
        except SourceError as error:
            log.warning("%s", error)


def _call(settings: Settings, setting: str, address: str, body: bytes | None = None) -> None:
    outside = Settings(user_agent=settings.user_agent, attempts=1, read_seconds=POST_SECONDS, max_bytes=65536)
    how: dict[str, Any] = (
        {"headers": {"Content-Type": "application/json"}, "method": "POST", "data": body} if body else {}
    )
    try:
        with Web(outside, Budget(POST_SECONDS), source="alerts") as web:
            web.get(address, **how)
    except Exception as error:  # whatever the environment makes requests stumble over, the refresh is not to blame
        found = error.found if isinstance(error, SourceError) else f"{type(error).__name__}: {error}"
        cure = f"Check the address in {setting}; it is called again at the next run."
        raise SourceError(setting, "that it takes a call", _without_secret(settings, found), cure) from None


def _event(key: str, message: str, now: datetime, *, is_recovery: bool = False) -> Event:
    kind, _, subject = key.partition(":")
    words = f"Over since this run. It was: {message}" if is_recovery else message
    return Event(kind, subject, words, is_recovery, now.isoformat())


def _channels(settings: Settings) -> list[str]:
    return [name for name, is_set in ((WEBHOOK, settings.alert_webhook), (BLOCK, settings.alert_block)) if is_set]


def _asked(settings: Settings, *queries: str) -> list[Told] | None:
    """What the current release answers, by the first column; None where there is none that can."""
    with suppress(QueryError, duckdb.CatalogException), opened(warehouse_path(settings)) as con:
        return [{key: (word, words) for key, word, words in con.execute(query).fetchall()} for query in queries]
    return None


def _without_secret(settings: Settings, text: str) -> str:
    for name in ("alert_webhook", "heartbeat_url"):
        address = getattr(settings, name) or ""
        parts = urlsplit(address)
        for secret in sorted({address, parts.path, parts.query, parts.password or ""}, key=len, reverse=True):
            text = text.replace(secret, f"[TRENDS_{name.upper()}]") if len(secret) > 1 else text
    return text


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let one process at a time read and write what was told; where that cannot be had, telling goes first."""
    with ExitStack() as stack:
        with suppress(OSError):
            folder = os.open(settings.data, os.O_RDONLY)  # needs no file, which a full disk would refuse
            stack.callback(os.close, folder)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield


def _path(settings: Settings) -> Path:
    return settings.data / "alerts.json"


def _read(settings: Settings) -> dict[str, Any]:
    """The last look; an absent or damaged file counts as none, which at worst tells a trouble a second time."""
    try:
        found = json.loads(_path(settings).read_text(encoding="utf-8"))
        for event in found["unsent"]:
            Event(**{name: value for name, value in event.items() if name != "to"})
        texts = [*found["open"].values(), *found["leaders"].values()]
        if all(isinstance(text, str) for text in texts):
            return found  # type: ignore[no-any-return]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return {"open": {}, "leaders": {}, "unsent": []}


def _write(settings: Settings, state: dict[str, Any]) -> None:
    """Keep the look in one atomic step, with the newest of what waits for a channel."""
    kept = state | {"unsent": [one for one in state["unsent"] if one["to"]][-MOST_UNSENT:]}
    put(_path(settings), json.dumps(kept, indent=2, sort_keys=True) + "\n")
