"""Landed files are hashed once while they are untouched, and again whatever else happens to them or to the list."""

import json
import os
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.command import doctor, publishing
from flows.landing import cards, verified
from flows.landing.cards import Card, LandedFile, card_path, landed_files, sha256_of
from flows.landing.landing import CSV, Landing
from flows.network.web import Web
from flows.refresh import steps
from flows.release import releases
from flows.release.inputs import read_inputs
from flows.settings import Settings

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOURCE = "papers_with_code"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are hashed, in order."""
    names: list[str] = []

    def noted(path: Path) -> str:
        names.append(path.name)
        return sha256_of(path)

    monkeypatch.setattr(cards, "sha256_of", noted)
    return names


@pytest.fixture
def file(settings: Settings, hashed: list[str], monkeypatch: pytest.MonkeyPatch) -> LandedFile:
    """A landed file that was found right by a run before, long after it was landed."""
    made = landed(settings, "links.parquet", b"links of everything")
    monkeypatch.setattr(verified, "SETTLED_NS", 0)
    assert asked(settings) == [made]
    assert hashed == ["links.parquet"]
    hashed.clear()
    forget_in_memory(monkeypatch)
    return made


def landed(settings: Settings, name: str, body: bytes) -> LandedFile:
    path = settings.raw / SOURCE / "2026-01-01T000000Z" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    texts = dict.fromkeys(("address", "final_address", "licence", "citation"), "x")
    card = Card(
        SOURCE, name, fetched_at=NOW, sha256=sha256_of(path), size=len(body), etag=None, last_modified=None,
        kind="download", **texts,
    )  # fmt: skip
    card_path(path).write_text(card.as_json())
    return LandedFile(path, card)


def asked(settings: Settings) -> list[LandedFile]:
    """What a build would read."""
    return read_inputs(settings, NOW).landed[SOURCE]


def forget_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a new process knows: only what was written down."""
    monkeypatch.setattr(verified, "_ALL", {})


def listed(settings: Settings) -> Path:
    return settings.data / "cache" / "verified.json"


def test_an_untouched_file_is_not_hashed_again(settings: Settings, file: LandedFile, hashed: list[str]) -> None:
    assert asked(settings) == [file]
    assert hashed == []


def overwrite(file: LandedFile) -> None:
    file.path.write_bytes(b"x" * file.card.size)


def overwrite_and_set_the_time_back(file: LandedFile) -> None:
    before = file.path.stat()
    overwrite(file)
    os.utime(file.path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_by_another(file: LandedFile) -> None:
    other = file.path.with_name("other")
    other.write_bytes(b"y" * file.card.size)
    os.utime(other, ns=(0, file.path.stat().st_mtime_ns))
    other.replace(file.path)


def cut(file: LandedFile) -> None:
    os.truncate(file.path, file.card.size - 1)


def delete(file: LandedFile) -> None:
    file.path.unlink()


@pytest.mark.parametrize(
    "damage",
    [overwrite, overwrite_and_set_the_time_back, replace_by_another, cut, delete],
    ids=lambda one: one.__name__,
)
def test_a_file_that_was_touched_is_looked_at(
    settings: Settings, file: LandedFile, damage: Callable[[LandedFile], None], caplog: pytest.LogCaptureFixture
) -> None:
    time.sleep(0.02)  # two ticks of the file system's clock
    damage(file)
    assert asked(settings) == []
    assert "links.parquet: expected bytes with SHA-256" in caplog.text


def test_a_touched_file_with_the_same_bytes_is_hashed_once(
    settings: Settings, file: LandedFile, hashed: list[str]
) -> None:
    time.sleep(0.02)
    file.path.touch()
    assert [asked(settings), asked(settings)] == [[file], [file]]
    assert hashed == ["links.parquet"]


def test_a_card_with_another_hash(settings: Settings, file: LandedFile, hashed: list[str]) -> None:
    card_path(file.path).write_text(replace(file.card, sha256="0" * 64).as_json())
    assert asked(settings) == []
    assert hashed == ["links.parquet"]


@pytest.mark.parametrize("text", [None, "", "[]", "{", "null", '{"a": 1}', "\xff", "[" * 100_000], ids=range(8))
def test_a_list_that_is_lost_or_damaged(
    settings: Settings, file: LandedFile, hashed: list[str], text: str | None
) -> None:
    if text is None:
        listed(settings).unlink()
    else:
        listed(settings).write_text(text, encoding="latin-1")
    assert asked(settings) == [file]
    assert hashed == ["links.parquet"]
    assert json.loads(listed(settings).read_text()).keys() == {file.source_file}


def test_a_file_that_was_just_written_is_hashed_again(
    settings: Settings, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = landed(settings, "links.parquet", b"just now")
    assert [asked(settings), asked(settings)] == [[made], [made]]
    assert hashed == ["links.parquet"] * 2
    monkeypatch.setattr(time, "time_ns", lambda real=time.time_ns: real() + 3_000_000_000)
    assert [asked(settings), asked(settings)] == [[made], [made]]
    assert hashed == ["links.parquet"] * 3


def take_in(settings: Settings, path: Path, body: bytes, now: datetime = NOW) -> LandedFile:
    path.write_bytes(body)
    with Web(settings) as web:
        landing = Landing(settings, SOURCE, web, licence="x", citation="x", checks={}, now=now)
        return landing.take_in(path, name=path.name, expect=CSV)


def test_a_file_is_not_hashed_again_right_after_it_landed(
    settings: Settings, tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = take_in(settings, tmp_path / "a.csv", b"a,b")
    assert asked(settings) == [file]
    forget_in_memory(monkeypatch)
    assert asked(settings) == [file]
    assert hashed == []


def test_damage_in_the_tick_of_the_landing(tmp_path: Path) -> None:
    known, path = verified.Verified(tmp_path), tmp_path / "a.csv"
    for _ in range(100):
        path.write_bytes(b"a,b")
        written = path.stat().st_mtime_ns
        known.seal(path, "hash")
        assert path.stat().st_mtime_ns != written, "newer kernels give no two writes the same time; older ones do"
        assert known.is_untouched(path, "hash", verified.state_of(path))
        path.write_bytes(b"x,y")
        assert not known.is_untouched(path, "hash", verified.state_of(path))


def test_a_file_system_without_nanoseconds(
    settings: Settings, tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    utime = os.utime
    monkeypatch.setattr(os, "utime", lambda path, ns: utime(path, ns=(ns[0] // 10**9 * 10**9,) * 2))
    file = take_in(settings, tmp_path / "a.csv", b"a,b")
    assert asked(settings) == [file]
    assert hashed == ["a.csv"]


def test_a_file_that_changes_while_it_is_hashed_is_not_noted(
    settings: Settings, file: LandedFile, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file.path.touch()

    def slow(path: Path) -> str:
        found = sha256_of(path)
        hashed.append(path.name)
        path.write_bytes(b"z" * file.card.size)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(cards, "sha256_of", slow)
        assert asked(settings) == [file]
    assert asked(settings) == []


def test_only_files_in_use_stay_on_the_list(settings: Settings, file: LandedFile) -> None:
    other = landed(settings, "papers-0.parquet", b"papers")
    assert len(asked(settings)) == 2
    assert json.loads(listed(settings).read_text()).keys() == {file.source_file, other.source_file}


def test_files_of_an_older_landing_leave_the_list(
    settings: Settings, file: LandedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = settings.raw / SOURCE / "2026-02-01T000000Z"
    file.path.parent.rename(later)
    asked(settings)
    assert json.loads(listed(settings).read_text()).keys() == {f"{SOURCE}/{later.name}/links.parquet"}


def test_a_list_that_cannot_be_written_stops_nothing(
    settings: Settings, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verified, "SETTLED_NS", 0)
    made = landed(settings, "links.parquet", b"links")
    (settings.data / "cache").write_text("a file in the way")
    assert asked(settings) == [made]


def harm_below_the_file_system(settings: Settings, file: LandedFile) -> None:
    """Other bytes under the same times: the list is made to say that they were found right."""
    time.sleep(0.02)
    overwrite(file)
    state: list[Any] = [file.card.sha256, *verified.state_of(file.path)]
    listed(settings).write_text(json.dumps({file.source_file: state}))


def test_the_doctor_hashes_everything_and_has_the_next_refresh_do_so(
    settings: Settings, file: LandedFile, hashed: list[str]
) -> None:
    harm_below_the_file_system(settings, file)
    assert asked(settings) == [file], "what the list cannot see"
    (found,) = doctor._bytes(settings)
    assert (found.is_fine, found.what) == (False, "bytes")
    assert "links.parquet: expected bytes with SHA-256" in found.found
    assert "Delete the file and its card" in found.found
    assert asked(settings) == []


def test_a_doctor_who_finds_nothing(settings: Settings, file: LandedFile) -> None:
    landed(settings, "half.parquet", b"x").path.unlink()
    (found,) = doctor._bytes(settings)
    assert (found.is_fine, found.found) == (True, "0.0 MB as they were landed")
    assert listed(settings).exists()


def test_a_full_build_hashes_everything(settings: Settings, file: LandedFile, monkeypatch: pytest.MonkeyPatch) -> None:
    harm_below_the_file_system(settings, file)
    monkeypatch.setattr(steps, "build", lambda settings, *_, **__: landed_files(settings, SOURCE))
    monkeypatch.setattr(publishing, "_published", lambda found, _: len(found))
    monkeypatch.setattr(releases, "sweep", lambda _: None)
    assert publishing.run_build(Namespace(full=False), settings) == 1
    assert publishing.run_build(Namespace(full=True), settings) == 0
