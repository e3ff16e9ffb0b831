"""Tells the operator once what needs a person, and once when it is well again.

What is wrong now is compared with what was wrong at the last look (data/alerts.json), so that a trouble that lasts is
told at its beginning and at its end, not at every run. Each event becomes a log line at once; all of a run go as one
digest to every channel, a webhook that gets JSON and a Prefect block (Slack, email; flows/schedule/flows.py), and wait
in that file for a channel that does not take them.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..ask.query import opened, warehouse_path
from ..engine import duckdb
from ..errors import QueryError, TrendsError, bug, stop_behind
from ..json_text import parsed_json
from ..release import lock, releases
from ..replacing import put
from ..settings import Settings
from .channels import Event, beat, post, without_secret
from .health import health, troubles

log = logging.getLogger(__name__)

WEBHOOK, BLOCK = "webhook", "block"
MOST_UNSENT = 100
STOPPED = (
    "the refresh was stopped from outside before it was done (SIGTERM: a service manager, a time limit, a shutdown). "
    "What was published stays as it is, and the next refresh heals the rest."
)
# The leader of every headline with its sentence, and every broken claim with its reason.
LEADERS = "select headline_id, coalesce(leader, 'level'), sentence from marts.headlines"
CLAIMS = "select claim_id, 'broken', statement || ' ' || coalesce(reason, '') from marts.broken_claims"


Send = Callable[[Sequence[Event]], None]
Told = dict[str, tuple[str, str]]


@contextmanager
def watching(settings: Settings, now: datetime | None, notify: Send | None = None) -> Iterator[None]:
    """Look around after a refresh, however it ends by itself, and tell what is new; never hide its error.

    Args:
        settings: say where the data folder and the channels are.
        now: time of the refresh; None for when it ends, where it waits for others: what they confirm is not to come.
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
            tell(settings, now or datetime.now(UTC), failure, notify)
        if stop is None or stop is error:
            raise
        raise stop from None
    tell(settings, now or datetime.now(UTC), notify=notify)
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
            if stop := stop_behind(error):
                raise stop from None  # while DuckDB was asked; what is not kept is told by the next run
            bug("alerts", error, lambda text: without_secret(settings, text))
    return events


def _look(settings: Settings, state: dict[str, Any], now: datetime, failure: str) -> list[Event]:
    """Bring the state up to date; log and return what is new."""
    wrong = {"failed:refresh": failure} if failure else {}
    try:
        wrong |= troubles(settings, health(settings, now, is_of_a_run=True))
        leaders = _said(settings, state, wrong)
    except Exception as error:  # a damaged folder may be the very reason of the failure
        if stop := stop_behind(error):
            raise stop from None
        log.warning("Only the refresh itself is told of: %s", without_secret(settings, str(error)))
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
            log.warning("An alert waits for the next run: %s", without_secret(settings, str(error)))
            continue
        for one in waiting:
            one["to"].remove(channel)


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
        found = parsed_json(_path(settings).read_text(encoding="utf-8"))
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
    text, path = json.dumps(kept, indent=2, sort_keys=True) + "\n", _path(settings)
    if not path.is_file() or path.read_bytes() != text.encode():  # waiting for the disk takes longer than reading
        put(path, text)
