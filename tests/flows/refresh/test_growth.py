"""Sixty days of refreshes from sources that change every day: what they take of the disk stays bounded.

Of each kind one: a file that is replaced as a whole, and small answers that are gathered and asked for again.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from flows.landing.cards import card_path, landed_files
from flows.refresh import steps
from flows.release import releases
from flows.settings import Settings
from flows.sources import hn_hiring, papers_with_code
from tests.flows.refresh.test_kill import HOST, LINKS, Archive
from tests.flows.sources.test_hn_hiring import MONTHS, serve_year
from tests.loopback import Loopback

log = logging.getLogger(__name__)
KINDS = [papers_with_code, hn_hiring]
DAYS = int(os.environ.get("TRENDS_GROWTH_DAYS", "60"))


def size_of(folder: Path, leaving_out: Callable[[Path], bool] = lambda _: False) -> int:
    """Bytes on the disk: what is linked from two places counts once, and so does a link's target."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and not leaving_out(path):
            state = path.stat()
            found[state.st_ino] = state.st_size
    return sum(found.values())


def landed_size(settings: Settings) -> int:
    """Bytes of the landings in use, with their cards."""
    files = [file.path for source in KINDS for file in landed_files(settings, source.NAME)]
    return sum(path.stat().st_size + card_path(path).stat().st_size for path in files)


@pytest.mark.soak
def test_sixty_days_of_changes(
    server: Loopback, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under three times a release and the landings of the releases that are kept; history grows by what changed."""
    monkeypatch.setattr(hn_hiring, "FIRST_MONTH", MONTHS[0])
    monkeypatch.setattr(hn_hiring, "PACES", {})
    (tmp_path / "archive").mkdir()
    archive = Archive(tmp_path / "archive")
    server.answer(HOST, LINKS, archive.answer)
    settings, start = replace(settings, expect_sizes=False), datetime(2026, 9, 1, 5, tzinfo=UTC)
    history, largest = [], 0.0
    for day in range(DAYS):
        archive.turn()
        serve_year(server, "PyTorch and Keras", *["TensorFlow"] * (day % 7), "nothing", None)
        report = steps.refresh(settings, KINDS, start + timedelta(days=day))
        assert report.built.is_new, f"day {day}"
        assert not report.failed_sources, report.checks
        history.append(size_of(settings.data / "history"))
        raw, in_use, release = size_of(settings.raw), landed_size(settings), size_of(settings.current.resolve())
        held = size_of(settings.data, lambda path: "history" in path.relative_to(settings.data).parts[:1])
        assert raw <= settings.releases_kept * 1.1 * in_use, f"day {day}: landings that nothing uses"
        largest = max(largest, (held - raw) / release)
        log.info("day %d: a release %d, held %d, landings %d, history %d", day, release, held, raw, history[-1])
    first, later = history[0], [after - before for before, after in pairwise(history)]
    said = f"{DAYS} days: a release {release:,} bytes, at most {largest:.2f} of them; history {first:,} at first, then "
    said += f"at most {max(later):,} a day, {history[-1]:,} in the end; landings {raw:,}"
    log.warning(said)
    assert largest < 3, said
    assert max(later) < first / 3, said
    assert len(landed_files(settings, "papers_with_code")) == 1
    assert len(releases.all_releases(settings)) == min(DAYS, settings.releases_kept)
