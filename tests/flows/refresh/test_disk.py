"""A disk that is full or read-only: one line that says so, the previous release stays whole, the next refresh heals.

The disk is a small tmpfs, since permission bits do not stop root.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.refresh.test_kill import HOST, LINKS, REFRESH, Archive, World
from tests.loopback import Loopback

pytestmark = pytest.mark.slow

SIZE_MIB = 400


def mount(*words: str) -> str | None:
    """Call mount; say why it cannot be done."""
    try:
        done = subprocess.run(["mount", *words], capture_output=True, text=True)
    except FileNotFoundError as error:
        return str(error)
    return None if done.returncode == 0 else done.stderr.strip()


@pytest.fixture
def small(tmp_path: Path, server: Loopback) -> Iterator[World]:
    """A world whose data folder is a small disk with a release on it."""
    data = tmp_path / "data"
    data.mkdir()
    reason = mount("-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "tmpfs", str(data))
    if reason and os.environ.get("CI") != "true":
        pytest.skip(f"a small disk cannot be mounted here: {reason}")
    assert reason is None
    try:
        (tmp_path / "archive").mkdir()
        world = World(data, server, Archive(tmp_path / "archive"))
        server.answer(HOST, LINKS, world.archive.answer)
        world.refresh()
        yield world
    finally:
        subprocess.run(["umount", str(data)], check=True)


def refused(world: World) -> str:
    """Refresh where it cannot work; return the one line that it says."""
    before = world.version_published()
    with world.start("-m", "flows.command.cli", *REFRESH) as process:
        said, _ = process.communicate(timeout=180)
    assert process.returncode == 1, said
    assert "Traceback" not in said, said
    assert world.version_published() == before
    return said


@pytest.mark.parametrize("free_kib", [0, 256, 4096])
def test_full_disk(small: World, free_kib: int) -> None:
    free = os.statvfs(small.data)
    filler = small.data / "filler"
    with filler.open("wb") as file:
        file.write(bytes(max(0, free.f_bavail * free.f_bsize - free_kib * 1024)))
    said = refused(small)
    assert any(words in said for words in ("No space left", "Out of Memory", "space")), said
    assert any(cure in said for cure in ("Free", "disk space")), said
    filler.unlink()
    small.refresh()


def test_read_only_disk(small: World) -> None:
    assert mount("-o", "remount,ro", str(small.data)) is None
    said = refused(small)
    assert "Read-only file system" in said
    assert "TRENDS_DATA" in said
    assert mount("-o", "remount,rw", str(small.data)) is None
    small.refresh()
