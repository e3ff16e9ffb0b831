"""A bundle: what one machine pulled, another uses, as far as licences allow; what is damaged or foreign is refused."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.command import cli
from flows.errors import ReleaseError, SourceError
from flows.landing.bundled import TABLES
from flows.landing.cards import Card, FileCheck, card_path, landed_files, sha256_of
from flows.landing.status import SourceCheck, Status
from flows.refresh import steps
from flows.release import bundle, exports
from flows.release.inputs import read_inputs
from flows.settings import Settings
from tests.flows.refresh.test_upgrade import copied, unpacked  # noqa: F401
from tests.sql.support import stored

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
LANDED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Release = Callable[..., Settings]


def land(data: Path, source: str, name: str, body: bytes, kind: str = "download") -> tuple[Any, ...]:
    """A landed file with its card; returns its row of staging.refresh__landings."""
    path = data / "raw" / source / "2026-11-21T120000Z" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    address = f"https://{source}.example/{name}"
    card = Card(
        source,
        name,
        address,
        address,
        LANDED,
        sha256_of(path),
        len(body),
        '"tag"',
        None,
        "CC0",
        source,
        kind,
        {"a": "b"},
    )
    card_path(path).write_text(card.as_json())
    return ("/".join(path.parts[-3:]), source, "live", LANDED.replace(tzinfo=None), address, card.sha256, card.size)


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Publish a small warehouse that was made from these landed files, with a figure of each."""

    def publish(*landed: tuple[Any, ...]) -> Settings:
        settings = Settings(data=tmp_path / "here")
        folder = settings.data / "releases" / "2026-11-21T120000Z"
        folder.mkdir(parents=True)
        settings.current.symlink_to(Path("releases") / folder.name)
        with stored(folder / "warehouse.duckdb") as con:
            con.execute("create schema staging; create schema intermediate; create schema marts")
            con.execute(
                "create table staging.refresh__landings (source_file varchar, source varchar, origin varchar, "
                "retrieved_at timestamp, address varchar, sha256 varchar, size_bytes bigint)"
            )
            columns = ", ".join(f"{name} {kind}" for name, kind in TABLES["bundle_observations"].items())
            con.execute(f"create table intermediate.all_observations ({columns})")
            for table in ("rejected_records", "search_interest"):
                typed = ", ".join(f"{name} {kind}" for name, kind in TABLES[f"bundle_{table}"].items())
                con.execute(f"create table marts.{table} ({typed})")
            for row in landed:
                con.execute("insert into staging.refresh__landings values (?, ?, ?, ?, ?, ?, ?)", row)
                figure = (row[1], "x", "all", "month", "2024-01-01", "jax", 5.0, None, "stars", "full", None, row[0])
                con.execute(f"insert into intermediate.all_observations values ({', '.join('?' * 12)})", figure)
                con.execute("insert into marts.rejected_records values (?, ?, 'no id', 2, 9)", (row[1], row[0]))
        return settings

    return publish


@pytest.fixture
def there(tmp_path: Path) -> Settings:
    """Another machine with nothing on it."""
    return Settings(data=tmp_path / "there")


def listed(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as packed:
        return dict(json.loads(packed.read("bundle.json")))


def test_a_licence_decides_what_travels(release, there, tmp_path, monkeypatch):
    rules = {
        "openalex_citations": ("yes", "CC0"),
        "github_stars": ("figures only", "facts"),
        "conda_downloads": ("no", "x"),
    }
    monkeypatch.setattr(bundle, "redistribution", lambda _: rules)
    data, file = tmp_path / "here", tmp_path / "a.bundle"
    settings = release(
        land(data, "openalex_citations", "work.json", b"{}"),
        land(data, "github_stars", "answers-2026-11.jsonl.gz", b"stars, as received"),
        land(data, "conda_downloads", "2026-10.parquet", b"PAR1"),
        land(data, "hn_hiring", "thread.json", b"words of people"),
    )
    said = bundle.write(settings, file, NOW)
    found = listed(file)
    assert sorted(found["members"]) == [
        "figures/github_stars.bundle_observations.parquet",
        "figures/github_stars.bundle_rejected_records.parquet",
        "raw/openalex_citations/2026-11-21T120000Z/work.json",
    ]
    unruled = "no row in data/reference/redistribution.csv says that it may"
    assert found["left_out"] == {"conda_downloads": "x", "hn_hiring": unruled}
    assert "left out: conda_downloads: x" in said
    assert b"as received" not in file.read_bytes()
    assert b"words of people" not in file.read_bytes()
    # Time, address and hash of the file that stayed travel with its figures.
    origin = found["figures"]["figures/github_stars.bundle_observations.parquet"]["made_from"]
    assert origin == [
        {
            "source_file": "github_stars/2026-11-21T120000Z/answers-2026-11.jsonl.gz",
            "source": "github_stars",
            "fetched_at": "2026-11-21T12:00:00+00:00",
            "address": "https://github_stars.example/answers-2026-11.jsonl.gz",
            "sha256": hashlib.sha256(b"stars, as received").hexdigest(),
            "size": 18,
        }
    ]
    assert "not in it: conda_downloads: x" in bundle.read(there, file)
    [landed] = landed_files(there, "openalex_citations")
    assert (landed.card.kind, landed.card.fetched_at, landed.card.details) == ("bundle", LANDED, {"a": "b"})
    assert landed.path.read_bytes() == b"{}"
    assert [one.card.name for one in landed_files(there, "bundle")] == [
        "github_stars.bundle_observations.parquet",
        "github_stars.bundle_rejected_records.parquet",
    ]


def test_a_file_that_the_operator_gave_never_leaves(release, tmp_path):
    data, file = tmp_path / "here", tmp_path / "a.bundle"
    settings = release(
        land(data, "stack_overflow_survey", "2023.zip", b"pulled"),
        land(data, "stack_overflow_survey", "2024.zip", b"given by me", kind="import"),
        land(data, "google_trends", "pulled.json", b"{}"),
        land(data, "google_trends", "my-export.csv", b"my own export", kind="import"),
    )
    bundle.write(settings, file, NOW)
    found = listed(file)
    assert list(found["members"]) == ["raw/stack_overflow_survey/2026-11-21T120000Z/2023.zip"]
    assert found["left_out"] == {
        "google_trends": "figures that files given on that machine may have gone into",
        "stack_overflow_survey/2026-11-21T120000Z/2024.zip": "a file given on that machine stays there",
    }
    assert b"given by me" not in file.read_bytes()
    assert b"my own export" not in file.read_bytes()


def test_a_second_reading_adds_nothing_and_our_own_answers_stay(release, there, tmp_path):
    data, file = tmp_path / "here", tmp_path / "a.bundle"
    settings = release(
        land(data, "stack_overflow_questions", "answers-2026-11.jsonl.gz", b"theirs"),
        land(data, "openalex_citations", "work.json", b"{}"),
    )
    bundle.write(settings, file, NOW)
    land(there.data, "stack_overflow_questions", "answers-2026-11.jsonl.gz", b"ours")
    assert "kept our own: stack_overflow_questions/2026-11-21T120000Z/answers-2026-11.jsonl.gz" in bundle.read(
        there, file
    )
    before = sorted(there.raw.rglob("*.*"))
    bundle.read(there, file)
    assert sorted(there.raw.rglob("*.*")) == before
    [answers] = landed_files(there, "stack_overflow_questions")
    assert answers.path.read_bytes() == b"ours"


def test_what_was_read_is_imported_until_its_source_says_that_we_hold_it(release, there, tmp_path):
    file = tmp_path / "a.bundle"
    bundle.write(release(land(tmp_path / "here", "openalex_citations", "work.json", b"{}")), file, NOW)
    bundle.read(there, file)
    [landed] = landed_files(there, "openalex_citations")
    inputs = read_inputs(there, NOW)
    assert inputs.origin(landed) == "imported"
    known = FileCheck(NOW, '"tag"', None, "unchanged", landed.card.address, landed.card.sha256)
    check = SourceCheck(NOW, NOW, "unchanged", files={"work.json": known})
    assert replace(inputs, status=Status({"openalex_citations": check})).origin(landed) == "live"
    of_another = replace(check, files={"work.json": replace(known, sha256="0" * 64)})
    assert replace(inputs, status=Status({"openalex_citations": of_another})).origin(landed) == "imported"


Change = Callable[[dict[str, bytes], dict[str, Any]], None]
LANDING = "raw/openalex_citations/2026-11-21T120000Z/work.json"
FIGURES = "figures/github_stars.bundle_observations.parquet"


def repacked(file: Path, change: Change) -> None:
    """Write the bundle again with other members or another list; hashes and sizes in the list are made to fit."""
    with zipfile.ZipFile(file) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    words = json.loads(members.pop("bundle.json"))
    change(members, words)
    with zipfile.ZipFile(file, "w") as packed:
        for name, body in members.items():
            packed.writestr(name, body)
        if words:
            packed.writestr("bundle.json", json.dumps(words))


def fitted(words: dict[str, Any], member: str, body: bytes) -> None:
    words["members"][member] = {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def renamed(member: str, **card: str) -> Change:
    """The same landing under another place or card."""

    def change(members: dict[str, bytes], words: dict[str, Any]) -> None:
        members[member] = members.pop(LANDING)
        words["members"][member] = words["members"].pop(LANDING)
        words["landings"] = {member: words["landings"].pop(LANDING) | card}

    return change


def other_bytes(members: dict[str, bytes], _: dict[str, Any]) -> None:
    members[LANDING] = b"[]"


def other_bytes_and_list(members: dict[str, bytes], words: dict[str, Any]) -> None:
    members[LANDING] = b"[]"
    fitted(words, LANDING, b"[]")


def figures(query: str) -> Change:
    """Other rows in place of the figures."""

    def change(members: dict[str, bytes], words: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
            path = Path(folder) / "figures.parquet"
            con.execute(f"copy ({query}) to '{path}' (format parquet)")
            members[FIGURES] = path.read_bytes()
        fitted(words, FIGURES, members[FIGURES])

    return change


ROW = (
    "select 'github_stars' as source, 'x' as series, 'all' as population, 'month' as grain, "
    "date '2024-01-01' as period_start, 'jax' as framework, 5.0::double as value, null::bigint as base, "
    "'stars' as unit, 'full' as quality, null::varchar as reference, "
    "'bundle/github_stars/2026-11-21T120000Z/answers-2026-11.jsonl.gz' as source_file"
)
DAMAGE: Mapping[str, tuple[Change, str]] = {
    "a member with other bytes": (other_bytes, "with other bytes than were packed"),
    "a card of other bytes": (other_bytes_and_list, "with a card that is not its own"),
    "a member more": (lambda members, _: members.update({"raw/x": b"x"}), "other members than it lists"),
    "a member less": (lambda members, _: members.pop(LANDING) and None, "other members than it lists"),
    "no list": (lambda _, words: words.clear(), "no bundle.json in it"),
    "another form": (lambda _, words: words.update(form="bundle 99"), "ValueError: the form 'bundle 99'"),
    "a list without cards": (lambda _, words: words.update(landings={}), "members that no card speaks of"),
    "a card without a hash": (lambda _, words: words["landings"][LANDING].pop("sha256") and None, "TypeError"),
    "a place above": (renamed("raw/../../escape/work.json"), "no place of a landed file"),
    "a place of another source": (
        renamed("raw/conda_downloads/2026-11-21T120000Z/work.json"),
        "no place of a landed file",
    ),
    "a source that we do not know": (
        renamed("raw/elsewhere/2026-11-21T120000Z/work.json", source="elsewhere"),
        "files of elsewhere, which may not be passed on",
    ),
    "a source whose files stay": (
        renamed("raw/hn_hiring/2026-11-21T120000Z/work.json", source="hn_hiring"),
        "files of hn_hiring, which may not be passed on",
    ),
    "a file that somebody gave": (renamed(LANDING, kind="import"), "with a card that is not its own"),
    "figures that are none": (figures("select 1 as one"), "with other columns, sources or files than it lists"),
    "figures of another source": (
        figures(ROW.replace("'github_stars' as", "'kaggle_survey' as")),
        "with other columns, sources or files than it lists",
    ),
    "figures of an unnamed file": (
        figures(ROW.replace("answers-2026-11", "answers-2026-12")),
        "with other columns, sources or files than it lists",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_damaged_or_foreign_is_refused_whole(release, there, tmp_path, name):
    change, words = DAMAGE[name]
    data, file = tmp_path / "here", tmp_path / "a.bundle"
    settings = release(
        land(data, "openalex_citations", "work.json", b"{}"),
        land(data, "github_stars", "answers-2026-11.jsonl.gz", b"stars"),
    )
    bundle.write(settings, file, NOW)
    repacked(file, change)
    with pytest.raises(SourceError) as caught:
        bundle.read(there, file)
    assert words in str(caught.value)
    assert "Nothing was landed" in str(caught.value)
    assert str(file) in str(caught.value)
    assert not list(there.data.rglob("*.*"))
    assert not (tmp_path / "escape").exists()


@pytest.mark.parametrize("body", [b"", b"<html>404</html>", b"PK\x03\x04 cut off", None])
def test_a_file_that_is_no_bundle_is_refused(there, tmp_path, body):
    file = tmp_path / "a.bundle"
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(SourceError, match="a bundle that `trends bundle write` made"):
        bundle.read(there, file)


def test_every_cut_and_every_flipped_byte_is_refused(release, there, tmp_path):
    file = tmp_path / "a.bundle"
    bundle.write(release(land(tmp_path / "here", "openalex_citations", "work.json", b'{"a": 1}')), file, NOW)
    whole = file.read_bytes()
    for end in range(0, len(whole), 97):
        file.write_bytes(whole[:end])
        with pytest.raises(SourceError):
            bundle.read(there, file)
    place = whole.index(b'{"a": 1}')
    for at in range(place, place + 8):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(SourceError):
            bundle.read(there, file)
    assert not list(there.data.rglob("*.*"))


def test_a_landing_that_was_damaged_here_is_not_packed(release, tmp_path):
    data, file = tmp_path / "here", tmp_path / "a.bundle"
    settings = release(land(data, "openalex_citations", "work.json", b"{}"))
    (data / LANDING).write_bytes(b"[]")
    file.write_bytes(b"the bundle of yesterday")
    with pytest.raises(Exception, match="expected bytes with SHA-256"):
        bundle.write(settings, file, NOW)
    assert file.read_bytes() == b"the bundle of yesterday"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.bundle"]


def test_without_a_release_there_is_nothing_to_pack(there, tmp_path):
    with pytest.raises(ReleaseError, match="there is no release yet that could be packed"):
        bundle.write(there, tmp_path / "a.bundle", NOW)


WITHOUT = {"origin", "retrieved_at", "last_success_at", "state", "message", "source_file"}
SAME = """
select (select count(*) from (select {columns} from {one}.{table} except all select {columns} from {other}.{table}))
"""


def different(one: Settings, other: Settings) -> dict[str, int]:
    """Rows by table of marts and pages that differ, but for origin and dates."""
    with closing(duckdb.connect()) as con:
        for name, settings in (("one", one), ("other", other)):
            con.execute(f"attach '{settings.current / 'warehouse.duckdb'}' as {name} (read_only)")
        listed = con.execute(
            "select schema_name || '.' || table_name, "
            "string_agg('\"' || column_name || '\"', ', ' order by column_index) "
            "from duckdb_columns() where database_name = 'one' and schema_name in ('marts', 'pages') "
            f"and column_name not in ({', '.join(map(repr, WITHOUT))}) group by all"
        ).fetchall()
        assert len(listed) > 25
        found = {
            table: sum(
                con.execute(SAME.format(columns=columns, table=table, one=a, other=b)).fetchall()[0][0]
                for a, b in (("one", "other"), ("other", "one"))
            )
            for table, columns in listed
        }
    return {table: count for table, count in found.items() if count}


@pytest.mark.slow
def test_an_empty_clone_gives_the_same_shares_marts_and_pages(unpacked, tmp_path, monkeypatch, capsys):  # noqa: F811
    here = copied(unpacked, tmp_path / "here", monkeypatch)
    # The made landings are smaller than what the sources are known to have.
    here, there = (replace(one, expect_sizes=False) for one in (here, Settings(data=tmp_path / "there")))
    file = tmp_path / "a.bundle"
    steps.build(here, NOW, force=True)
    for data, way in ((here.data, "write"), (there.data, "read")):
        monkeypatch.setenv("TRENDS_DATA", str(data))
        assert cli.main(["bundle", way, str(file)]) == 0
    assert "26 files of 5 sources and figures of 6 others" in capsys.readouterr().out
    steps.build(there, NOW, force=True)
    # What changed since the previous release is not the other machine's to tell; its choices and its frameworks name
    # the origins they show.
    allowed = {"marts.changes", "marts.change_log", "pages.choices", "pages.frameworks"}
    assert set(different(here, there)) <= allowed
    with closing(duckdb.connect(str(there.current / "warehouse.duckdb"), read_only=True)) as con:
        origins = con.execute("select distinct origin from marts.framework_shares order by 1").fetchall()
        stars = con.execute(
            "select distinct sha256, retrieved_at from staging.refresh__landings where source = 'github_stars'"
        ).fetchall()
    assert origins == [("imported",), ("reference",)]
    with closing(duckdb.connect(str(here.current / "warehouse.duckdb"), read_only=True)) as con:
        assert (
            stars
            == con.execute(
                "select distinct sha256, retrieved_at from staging.refresh__landings where source = 'github_stars'"
            ).fetchall()
        )
    # And on it goes: a bundle of what was read is a bundle of the same.
    steps.build(there, NOW, force=True)
    monkeypatch.setattr(exports, "write", lambda *_: None)
    again = tmp_path / "b.bundle"
    bundle.write(there, again, NOW)
    assert listed(again)["members"].keys() == listed(file)["members"].keys()
