"""Keeps fetched bytes under data/raw, untouched: data/raw/SOURCE/TIME/NAME and a card beside it.

A file counts once it is complete, checked and has its card, which is written last. Until then its bytes lie in
.partial/, from where a later attempt or a later refresh goes on. A download that fails or is refused leaves the held
file as it was.
"""

import logging
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from ..errors import SourceError
from ..network.download import Download
from ..network.expect import CSV, GZIP, JSON, PARQUET, ZIP, Expect
from ..network.partial import Part, keeping
from ..network.web import Reply, Web, public
from ..replacing import move, replaced, settle
from ..settings import Settings
from .cards import (
    CARD_ENDING,
    Card,
    FileCheck,
    LandedFile,
    card_path,
    landed_files,
    landings,
    newest,
    order_of,
    sha256_of,
    stamp_of,
)
from .verified import verified

__all__ = [
    "CSV",
    "GZIP",
    "JSON",
    "PARQUET",
    "ZIP",
    "Card",
    "Expect",
    "FileCheck",
    "LandedFile",
    "Landing",
    "landed_files",
]

log = logging.getLogger(__name__)

PARTIAL_KEPT = timedelta(days=7)


class Landing:
    """Lands the files of one source in one run.

    Args:
        settings: says where data/raw is.
        source: name of the source.
        web: asks for us.
        licence: of the source, for the cards.
        citation: of the source, for the cards.
        checks: when each file was last asked for, by name; brought up to date here.
        now: the time of this run, aware.
        passed_over: landed files that are held back: what is gathered goes on from those before them.

    Attributes:
        wanted: rows of the table that the source names as WANTED; none for a source that names none.
    """

    def __init__(
        self,
        settings: Settings,
        source: str,
        web: Web,
        *,
        licence: str,
        citation: str,
        checks: dict[str, FileCheck],
        now: datetime,
        passed_over: Collection[str] = (),
    ) -> None:
        self.settings, self.source, self.web = settings, source, web
        self.licence, self.citation, self.checks, self.now = licence, citation, checks, now
        self.folder, self.passed_over = settings.raw / source, passed_over
        self.wanted: Sequence[tuple[Any, ...]] = ()

    def held(self, name: str) -> LandedFile | None:
        """Find the newest landing of a file that has its card and the card's size."""
        return newest(self.folder, name)

    def in_use(self, name: str) -> LandedFile | None:
        """Find the newest landing of a file that is not held back."""
        return newest(self.folder, name, self.passed_over)

    def seen_at(self, name: str) -> datetime | None:
        """When the source last told or confirmed a file that we hold; None for one that we do not hold."""
        held, check = self.held(name), self.checks.get(name)
        if held is None:
            return None
        is_of_it = check is not None and check.sha256 == held.card.sha256
        return max(held.card.fetched_at, check.checked_at) if check and is_of_it else held.card.fetched_at

    def download(
        self,
        address: str,
        *,
        name: str,
        expect: Expect,
        check: Callable[[Path], str | None] | None = None,
        details: dict[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        data: str | None = None,
        remember: tuple[str, ...] = (),
        says: Callable[[Path], object] = sha256_of,
    ) -> LandedFile:
        """Land a file, unless the source says that we hold it.

        Args:
            address: of the file.
            name: under which it is kept.
            expect: the kind of file; anything else is refused.
            check: raises SourceError for a file of the right kind with the wrong content; may return its SHA-256.
            details: for the card.
            params: of the query, beside those in the address; they stand neither on the card nor in errors, so that
                a key can be one of them.
            data: body of a POST; such a request is neither conditional nor resumed.
            remember: headers of the answer that the card's details keep.
            says: what a file says, where the service adds how long it took or the like: a file that says the same as
                the one that we hold is not landed.
        """
        held, part = self.held(name), self._part(name)
        asked = {} if data is not None else self._validators(held, address)
        download = Download(self.web, part, address, expect)
        reply = download.ask(asked, params, data)
        if reply.status == 304 and held:
            etag, last_modified = asked.get("If-None-Match"), asked.get("If-Modified-Since")
            return self._unchanged(held, address, reply.headers.get("ETag", etag), last_modified)
        with keeping(part.path):
            sha256 = download.examine(reply, check)
            told = {header: reply.headers[header] for header in remember if header in reply.headers}
            return self._land(
                part, held, name, address, details=(details or {}) | told, reply=reply, says=says, sha256=sha256
            )

    def take_in(
        self,
        file: Path,
        *,
        name: str,
        expect: Expect,
        check: Callable[[Path], object] | None = None,
        details: dict[str, str] | None = None,
    ) -> LandedFile:
        """Land a file that the operator gives; its figures then have the origin `imported`.

        Args:
            file: to copy; it is not changed.
            name: under which it is kept; a file of the same name takes the place of the one before.
            expect: the kind of file; anything else is refused.
            check: raises SourceError for a file of the right kind with the wrong content.
            details: what the file does not say of itself, for the card.
        """
        try:
            found = expect.refuse_file(file)
        except OSError as error:
            found = error.strerror or str(error)
        if found:
            raise SourceError(str(file), expect.words, found, "Name the file as it was downloaded.")
        if check:
            check(file)
        part = self._part(name)
        with keeping(part.path):
            part.path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, part.path)
            return self._land(part, self.held(name), name, file.name, details=details or {}, kind="import")

    def keep_answer(
        self,
        body: bytes,
        *,
        name: str,
        address: str,
        details: dict[str, str],
        says: Callable[[Path], object] = sha256_of,
    ) -> LandedFile:
        """Land an answer that has been read and judged already, such as one that a library asked for."""
        part = self._part(name)
        with keeping(part.path):
            part.path.parent.mkdir(parents=True, exist_ok=True)
            part.path.write_bytes(body)
            return self._land(part, self.held(name), name, address, details=details, says=says)

    def take_over(self, content: IO[bytes], card: Card) -> None:
        """Land what another machine landed, under its card, unless these bytes are held under this name already."""
        for folder in landings(self.folder):
            path = folder / card.name
            if path.exists() and card_path(path).exists() and Card.read(card_path(path)).sha256 == card.sha256:
                return
        part = self._part(card.name)
        with keeping(part.path):
            part.path.parent.mkdir(parents=True, exist_ok=True)
            with part.path.open("wb") as file:
                shutil.copyfileobj(content, file)
            self._place(part, card)

    def sweep(self) -> list[Path]:
        """Remove what does not count: files without cards, cards without files, old partial files, empty folders."""
        removed = []
        with keeping(self.folder):
            for path in [file for folder in landings(self.folder) for file in folder.iterdir()]:
                if path.name.endswith(CARD_ENDING):
                    whole = path.with_name(path.name.removesuffix(CARD_ENDING)).exists()
                else:
                    whole = card_path(path).exists()
                removed += [] if whole else [path]
            partial = self.folder / ".partial"
            oldest = (self.now - PARTIAL_KEPT).timestamp()
            for path in partial.iterdir() if partial.is_dir() else ():
                if path.suffix == ".tmp" or path.stat().st_mtime < oldest:
                    removed.append(path)
            for path in removed:
                path.unlink(missing_ok=True)
            for folder in [*landings(self.folder), partial]:
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
        if removed:
            log.info("%s: removed %d leftovers of interrupted runs", self.source, len(removed))
        return removed

    def _validators(self, held: LandedFile | None, address: str) -> dict[str, str]:
        """Make the request conditional, if the validators we know stand for the file that we hold."""
        if held is None:
            return {}
        known: FileCheck | Card | None = self.checks.get(held.card.name)
        if known is None or (known.address, known.sha256) != (address, held.card.sha256):
            known = held.card
        if known.address != address:
            return {}
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {header: value for header, value in asked.items() if value}

    def _unchanged(self, held: LandedFile, address: str, etag: str | None, last_modified: str | None) -> LandedFile:
        name, sha256 = held.card.name, held.card.sha256
        self.checks[name] = FileCheck(self.now, etag, last_modified, "unchanged", address, sha256)
        log.info("%s: %s is unchanged", self.source, held.source_file)
        return held

    def _land(
        self,
        part: Part,
        held: LandedFile | None,
        name: str,
        address: str,
        *,
        details: dict[str, str],
        kind: str = "download",
        reply: Reply | None = None,
        says: Callable[[Path], object] = sha256_of,
        sha256: str | None = None,
    ) -> LandedFile:
        """Land a complete and checked file with its card, unless what it says and its details are what we hold."""
        headers = reply.headers if reply else {}
        etag, last_modified = headers.get("ETag"), headers.get("Last-Modified")
        sha256 = sha256 or sha256_of(part.path)
        same = (
            held and held.card.details == details and (held.card.sha256 == sha256 or says(held.path) == says(part.path))
        )
        if held and same:
            part.discard()
            return self._unchanged(held, address, etag, last_modified)
        card = Card(
            source=self.source,
            name=name,
            address=address,
            final_address=address if kind == "import" else public(reply.final_address if reply else address),
            fetched_at=self.now,
            sha256=sha256,
            size=part.size,
            etag=etag,
            last_modified=last_modified,
            licence=self.licence,
            citation=self.citation,
            kind=kind,
            details=details,
        )
        landed = self._place(part, card)
        self.checks[name] = FileCheck(self.now, etag, last_modified, "downloaded", address, sha256)
        log.info("%s: landed %s, %d bytes", self.source, landed.source_file, card.size)
        return landed

    def _part(self, name: str) -> Part:
        return Part(self.folder / ".partial" / f"{name}.part")

    def _place(self, part: Part, card: Card) -> LandedFile:
        """Move a complete file to where it counts; its card comes last."""
        part.path.chmod(0o644)
        folder = self._fresh_folder(card.name)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / card.name
        with replaced(card_path(path)) as temporary:
            temporary.write_text(card.as_json(), encoding="utf-8")
            temporary.chmod(0o644)
            settle(part.path)
            move(part.path, path)
            verified(self.settings.data).seal(path, card.sha256)
        settle(folder.parent)
        part.discard()
        return LandedFile(path, card)

    def _fresh_folder(self, name: str) -> Path:
        """The folder of this run; one that sorts after every file of that name, also where the clock was put back."""
        stamp = stamp_of(self.now)
        held = [folder for folder in landings(self.folder) if (folder / name).exists()]
        if not held or held[0].name < stamp:
            return self.folder / stamp
        last, number = order_of(held[0].name)
        return self.folder / f"{last}-{number + 1}"
