"""An event as the operator gets it, and the ways to him that are not Prefect's: a webhook and a heartbeat."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from ..errors import SourceError
from ..network.budget import Budget
from ..network.web import Web
from ..settings import Settings
from .health import together

log = logging.getLogger(__name__)

POST_SECONDS = 10.0
PREFIX = "framework-trends: "


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
        }.get(self.kind, f"{self.kind} of {self.subject}")  # another version may have known other kinds
        return f"{PREFIX}well again: {words}" if self.is_recovery else f"{PREFIX}{words}"


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
        raise SourceError(setting, "that it takes a call", without_secret(settings, found), cure) from None


def without_secret(settings: Settings, text: str) -> str:
    """The same words without the secret addresses and their parts."""
    for name in ("alert_webhook", "heartbeat_url"):
        address = getattr(settings, name) or ""
        parts = urlsplit(address)
        for secret in sorted({address, parts.path, parts.query, parts.password or ""}, key=len, reverse=True):
            text = text.replace(secret, f"[TRENDS_{name.upper()}]") if len(secret) > 1 else text
    return text
