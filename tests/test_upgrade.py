"""The day after an upgrade: a data folder that the version of 2026-11-21 made is read by the code of today.

tests/samples/data_folder_2026_11_21.tar.xz is what that version left behind after two refreshes, an hour apart, of the
made answers in tests/fault_sources.py: landings with their cards, the newest release (without exports, the pages of
pairs and the library that draws), history, status.json and alerts.json. It is never made anew: that later versions
read it is what is tested.
"""

import shutil
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.landing.status import read_status
from flows.refresh import steps
from flows.release import exports
from flows.settings import Settings

FOLDER = Path(__file__).parent / "samples" / "data_folder_2026_11_21.tar.xz"
OLD = "2026-11-21T130000Z"
NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old data folder; do not write to it."""
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(FOLDER) as archive:
        archive.extractall(folder, filter="data")
    return folder / "data"


@pytest.fixture
def old(unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a run on a copy of the old data folder; pages and exports are others' to test."""
    monkeypatch.setattr(steps, "render", lambda _, folder, __: (folder / "site" / "index.html").write_text("new"))
    monkeypatch.setattr(exports, "write", lambda *_: None)
    data = tmp_path / "data"
    shutil.copytree(unpacked, data, symlinks=True)
    return Settings(data=data)


def landed_rows(settings: Settings) -> dict[str, int]:
    """Rows by landed file that the current release was made from."""
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        return dict(con.execute("select source_file, size_bytes from raw.refresh_landings").fetchall())


def test_the_first_refresh_reads_what_the_old_version_left(old: Settings) -> None:
    before = landed_rows(old)
    report = steps.refresh(old, [], NOW, offline=True)
    assert report.before is not None
    assert report.before.release_id == OLD
    assert read_status(old).quarantined == {}
    assert landed_rows(old) == before
    assert (old.data / "releases" / OLD / "site" / "index.html").exists(), "the way back stays"
