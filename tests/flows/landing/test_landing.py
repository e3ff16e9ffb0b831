"""What is kept, what is refused and what goes on where it stopped, against a real server on loopback."""

import gzip
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.errors import LandingError, NetworkError, SourceError
from flows.landing.cards import card_path
from flows.landing.landing import (
    CSV,
    GZIP,
    JSON,
    PARQUET,
    ZIP,
    Card,
    Expect,
    FileCheck,
    LandedFile,
    Landing,
    landed_files,
)
from flows.network.web import Web
from flows.settings import Settings
from tests.loopback import Answer, Loopback

HOST = "files.example.org"
ADDRESS = f"https://{HOST}/data"
NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
BODY = gzip.compress(os.urandom(300_000))
HTML = b"<!DOCTYPE html>\n<html><head><title>Please log in</title></head><body>...</body></html>"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 41364239\n"


def run(
    settings: Settings,
    now: datetime = NOW,
    checks: dict[str, FileCheck] | None = None,
    expect: Expect = GZIP,
    check: Callable[[Path], None] | None = None,
    address: str = ADDRESS,
) -> LandedFile:
    """One refresh of one file."""
    with Web(settings, source="example") as web:
        landing = open_landing(settings, web, now, checks)
        return landing.download(address, name="file.gz", expect=expect, check=check)


def open_landing(
    settings: Settings, web: Web, now: datetime = NOW, checks: dict[str, FileCheck] | None = None
) -> Landing:
    known = {} if checks is None else checks
    return Landing(settings, "example", web, licence="CC0", citation="Example", checks=known, now=now)


def files(settings: Settings) -> dict[str, bytes]:
    """Everything below data/raw that counts or could be taken to count."""
    found = settings.raw.rglob("*")
    return {
        path.relative_to(settings.raw).as_posix(): path.read_bytes()
        for path in found
        if path.is_file() and ".partial" not in path.parts and not path.name.startswith(".")
    }


@pytest.fixture
def held(server: Loopback, settings: Settings) -> LandedFile:
    """A good file landed yesterday."""
    server.answer(HOST, "/data", Answer(BODY, etag='"v1"', accept_ranges=True))
    landed = run(settings, NOW - timedelta(days=1))
    server.requests.clear()
    return landed


def parquet(tmp_path: Path) -> bytes:
    path = tmp_path / "made.parquet"
    duckdb.execute(f"copy (select range as a from range(1000)) to '{path}' (format parquet)").close()
    return path.read_bytes()


class TestLanding:
    def test_file_and_card(self, server: Loopback, settings: Settings) -> None:
        server.answer(HOST, "/data", Answer.redirect("https://cdn.example.net/blob?Signature=secret"))
        server.answer(
            "cdn.example.net", "/blob", Answer(BODY, etag='"v1"', last_modified="Sat, 01 Nov 2025 00:00:00 GMT")
        )
        checks: dict[str, FileCheck] = {}
        landed = run(settings, checks=checks)
        assert landed.source_file == "example/2026-11-21T141500Z/file.gz"
        assert landed.path.read_bytes() == BODY
        assert landed.path.stat().st_mode & 0o777 == 0o644
        card = landed.path.with_name("file.gz.card.json")
        assert b"secret" not in card.read_bytes()
        assert Card.read(card) == landed.card
        assert landed.card.final_address == "https://cdn.example.net/blob"
        assert (landed.card.size, landed.card.etag, landed.card.kind) == (len(BODY), '"v1"', "download")
        assert landed_files(settings, "example") == [landed]
        assert checks["file.gz"].outcome == "downloaded"
        assert FileCheck.from_dict(json.loads(json.dumps(checks["file.gz"].as_dict()))) == checks["file.gz"]
        assert not (settings.raw / "example/.partial/file.gz.part").exists()

    def test_file_and_card_reach_the_disk_before_they_count(
        self, server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        written: set[int] = set()
        folders: set[int] = set()

        def note(descriptor: int) -> None:
            found = os.fstat(descriptor)
            if stat.S_ISDIR(found.st_mode):
                folders.add(found.st_ino)
                return
            assert landed_files(settings, "example") == []
            written.add(found.st_ino)

        monkeypatch.setattr(os, "fsync", note)
        server.answer(HOST, "/data", Answer(BODY))
        path = run(settings).path
        assert written == {path.stat().st_ino, card_path(path).stat().st_ino}
        assert {path.parent.stat().st_ino, path.parent.parent.stat().st_ino} <= folders, "their names too"

    @pytest.mark.parametrize("with_check", [True, False], ids=["validators of the check", "validators of the card"])
    def test_unchanged_downloads_no_body(
        self, server: Loopback, settings: Settings, held: LandedFile, with_check: bool
    ) -> None:
        before = files(settings)
        checks: dict[str, FileCheck] = {}
        if with_check:
            server.answer(HOST, "/data", Answer(BODY, etag='"v2"'))
            checks["file.gz"] = FileCheck(NOW, '"v2"', None, "unchanged", ADDRESS, held.card.sha256)
        assert run(settings, checks=checks) == held
        assert server.requests[-1].headers["If-None-Match"] == ('"v2"' if with_check else '"v1"')
        assert (len(server.requests), checks["file.gz"].outcome) == (1, "unchanged")
        assert checks["file.gz"].checked_at == NOW
        assert files(settings) == before

    def test_date_alone_is_a_validator(self, server: Loopback, settings: Settings) -> None:
        server.answer(HOST, "/data", Answer(BODY, last_modified="Sat, 01 Nov 2025 00:00:00 GMT"))
        checks: dict[str, FileCheck] = {}
        assert run(settings, LATER, checks) == run(settings, LATER, checks)
        assert checks["file.gz"].outcome == "unchanged"
        assert checks["file.gz"].last_modified == "Sat, 01 Nov 2025 00:00:00 GMT"

    def test_same_bytes_under_a_new_etag_are_not_stored_twice(
        self, server: Loopback, settings: Settings, held: LandedFile
    ) -> None:
        server.answer(HOST, "/data", Answer(BODY, etag='"v2"'))
        before, checks = files(settings), dict[str, FileCheck]()
        assert run(settings, checks=checks) == held
        assert files(settings) == before
        assert (checks["file.gz"].etag, checks["file.gz"].outcome) == ('"v2"', "unchanged")
        run(settings, LATER, checks)
        assert server.requests[-1].headers["If-None-Match"] == '"v2"'

    def test_new_bytes_are_a_new_landing(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        server.answer(HOST, "/data", Answer(gzip.compress(b"new"), etag='"v2"'))
        landed = run(settings)
        assert landed_files(settings, "example") == [landed]
        assert held.path.read_bytes() == BODY
        assert run(settings).path == landed.path

    def test_two_versions_in_one_second_are_both_kept(self, server: Loopback, settings: Settings) -> None:
        server.answer(HOST, "/data", Answer(BODY))
        first = run(settings)
        server.answer(HOST, "/data", Answer(gzip.compress(b"new")))
        second = run(settings)
        assert first.path.read_bytes() == BODY
        assert second.source_file == "example/2026-11-21T141500Z-2/file.gz"
        assert landed_files(settings, "example") == [second]

    def test_what_lands_after_the_clock_was_put_back_is_the_newest(self, server: Loopback, settings: Settings) -> None:
        """One run in 2036 must not make its files the newest for ten years."""
        server.answer(HOST, "/data", Answer(gzip.compress(b"in 2036")))
        run(settings, NOW + timedelta(days=3650))
        for number in range(12):
            server.answer(HOST, "/data", Answer(gzip.compress(b"version %d" % number)))
            landed = run(settings)
            assert landed_files(settings, "example") == [landed], number

    def test_validators_stand_for_one_address_and_one_file(
        self, server: Loopback, settings: Settings, held: LandedFile
    ) -> None:
        checks = {"file.gz": FileCheck(NOW, '"v9"', None, "unchanged", ADDRESS, "of a file that has been lost")}
        run(settings, checks=checks)
        assert server.requests[-1].headers["If-None-Match"] == '"v1"'
        server.answer(HOST, "/other", Answer(BODY, etag='"v1"'))
        assert run(settings, address=f"https://{HOST}/other") == held
        assert "If-None-Match" not in server.requests[-1].headers

    def test_lost_or_cut_file_is_fetched_again(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        held.path.write_bytes(b"cut")
        assert landed_files(settings, "example") == []
        landed = run(settings)
        assert "If-None-Match" not in server.requests[-1].headers
        assert landed_files(settings, "example") == [landed]

    def test_gz_file_that_the_server_calls_encoded_stays_packed(self, server: Loopback, settings: Settings) -> None:
        server.answer(HOST, "/data", Answer(BODY, headers={"Content-Encoding": "gzip"}))
        assert run(settings).path.read_bytes() == BODY


class TestRefusals:
    """Each says where, what was expected, what came and what to do, and the held file stays held."""

    def refused(
        self,
        settings: Settings,
        found: str,
        expect: Expect = GZIP,
        kind: type[SourceError] = SourceError,
        cure: str = "flows/sources/example.py",
    ) -> SourceError:
        before, held = files(settings), landed_files(settings, "example")
        checks: dict[str, FileCheck] = {}
        with pytest.raises(SourceError) as caught:
            run(settings, checks=checks, expect=expect)
        error = caught.value
        assert (type(error), error.address) == (kind, ADDRESS)
        for words in (ADDRESS, error.expected, found, cure):
            assert words
            assert words in str(error)
        assert files(settings) == before
        assert len(held) == 1
        assert landed_files(settings, "example") == held
        assert checks == {}
        return error

    @pytest.mark.parametrize(
        ("body", "found"),
        [
            (HTML, "found an HTML page ('Please log in')"),
            (POINTER, f"found a Git LFS pointer ({len(POINTER)} bytes)"),
            (b"", "found an empty body"),
            (BODY[:-9], "found a cut gzip (ends in mid-stream)"),
            (BODY[:-8] + b"\0" * 8, "found a damaged gzip"),
            (b"{}", "found bytes starting with b'{}'"),
        ],
    )
    def test_not_a_gzip(self, server: Loopback, settings: Settings, held: LandedFile, body: bytes, found: str) -> None:
        server.answer(HOST, "/data", Answer(body))
        self.refused(settings, found)
        assert len(server.requests) == 1
        assert not list((settings.raw / "example/.partial").glob("*"))

    def test_html_behind_a_redirect(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        server.answer(HOST, "/data", Answer.redirect("https://login.example.net/form?token=secret"))
        server.answer("login.example.net", "/form", Answer(HTML, headers={"Content-Type": "text/html"}))
        error = self.refused(
            settings, "an HTML page ('Please log in') after a redirect to https://login.example.net/form"
        )
        assert "secret" not in str(error)
        assert f"(through the mirror {server.address})" in error.found

    def test_captive_portal_keeps_progress(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        new = Answer(gzip.compress(os.urandom(100_000)), etag='"v2"', accept_ranges=True)
        server.answer(HOST, "/data", replace(new, cut_at=50_000))
        self.refused(replace(settings, attempts=1), "of 100", kind=NetworkError, cure="mirror")
        server.answer(HOST, "/data", Answer(HTML))
        self.refused(settings, "an HTML page")
        server.answer(HOST, "/data", new)
        assert run(settings).path.read_bytes() == new.body
        assert server.requests[-1].headers["Range"] == "bytes=50000-"

    @pytest.mark.parametrize("keep", [11, 1000, -1])
    def test_cut_parquet(
        self, server: Loopback, settings: Settings, held: LandedFile, tmp_path: Path, keep: int
    ) -> None:
        server.answer(HOST, "/data", Answer(parquet(tmp_path)[:keep]))
        self.refused(settings, "found a cut Parquet file (no PAR1 at the end)", PARQUET)

    def test_parquet_with_a_senseless_footer(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        server.answer(HOST, "/data", Answer(b"PAR1" + b"x" * 20 + b"\xff\xff\0\0PAR1"))
        self.refused(settings, "a footer of 65535 bytes", PARQUET)

    @pytest.mark.parametrize(
        ("expect", "body", "found"),
        [
            (ZIP, b"PK\3\4" + b"x" * 100, "a cut or damaged zip"),
            (JSON, b'[{"a": 1}, {"a"', "a cut JSON document"),
            (JSON, b"<?xml version='1.0'?><Error>no</Error>", "bytes starting with"),
            (CSV, b'{"error": "no such table"}', "bytes starting with"),
            (CSV, b"\xef\xbb\xbf <html>", "an HTML page (without a title)"),
        ],
    )
    def test_other_kinds(
        self, server: Loopback, settings: Settings, held: LandedFile, expect: Expect, body: bytes, found: str
    ) -> None:
        server.answer(HOST, "/data", Answer(body))
        self.refused(settings, found, expect)

    def test_oversize(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        server.answer(HOST, "/data", Answer(BODY))
        self.refused(replace(settings, max_bytes=1000), "or more", cure="TRENDS_MAX_BYTES (now 1000)")

    def test_oversize_by_several_parts(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        new = Answer(gzip.compress(os.urandom(100_000)), etag='"v2"', accept_ranges=True)
        server.answer(HOST, "/data", replace(new, cut_at=60_000))
        self.refused(replace(settings, attempts=1), "after 60000 of 100", kind=NetworkError, cure="mirror")
        server.answer(HOST, "/data", new)
        self.refused(replace(settings, max_bytes=90_000), "or more", cure="TRENDS_MAX_BYTES (now 90000)")

    def test_no_connection(self, settings: Settings, held: LandedFile) -> None:
        dead = replace(settings, mirror="http://127.0.0.1:1")
        self.refused(dead, "refused", kind=NetworkError, cure="TRENDS_MIRROR")

    def test_gone(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        server.answer(HOST, "/data", Answer(status=404))
        self.refused(settings, "status 404 Not Found", cure="update URL in flows/sources/example.py")

    def test_wrong_content(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        def check(path: Path) -> None:
            raise SourceError(ADDRESS, "rows", f"{path.stat().st_size} bytes without", "Look.")

        server.answer(HOST, "/data", Answer(gzip.compress(b"other")))
        before = files(settings)
        with pytest.raises(SourceError, match="bytes without"):
            run(settings, check=check)
        assert files(settings) == before
        assert not list((settings.raw / "example/.partial").glob("*"))


def test_good_files_of_every_kind(server: Loopback, settings: Settings, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    bodies = [
        (PARQUET, parquet(tmp_path)),
        (GZIP, gzip.compress(b"one") + gzip.compress(b"two")),
        (ZIP, packed.getvalue()),
        (JSON, b'\xef\xbb\xbf [{"a": 1}]\n'),
        (CSV, b"a,b\n1,2\n"),
    ]
    for expect, body in bodies:
        server.answer(HOST, "/data", Answer(body))
        assert run(settings, expect=expect).path.read_bytes() == body


class TestProgress:
    GOOD = Answer(BODY, etag='"v1"', accept_ranges=True)

    def test_reset_then_the_rest(self, server: Loopback, settings: Settings) -> None:
        server.answer(HOST, "/data", replace(self.GOOD, cut_at=100_000, after_cut="reset"), self.GOOD)
        assert run(settings).path.read_bytes() == BODY
        assert server.requests[1].headers["Range"] == "bytes=100000-"
        assert server.requests[1].headers["If-Range"] == '"v1"'

    def test_stall_then_the_rest(self, server: Loopback, settings: Settings) -> None:
        server.answer(HOST, "/data", replace(self.GOOD, cut_at=100_000, after_cut="stall"), self.GOOD)
        assert run(settings).path.read_bytes() == BODY
        assert server.requests[1].headers["Range"] == "bytes=100000-"

    def test_two_runs(self, server: Loopback, settings: Settings) -> None:
        slow = replace(self.GOOD, drip_bytes=20_000, drip_seconds=0.05)
        server.answer(HOST, "/data", slow)
        with pytest.raises(NetworkError, match="TRENDS_SOURCE_SECONDS"):
            run(replace(settings, source_seconds=0.25))
        assert files(settings) == {}
        server.answer(HOST, "/data", self.GOOD)
        assert run(settings, LATER).path.read_bytes() == BODY
        assert int(server.requests[-1].headers["Range"].removeprefix("bytes=").removesuffix("-")) >= 40_000

    def test_date_as_validator(self, server: Loopback, settings: Settings) -> None:
        dated = Answer(BODY, last_modified="Sat, 01 Nov 2025 00:00:00 GMT", accept_ranges=True)
        server.answer(HOST, "/data", replace(dated, cut_at=1_00_000), dated)
        assert run(settings).path.read_bytes() == BODY
        assert server.requests[1].headers["If-Range"] == dated.last_modified

    @pytest.mark.parametrize(
        "second",
        [
            Answer(gzip.compress(b"another version"), etag='"v2"', accept_ranges=True),
            Answer(gzip.compress(b"another version")),
        ],
    )
    def test_changed_meanwhile_starts_over(self, server: Loopback, settings: Settings, second: Answer) -> None:
        server.answer(HOST, "/data", replace(self.GOOD, cut_at=100_000), second)
        assert run(settings).path.read_bytes() == second.body

    @pytest.mark.parametrize(
        "lie",
        [
            Answer(BODY[:10], status=206, headers={"Content-Range": f"bytes 0-9/{len(BODY)}"}),
            Answer(BODY[100_000:], status=206, headers={"Content-Range": f"bytes 100000-{len(BODY)}/999999999"}),
            Answer(BODY[100_000:], status=206, etag='"v2"', headers={"Content-Range": "bytes 100000-"}),
            Answer(BODY[100_000:], status=206),
            Answer(status=416),
        ],
    )
    def test_wrong_range_starts_over(self, server: Loopback, settings: Settings, lie: Answer) -> None:
        server.answer(HOST, "/data", replace(self.GOOD, cut_at=100_000), lie, self.GOOD)
        assert run(settings).path.read_bytes() == BODY
        assert ["Range" in request.headers for request in server.requests] == [False, True, False]

    @pytest.mark.parametrize("bad", [{"etag": 'W/"v1"'}, {"etag": None}])
    def test_without_a_strong_validator_starts_over(
        self, server: Loopback, settings: Settings, bad: dict[str, str]
    ) -> None:
        weak = replace(self.GOOD, etag=bad["etag"])
        server.answer(HOST, "/data", replace(weak, cut_at=100_000), weak)
        assert run(settings).path.read_bytes() == BODY
        assert "Range" not in server.requests[1].headers

    def test_encoded_body_is_not_resumed(self, server: Loopback, settings: Settings) -> None:
        body = os.urandom(9000).hex().encode()
        packed = Answer(gzip.compress(body), etag='"v1"', headers={"Content-Encoding": "gzip"}, accept_ranges=True)
        server.answer(HOST, "/data", replace(packed, cut_at=8000), packed)
        assert run(settings, expect=CSV).path.read_bytes() == body
        assert "Range" not in server.requests[1].headers

    def test_damaged_notes_start_over(self, server: Loopback, settings: Settings) -> None:
        server.answer(HOST, "/data", replace(self.GOOD, cut_at=100_000))
        with pytest.raises(NetworkError):
            run(replace(settings, attempts=1))
        (settings.raw / "example/.partial/file.gz.json").write_text("{")
        server.answer(HOST, "/data", self.GOOD)
        assert run(settings).path.read_bytes() == BODY
        assert "Range" not in server.requests[-1].headers


class TestDisk:
    def test_folder_that_cannot_be_written(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        server.answer(HOST, "/data", Answer(gzip.compress(b"new"), etag='"v2"'))
        (settings.raw / "example/.partial").rmdir()
        (settings.raw / "example/.partial").write_text("a file in the way")
        with pytest.raises(LandingError, match=r"\.partial.*expected to keep.*TRENDS_DATA"):
            run(settings)
        assert landed_files(settings, "example") == [held]

    def test_full_disk_keeps_the_progress(
        self, server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.answer(HOST, "/data", Answer(BODY, etag='"v1"', accept_ranges=True))

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("flows.landing.landing.settle", full)
            with pytest.raises(LandingError, match=r"No space left on device.*Free some space"):
                run(settings)
        assert files(settings) == {}
        part = settings.raw / "example/.partial/file.gz.part"
        with part.open("r+b") as file:
            file.truncate(200_000)
        assert run(settings).path.read_bytes() == BODY
        assert server.requests[-1].headers["Range"] == "bytes=200000-"

    @pytest.mark.parametrize("damage", ["", "{}", "[]", '{"source": 1}', "\xff", "[" * 100_000], ids=range(6))
    def test_damaged_card(
        self, settings: Settings, held: LandedFile, damage: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        card = held.path.with_name("file.gz.card.json")
        card.write_text(damage, encoding="latin-1")
        caplog.clear()
        assert landed_files(settings, "example") == []
        assert "file.gz.card.json" in caplog.text
        assert "Delete the card; the next refresh" in caplog.text
        assert run(settings, NOW + timedelta(hours=1)).path.read_bytes() == BODY

    def test_card_with_wrong_types(self, held: LandedFile) -> None:
        card = held.path.with_name("file.gz.card.json")
        for wrong in ({"size": "9"}, {"fetched_at": "2026-11-21T14:15:00"}, {"licence": None}, {"unknown": 1}):
            card.write_text(json.dumps(json.loads(held.card.as_json()) | wrong))
            with pytest.raises(LandingError, match=r"file\.gz\.card\.json"):
                Card.read(card)

    def test_bytes_changed_on_disk(
        self, settings: Settings, held: LandedFile, caplog: pytest.LogCaptureFixture
    ) -> None:
        held.path.write_bytes(b"x" * held.card.size)
        assert landed_files(settings, "example") == []
        assert "file.gz: expected bytes with SHA-256" in caplog.text
        assert run(settings, NOW + timedelta(hours=1)).path.read_bytes() == BODY

    def test_an_older_whole_landing_serves_while_the_newest_is_damaged(
        self, server: Loopback, settings: Settings, held: LandedFile
    ) -> None:
        server.answer(HOST, "/data", Answer(body=gzip.compress(b"newer")))
        newer = run(settings, NOW + timedelta(hours=1))
        assert landed_files(settings, "example") == [newer]
        newer.path.write_bytes(b"x")
        assert landed_files(settings, "example") == [held]

    def test_sweep(self, server: Loopback, settings: Settings, held: LandedFile) -> None:
        folder = settings.raw / "example"
        server.answer(HOST, "/data", replace(TestProgress.GOOD, etag='"v2"', cut_at=100_000))
        with pytest.raises(NetworkError):
            run(replace(settings, attempts=1))
        for name in ("2026-01-01T000000Z/file.gz", "2026-01-02T000000Z/file.gz.card.json", "notes/mine.txt"):
            (folder / name).parent.mkdir()
            (folder / name).write_text("{")
        (folder / "2026-01-03T000000Z").mkdir()
        old = folder / ".partial/old.part"
        old.write_text("x")
        eight_days_ago = (datetime.now(UTC) - timedelta(days=8)).timestamp()
        os.utime(old, (eight_days_ago, eight_days_ago))
        (folder / ".partial/file.gz.card.tmp").write_text("x")
        with Web(settings) as web:
            open_landing(settings, web, datetime.now(UTC)).sweep()
            assert open_landing(settings, web, datetime.now(UTC)).sweep() == []
        left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        assert left == [
            ".partial/file.gz.json",
            ".partial/file.gz.part",
            "2026-11-20T141500Z/file.gz",
            "2026-11-20T141500Z/file.gz.card.json",
            "notes/mine.txt",
        ]
        assert sorted(path.name for path in folder.iterdir()) == [".partial", "2026-11-20T141500Z", "notes"]

    def test_empty_place(self, settings: Settings) -> None:
        assert landed_files(settings, "example") == []
        with Web(settings) as web:
            landing = open_landing(settings, web)
            assert (landing.held("file.gz"), landing.sweep()) == (None, [])


class TestImports:
    """Files that the operator gives."""

    def take(self, settings: Settings, file: Path, now: datetime = NOW, **details: str) -> LandedFile:
        with Web(settings, source="example") as web:
            return open_landing(settings, web, now).take_in(file, name="given.csv", expect=CSV, details=details)

    def test_a_given_file_is_copied_with_its_card(self, settings: Settings, tmp_path: Path) -> None:
        given = tmp_path / "mine.csv"
        given.write_text("a,b\n1,2\n")
        landed = self.take(settings, given, geo="DE")
        assert landed.path.read_text() == given.read_text() == "a,b\n1,2\n"
        assert (landed.card.kind, landed.card.address, landed.card.details) == ("import", "mine.csv", {"geo": "DE"})
        assert landed_files(settings, "example") == [landed]

    def test_the_same_file_is_not_stored_twice_but_new_details_count(self, settings: Settings, tmp_path: Path) -> None:
        given = tmp_path / "mine.csv"
        given.write_text("a,b\n1,2\n")
        first = self.take(settings, given, geo="DE")
        assert self.take(settings, given, NOW + timedelta(hours=1), geo="DE") == first
        second = self.take(settings, given, NOW + timedelta(hours=2), geo="FR")
        assert landed_files(settings, "example") == [second]

    @pytest.mark.parametrize(
        ("text", "found"),
        [("", "an empty body"), ("<html><title>Sign in</title>", "an HTML page"), (None, "No such file")],
    )
    def test_a_wrong_file_is_refused(self, settings: Settings, tmp_path: Path, text: str | None, found: str) -> None:
        given = tmp_path / "mine.csv"
        if text is not None:
            given.write_text(text)
        with pytest.raises(SourceError, match=rf"mine\.csv: expected a CSV file, found {found}"):
            self.take(settings, given)
        assert landed_files(settings, "example") == []
