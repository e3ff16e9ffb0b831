"""What a release is made from: landings with their origin, the reference tables and the code."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from ..errors import BadLanding
from ..landing import bundled
from ..landing.cards import all_landed, digest
from ..landing.landing import LandedFile, landed_files
from ..landing.status import Quarantine, SourceCheck, Status, read_status
from ..landing.verified import verified
from ..reference.sources import source_row
from ..settings import Settings
from ..sources import NAMES

if TYPE_CHECKING:
    from .history import Redefined

log = logging.getLogger(__name__)

# A change in any of these can change what a release says: its figures, or how they are drawn.
DEFINITIONS = (("data/reference", ".csv"), ("sql", ".sql"), ("flows", ".py"))
DRAWING = (("dashboards", ""), ("sql", ".csv"))  # which says what columns mean


@dataclass(frozen=True)
class Inputs:
    """Everything that one build reads, at one time.

    Attributes:
        settings: folders and limits.
        landed: the landed files in use, by source.
        status: what is known of each source.
        now: time of the build; decides which landings still count as live.
        bundled: files of figures that other machines made.
        carried: sources whose files cannot be loaded any more, though the current release was made from them: its rows
            of them are carried over.
        redefined: after an upgrade, the current release as this version would have made it.
        lapsed: what was held back, of sources that have landed something else since.
    """

    settings: Settings
    landed: dict[str, list[LandedFile]]
    status: Status
    now: datetime
    bundled: Sequence[LandedFile] = ()
    carried: frozenset[str] = frozenset()
    redefined: Redefined | None = None
    lapsed: Mapping[str, Quarantine] = field(default_factory=dict)
    _cadences: dict[str, timedelta] = field(default_factory=dict, init=False, repr=False, compare=False)

    def origin(self, file: LandedFile) -> str:
        """Origin of a landed file's figures: imported, live (confirmed within the source's cadence) or cached."""
        if file.card.kind == "import":
            return "imported"
        check = self.status.sources.get(file.card.source)
        known = check.files.get(file.card.name) if check else None
        if file.card.kind == bundled.NAME and (known is None or known.sha256 != file.card.sha256):
            return "imported"  # until the source itself has said that we hold it
        if known and known.outcome == "unconfirmed":
            return "cached"
        return "live" if self.status.is_live(file.card.source, self._cadence(file.card.source), self.now) else "cached"

    def _cadence(self, source: str) -> timedelta:
        """How often a source is asked, read once: there are hundreds of files."""
        if source not in self._cadences:
            self._cadences[source] = source_row(self.settings, source).cadence
        return self._cadences[source]

    def fingerprint(self) -> str:
        """Checksum over landings and their origin, reference tables, code and the site's address.

        The same input makes the same release.
        """
        landings = sorted(f"{file.source_file} {file.card.sha256} {self.origin(file)}" for file in self.files())
        landings += sorted(f"{file.source_file} {file.card.sha256}" for file in self.bundled)
        return digest(*landings, self.definitions(), self._checksum(DRAWING), self.settings.site_url)

    def definitions(self) -> str:
        """Checksum over what decides how a figure is made from what is landed: reference tables and code."""
        return self._checksum(DEFINITIONS)

    def _checksum(self, folders: Sequence[tuple[str, str]]) -> str:
        total = hashlib.sha256()
        above = len(str(self.settings.project))
        for folder, ending in folders:
            for path in _files(f"{self.settings.project}/{folder}", ending):
                total.update(path[above:].encode())
                with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # a Path for each of 560 takes as long as reading
                    total.update(file.read())
        return total.hexdigest()

    def carrying(self, error: BadLanding) -> Self:
        """The same, with one source more whose rows are carried over; its check says why."""
        if error.source in self.carried:
            raise error
        log.warning("%s", error)
        known = self.status.sources.get(error.source)
        check = replace(known or SourceCheck(self.now, None, "failed"), outcome="failed", message=str(error))
        return replace(self, status=self.status.with_check(error.source, check), carried=self.carried | {error.source})

    def files(self) -> Iterator[LandedFile]:
        """The landed files of all sources."""
        for files in self.landed.values():
            yield from files


def _files(folder: str, ending: str) -> Iterator[str]:
    """Every file below a folder whose name ends so, in the order of names: half the time that Path.glob takes.

    None where there is no such folder: a project may hold models and reference tables alone.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda one: one.name)
    except FileNotFoundError:
        return
    for one in found:
        if one.is_dir():
            yield from _files(one.path, ending) if one.name != "__pycache__" else ()
        elif one.name.endswith(ending) and one.is_file():
            yield one.path


def read_inputs(settings: Settings, now: datetime, status: Status | None = None) -> Inputs:
    """What a build would read now: landings that are in quarantine are passed over for those before them."""
    status = status or read_status(settings)
    newest = {name: landed_files(settings, name) for name in NAMES}
    held = {name: _rolled_back_since(settings, name, held) for name, held in status.quarantined.items()}
    in_force = {
        name: one for name, one in held.items() if {file.source_file for file in newest.get(name, ())} & set(one.files)
    }
    lapsed = {name: one for name, one in held.items() if name not in in_force}  # a newer landing has taken its place
    status = replace(status, quarantined=in_force)
    held_back = {file for held in status.quarantined.values() for file in held.files}
    passed_over = {name: landed_files(settings, name, held_back) for name in status.quarantined if name in newest}
    landed = newest | passed_over
    figures = landed_files(settings, bundled.NAME)
    verified(settings.data).keep()
    return Inputs(settings, landed, status, now, figures, lapsed=lapsed)


def _rolled_back_since(settings: Settings, source: str, held: Quarantine) -> Quarantine:
    """The same with the newer files of the same names, where the operator rolled them back."""
    if not held.by_hand:
        return held
    names = {file.rpartition("/")[2] for file in held.files}
    newer = {
        file.source_file
        for file in all_landed(settings, source)
        if file.card.name in names and file.card.fetched_at >= held.since
    }
    return replace(held, files=tuple(sorted({*held.files, *newer})))
