"""data/status.json: what was checked and when, kept apart from the releases so that looking makes no new release."""

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ..json_text import parsed_json
from ..replacing import put
from ..settings import Settings
from .cards import FileCheck, aware

log = logging.getLogger(__name__)

BY_HAND = ("rolled_back", "quarantined", "accepted")
DAMAGED = (ValueError, KeyError, TypeError, AttributeError, IsADirectoryError)


@dataclass(frozen=True)
class SourceCheck:
    """The last time a source was asked.

    Attributes:
        checked_at: when, UTC.
        last_success_at: when it last confirmed what we hold or gave us something new, UTC.
        outcome: downloaded, unchanged or failed.
        message: what went wrong, or what is still missing; empty when all is well.
        files: what is known of each of its files, for conditional requests.
        may_pass: after a failure, whether asking again soon may help.
        asked_since: when it was asked for the first time, UTC.
        confirmed_before: the success before the last one, UTC: of what is used while the last landing is held back.
    """

    checked_at: datetime
    last_success_at: datetime | None
    outcome: str
    message: str = ""
    files: Mapping[str, FileCheck] = field(default_factory=dict)
    may_pass: bool = False
    asked_since: datetime | None = None
    confirmed_before: datetime | None = None


@dataclass(frozen=True)
class Quarantine:
    """Landed files of one source that are not used until the operator accepts them.

    Attributes:
        files: their places below data/raw.
        reason: why, and what to do.
        since: when they were put here, UTC.
        confirmed_at: when the source last confirmed what is used in their place, UTC; None where that is not known.
        by_hand: whether the operator rolled them back: newer files of the same names are then held back too.
    """

    files: tuple[str, ...]
    reason: str
    since: datetime
    confirmed_at: datetime | None = None
    by_hand: bool = False


@dataclass(frozen=True)
class Status:
    """Everything in status.json.

    Attributes:
        sources: the last check of each source.
        rolled_back: inputs (fingerprints) whose release was rolled back; a refresh does not publish them again.
        quarantined: landings that are held back, by source.
        accepted: landed files that the operator has accepted, whatever the gates say.
    """

    sources: Mapping[str, SourceCheck] = field(default_factory=dict)
    rolled_back: tuple[str, ...] = ()
    quarantined: Mapping[str, Quarantine] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()

    def with_check(self, source: str, check: SourceCheck) -> "Status":
        """The same with one source's check put in."""
        return replace(self, sources={**self.sources, source: check})

    def with_quarantine(
        self, source: str, files: tuple[str, ...], reason: str, since: datetime, *, by_hand: bool = False
    ) -> "Status":
        """The same with files of one source held back, beside those that were before."""
        before, check = self.quarantined.get(source), self.sources.get(source)
        held_back = tuple(sorted({*files, *(before.files if before else ())}))
        confirmed_at = before.confirmed_at if before else check.confirmed_before if check else None
        by_hand = by_hand or bool(before and before.by_hand)
        held = Quarantine(held_back, reason, since, confirmed_at, by_hand)
        return replace(self, quarantined={**self.quarantined, source: held})

    def confirmed_at(self, source: str) -> datetime | None:
        """When a source last confirmed what is in use of it; a landing that is held back confirms nothing."""
        if held := self.quarantined.get(source):
            return held.confirmed_at
        check = self.sources.get(source)
        return check.last_success_at if check else None

    def is_live(self, source: str, cadence: timedelta, now: datetime) -> bool:
        """Whether what is in use of a source was confirmed within its cadence, and its last check did not fail."""
        check, confirmed_at = self.sources.get(source), self.confirmed_at(source)
        return bool(check and check.outcome != "failed" and confirmed_at and now - confirmed_at <= cadence)

    def with_accepted(self, source: str) -> "Status":
        """The same with a source's files taken out of quarantine for good."""
        rest = {name: found for name, found in self.quarantined.items() if name != source}
        accepted = tuple(dict.fromkeys([*self.accepted, *self.quarantined[source].files]))
        return replace(self, quarantined=rest, accepted=accepted)


def status_path(settings: Settings) -> Path:
    """Where status.json is."""
    return settings.data / "status.json"


def read_status(settings: Settings) -> Status:
    """Read status.json, or its copy, with a warning, where it is damaged or lost; where neither is there, it is empty.

    Losing both costs no data: sources count as cached until they are asked again. What was held back by hand would be
    used again, which is why there is a copy. What that says of the sources may be older: they are asked again.
    """
    path, copy = status_path(settings), _copy_of(status_path(settings))
    try:
        return _read(path)
    except FileNotFoundError:
        if not copy.exists():
            return Status()
        words = f"{path} is gone"
    except DAMAGED as error:
        words = f"{path} was damaged ({error})"
    try:
        status = _read(copy)
    except (FileNotFoundError, *DAMAGED):
        aside = path.with_suffix(".damaged.json")
        with suppress(FileNotFoundError):
            path.replace(aside)
            words += f" and is now {aside}"
        log.warning("%s; sources count as cached until asked again.", words)
        return Status()
    log.warning("%s; its copy is used, and the next refresh puts it right.", words)
    return status


def _read(path: Path) -> Status:
    found = parsed_json(path.read_text(encoding="utf-8"))
    return Status(
        sources={name: _check(values) for name, values in found["sources"].items()},
        rolled_back=tuple(found["rolled_back"]),
        quarantined={name: _quarantine(values) for name, values in found.get("quarantined", {}).items()},
        accepted=tuple(found.get("accepted", ())),
    )


def _copy_of(path: Path) -> Path:
    return path.with_suffix(".copy.json")


def write_status(settings: Settings, status: Status) -> None:
    """Write status.json in one atomic step, then its copy where that lacks what no source can be asked for again."""
    path = status_path(settings)
    values = {
        "sources": {name: _values(check) for name, check in sorted(status.sources.items())},
        "rolled_back": list(status.rolled_back),
        "quarantined": {
            name: {
                "files": list(held.files),
                "reason": held.reason,
                "since": held.since.isoformat(),
                "confirmed_at": _text(held.confirmed_at),
                "by_hand": held.by_hand,
            }
            for name, held in sorted(status.quarantined.items())
        },
        "accepted": list(status.accepted),
    }
    # On one line: indented, it takes ten times as long, and `trends status` is what people read.
    text = json.dumps(values) + "\n"
    put(path, text)
    if _by_hand(_copy_of(path)) != {name: values[name] for name in BY_HAND}:
        put(_copy_of(path), text)


def _by_hand(path: Path) -> dict[str, Any] | None:
    """What a copy holds that no source tells again; None where it is damaged or lost."""
    with suppress(OSError, *DAMAGED):
        _read(path)
        found = parsed_json(path.read_bytes())
        return {name: found[name] for name in BY_HAND}
    return None


def _check(values: dict[str, Any]) -> SourceCheck:
    return SourceCheck(
        checked_at=aware(values["checked_at"]),
        last_success_at=_time(values["last_success_at"]),
        outcome=values["outcome"],
        message=values["message"],
        files={name: FileCheck.from_dict(file) for name, file in values["files"].items()},
        may_pass=bool(values.get("may_pass")),
        asked_since=_time(values.get("asked_since")),
        confirmed_before=_time(values.get("confirmed_before")),
    )


def _quarantine(values: dict[str, Any]) -> Quarantine:
    since = aware(values["since"])
    confirmed_at, by_hand = _time(values.get("confirmed_at")), bool(values.get("by_hand"))
    return Quarantine(tuple(values["files"]), str(values["reason"]), since, confirmed_at, by_hand)


def _values(check: SourceCheck) -> dict[str, Any]:
    return {
        "checked_at": check.checked_at.isoformat(),
        "last_success_at": _text(check.last_success_at),
        "outcome": check.outcome,
        "message": check.message,
        "files": {name: file.as_dict() for name, file in sorted(check.files.items())},
        "may_pass": check.may_pass,
        "asked_since": _text(check.asked_since),
        "confirmed_before": _text(check.confirmed_before),
    }


def _time(text: str | None) -> datetime | None:
    return aware(text) if text else None


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
