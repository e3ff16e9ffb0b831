"""What is written is whole or not there, and on the disk before it counts."""

import os
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from flows.replacing import put, replaced


def test_the_new_bytes_take_the_place_of_the_old_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    put(path, "old")
    put(path, b"\xfc")
    assert path.read_bytes() == b"\xfc"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with suppress(KeyboardInterrupt), replaced(path) as temporary:
        temporary.write_text("ha")
        raise KeyboardInterrupt
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a", "old")]


def test_two_containers_that_share_a_folder_do_not_write_into_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their processes have the same numbers."""
    path, names = tmp_path / "a", iter(["one", "two"])
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(nodename=next(names)))
    with replaced(path) as ours:
        ours.write_text("ours")
        with replaced(path) as theirs:
            theirs.write_text("theirs")
        assert path.read_text() == "theirs"
    assert path.read_text() == "ours"


def test_file_and_folder_reach_the_disk_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "a", []
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", lambda handle: seen.append((os.fstat(handle).st_ino, path.read_text())))
    put(path, "new")
    assert seen == [(path.stat().st_ino, "old"), (tmp_path.stat().st_ino, "new")]


def test_a_link_is_replaced_in_one_step_too(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    for target in ("one", "missing"):
        with replaced(tmp_path / "current") as link:
            link.symlink_to(target)
        assert (tmp_path / "current").readlink() == Path(target)
