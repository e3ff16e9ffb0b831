"""data/status.json: what was checked and when, kept apart from the releases so that looking makes no new release."""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.landing import FileCheck
from flows.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceCheck:
    """The last time a source was asked.

    Attributes:
        checked_at: when, UTC.
        last_success_at: when it last confirmed what we hold or gave us something new, UTC.
        outcome: downloaded, unchanged or failed.
        message: what went wrong, or what is still missing; empty when all is well.
        files: what is known of each of its files, for conditional requests.
    """

    checked_at: datetime
    last_success_at: datetime | None
    outcome: str
    message: str = ""
    files: Mapping[str, FileCheck] = field(default_factory=dict)


@dataclass(frozen=True)
class Status:
    """Everything in status.json.

    Attributes:
        sources: the last check of each source.
        rolled_back: inputs (fingerprints) whose release was rolled back; a refresh does not publish them again.
    """

    sources: Mapping[str, SourceCheck] = field(default_factory=dict)
    rolled_back: tuple[str, ...] = ()

    def with_check(self, source: str, check: SourceCheck) -> "Status":
        """The same with one source's check put in."""
        return replace(self, sources={**self.sources, source: check})


def status_path(settings: Settings) -> Path:
    """Where status.json is."""
    return settings.data / "status.json"


def read_status(settings: Settings) -> Status:
    """Read status.json; a missing one is empty, a damaged one is put aside with a warning.

    Losing it costs no data: sources count as cached until they are asked again.
    """
    path = status_path(settings)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Status(
            sources={name: _check(values) for name, values in found["sources"].items()},
            rolled_back=tuple(found["rolled_back"]),
        )
    except FileNotFoundError:
        return Status()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        aside = path.with_suffix(".damaged.json")
        path.replace(aside)
        log.warning("%s was damaged (%s) and is now %s; sources count as cached until asked again.", path, error, aside)
        return Status()


def write_status(settings: Settings, status: Status) -> None:
    """Write status.json in one atomic step."""
    path = status_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {
        "sources": {name: _values(check) for name, check in sorted(status.sources.items())},
        "rolled_back": list(status.rolled_back),
    }
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)


def _check(values: dict[str, Any]) -> SourceCheck:
    last_success_at = values["last_success_at"]
    return SourceCheck(
        checked_at=datetime.fromisoformat(values["checked_at"]),
        last_success_at=datetime.fromisoformat(last_success_at) if last_success_at else None,
        outcome=values["outcome"],
        message=values["message"],
        files={name: FileCheck.from_dict(file) for name, file in values["files"].items()},
    )


def _values(check: SourceCheck) -> dict[str, Any]:
    return {
        "checked_at": check.checked_at.isoformat(),
        "last_success_at": check.last_success_at.isoformat() if check.last_success_at else None,
        "outcome": check.outcome,
        "message": check.message,
        "files": {name: file.as_dict() for name, file in sorted(check.files.items())},
    }
