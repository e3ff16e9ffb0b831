"""Landed files and the cards beside them: what we hold, from where, under which licence.

A file is held when its card lies beside it and its bytes have the hash that the card gives. One that was damaged or
edited on disk is passed over in favour of the landing before it. A file that is untouched since it was found right is
not hashed again (flows/landing/verified.py).
"""

import hashlib
import json
import logging
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from ..errors import LandingError
from ..json_text import parsed_json
from ..settings import Settings
from .verified import Verified, state_of, verified

log = logging.getLogger(__name__)

CARD_ENDING = ".card.json"
FOLDER = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?")
_TEXTS = ("source", "name", "address", "final_address", "sha256", "licence", "citation", "kind")


def aware(text: str) -> datetime:
    """A time with its zone, as every file of ours has it; one without cannot be compared with another."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"expected a time with its zone, found {text}")
    return time


@dataclass(frozen=True)
class Card:
    """What is known about a landed file.

    Attributes:
        source: name of the source.
        name: file name.
        address: what was asked for.
        final_address: what answered, without its query, which may be a signature.
        fetched_at: when, aware.
        sha256: of the bytes.
        size: in bytes.
        etag: validator of the server, if any.
        last_modified: the other validator, if any.
        licence: under which the source publishes.
        citation: how to name the source.
        kind: `download`, `import` (given by the operator) or `bundle` (landed by another machine).
        details: what else a source's module wants to remember.
    """

    source: str
    name: str
    address: str
    final_address: str
    fetched_at: datetime
    sha256: str
    size: int
    etag: str | None
    last_modified: str | None
    licence: str
    citation: str
    kind: str
    details: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """Write it for a reader as well as for us."""
        return (
            json.dumps({**vars(self), "fetched_at": self.fetched_at.isoformat()}, indent=2, ensure_ascii=False) + "\n"
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a card; a damaged one is an error, since nobody can say what its file is."""
        try:
            return cls.of(parsed_json(path.read_bytes()))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise LandingError(
                f"{path}: expected the card of a landed file, found {type(error).__name__}: {error}. "
                "Delete the card; the next refresh fetches the file again."
            ) from error

    @classmethod
    def of(cls, words: dict[str, Any]) -> Self:
        """Undo as_json; raise ValueError, TypeError, KeyError or AttributeError for anything else."""
        card = cls(**{**words, "fetched_at": aware(words["fetched_at"])})
        wrong = [name for name in _TEXTS if not isinstance(getattr(card, name), str)]
        if wrong or type(card.size) is not int or card.fetched_at.tzinfo is None or not isinstance(card.details, dict):
            raise ValueError(f"wrong values in {wrong or ['size, fetched_at or details']}")
        return card


@dataclass(frozen=True)
class LandedFile:
    """A file that counts, and its card."""

    path: Path
    card: Card

    @property
    def source_file(self) -> str:
        """Its place below data/raw, as it stands in the tables."""
        return "/".join(self.path.parts[-3:])

    def verify(self, known: Verified | None = None) -> None:
        """Raise LandingError when the bytes are not those that were landed.

        Args:
            known: spares hashing a file that was found right before and is untouched since.
        """
        try:
            state = state_of(self.path)
            if known and known.is_untouched(self.path, self.card.sha256, state):
                return
            found = sha256_of(self.path)
            if known and found == self.card.sha256:
                known.note(self.path, found, state)
        except OSError as error:
            found = f"no readable file ({error.strerror})"
        if found != self.card.sha256:
            raise LandingError(
                f"{self.path}: expected bytes with SHA-256 {self.card.sha256}, found {found}. "
                "Delete the file and its card; the next refresh fetches it again."
            )


@dataclass(frozen=True)
class FileCheck:
    """The last time that a source was asked about a file.

    Attributes:
        checked_at: when, aware.
        etag: validator to send next time.
        last_modified: the other one.
        outcome: `downloaded` or `unchanged`, or `unconfirmed` where the source has it no more and we still hold it.
        address: what was asked; the validators mean nothing for another one.
        sha256: of the held file that the validators stand for.
    """

    checked_at: datetime
    etag: str | None
    last_modified: str | None
    outcome: str
    address: str = ""
    sha256: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Make it fit for JSON."""
        return {**vars(self), "checked_at": self.checked_at.isoformat()}

    @classmethod
    def from_dict(cls, words: dict[str, Any]) -> Self:
        """Undo as_dict."""
        return cls(**{**words, "checked_at": aware(words["checked_at"])})


def card_path(path: Path) -> Path:
    """Where the card of a landed file lies."""
    return path.with_name(path.name + CARD_ENDING)


def digest(*parts: str) -> str:
    """Checksum over texts; where one ends and the next begins matters."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """Hash a file without holding it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def landings(folder: Path) -> Iterator[Path]:
    """Yield the landing folders of a source, newest first."""
    if folder.is_dir():
        found = (one for one in folder.iterdir() if FOLDER.fullmatch(one.name))
        yield from sorted(found, key=lambda one: order_of(one.name), reverse=True)


def stamp_of(now: datetime) -> str:
    """The time of a run as landing folders are named by it."""
    return now.strftime("%Y-%m-%dT%H%M%SZ")


def order_of(landing: str) -> tuple[str, int]:
    """What landing folders sort by: their time, then the number of those that have one."""
    stamp, _, number = landing.partition("Z")
    return f"{stamp}Z", int(number.lstrip("-") or 1)


def newest(folder: Path, name: str, passed_over: Collection[str] = ()) -> LandedFile | None:
    """Find the newest landing of a file in a source's folder that is whole, and not one of those to pass over.

    One that was damaged on disk is passed over with a warning: an older one serves, and the next refresh fetches anew.
    """
    for landing in landings(folder):
        path = landing / name
        key = f"{folder.name}/{landing.name}/{name}"
        if card_path(path).exists() and key not in passed_over and (file := _whole(path)):
            return file
    return None


def landed_files(settings: Settings, source: str, passed_over: Collection[str] = ()) -> list[LandedFile]:
    """List the files that a build reads: the newest whole one of each name."""
    folder = settings.raw / source
    found: dict[str, LandedFile] = {}
    for landing in landings(folder):  # newest first
        for card in landing.glob(f"*{CARD_ENDING}"):
            name = card.name.removesuffix(CARD_ENDING)
            key = f"{folder.name}/{landing.name}/{name}"
            if name not in found and key not in passed_over and (file := _whole(landing / name)):
                found[name] = file
    return [found[name] for name in sorted(found)]


def all_landed(settings: Settings, source: str) -> list[LandedFile]:
    """List every whole landed file of a source, older landings too."""
    folders = landings(settings.raw / source)
    cards = (card for landing in folders for card in landing.glob(f"*{CARD_ENDING}"))
    found = (_whole(card.with_name(card.name.removesuffix(CARD_ENDING))) for card in cards)
    return sorted((file for file in found if file), key=lambda file: (file.card.name, file.source_file))


def _whole(path: Path) -> LandedFile | None:
    """The landed file of this path, or None with a warning if it or its card is damaged."""
    try:
        file = LandedFile(path, Card.read(card_path(path)))
        file.verify(verified(path.parents[3]))
    except LandingError as error:
        log.warning("%s Until then an older landing or the embedded reference data is used.", error)
        return None
    return file
