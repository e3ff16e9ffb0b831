"""Sixty days of refreshes from a source that changes every day: what it takes of the disk stays bounded."""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from flows.landing.cards import landed_files
from flows.refresh import steps
from flows.release import releases
from flows.settings import Settings
from flows.sources import papers_with_code
from tests.flows.refresh.test_kill import HOST, LINKS, Archive
from tests.loopback import Loopback

DAYS = int(os.environ.get("TRENDS_GROWTH_DAYS", "60"))


def size_of(folder: Path, leaving_out: Callable[[Path], bool] = lambda _: False) -> int:
    """Bytes on the disk: what is linked from two places counts once, and so does a link's target."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and not leaving_out(path):
            state = path.stat()
            found[state.st_ino] = state.st_size
    return sum(found.values())


@pytest.mark.soak
def test_sixty_days_of_changes(server: Loopback, settings: Settings, tmp_path: Path) -> None:
    """Under three times a release and the landings of the releases that are kept; history grows by what changed."""
    (tmp_path / "archive").mkdir()
    archive = Archive(tmp_path / "archive")
    server.answer(HOST, LINKS, archive.answer)
    settings, start = replace(settings, expect_sizes=False), datetime(2026, 9, 1, 5, tzinfo=UTC)
    history, largest = [], 0.0
    for day in range(DAYS):
        archive.turn()
        report = steps.refresh(settings, [papers_with_code], start + timedelta(days=day))
        assert report.built.is_new, f"day {day}"
        history.append(size_of(settings.data / "history"))
        raw, release = size_of(settings.raw), size_of(settings.current.resolve())
        held = size_of(settings.data, lambda path: "history" in path.relative_to(settings.data).parts[:1])
        landed = max(path.stat().st_size for path in archive.folder.iterdir())
        assert raw <= (settings.releases_kept + 1) * (landed + 4000), f"day {day}: landings that nothing uses"
        largest = max(largest, (held - raw) / release)
    first, later = history[0], [after - before for before, after in pairwise(history)]
    said = f"{DAYS} days: a release {release:,} bytes, at most {largest:.2f} of them; history {first:,} at first, then "
    said += f"at most {max(later):,} a day, {history[-1]:,} in the end; landings {raw:,}"
    logging.getLogger(__name__).warning(said)
    assert largest < 3, said
    assert max(later) < first / 3, said
    assert len(landed_files(settings, "papers_with_code")) == 1
    assert len(releases.all_releases(settings)) == min(DAYS, settings.releases_kept)
