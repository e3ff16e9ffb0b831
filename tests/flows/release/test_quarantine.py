"""A landing that cannot be right beside what is published is held back, until the operator accepts it."""

import json
import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.command.cli import main
from flows.errors import SourceError, WarehouseError
from flows.landing.status import read_status
from flows.refresh import making, report, steps
from flows.refresh.health import health, troubles
from flows.release import quarantine as gates
from flows.release import releases
from flows.release.inputs import read_inputs
from flows.settings import PROJECT, Settings
from flows.sources import papers_with_code
from tests.loopback import Answer, Loopback
from tests.sql.support import stored

HOST = "huggingface.co"
LINKS = "/datasets/pwc-archive/links-between-paper-and-code/resolve/main/data/train-00000-of-00001.parquet"
SHARED = PROJECT.parent / "shared"
RECORDS = SHARED / "data/papers_with_code/links-between-papers-and-code.first92.json"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROWS = tuple[tuple[Any, ...], ...]

MONTHS = ((2021, 1), (2021, 2), (2021, 3))
COLUMNS = (
    "source varchar, series varchar, population varchar, grain varchar, period_start date, framework varchar, "
    "value double, base bigint, share_pct double, share_low_pct double, origin varchar"
)


def warehouse(
    path: Path, shares: dict[str, tuple[int, int, int]], rows: int = 12, origin: str = "live", other_rows: int = 0
) -> Path:
    """A small warehouse: for each month the links with pytorch, with tf and all, and so many raw rows by file."""
    with stored(path) as con:
        con.execute("create schema raw; create schema marts")
        con.execute("create table raw.refresh_landings (source_file varchar)")
        con.execute("insert into raw.refresh_landings values ('papers_with_code/2026-01-01T000000Z/links.parquet')")
        con.execute(
            "create table raw.papers_with_code_links as "
            # Tables of records may have columns of any name.
            f"select 'papers_with_code/a/other.parquet' as _source_file, '' as name from range({other_rows}) "
            f"union all select 'papers_with_code/{path.stem}/links.parquet', '' from range({rows})"
        )
        con.execute(f"create table marts.framework_shares ({COLUMNS})")
        for month, (pytorch, tf, base) in shares.items():
            for framework, value in (("pytorch", pytorch), ("tf", tf)):
                con.execute(
                    "insert into marts.framework_shares values ('papers_with_code', 'links_all', 'all', 'month', "
                    f"'{month}', '{framework}', {value}, {base}, 100 * {value} / {base}, 0, '{origin}')"
                )
    return path


def compared(tmp_path: Path, before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """What the gates say of a landing that turns one warehouse into another."""
    settings = Settings(data=tmp_path / "data")
    folder = settings.data / "releases" / "2026-01-01T000000Z"
    folder.mkdir(parents=True)
    warehouse(folder / "warehouse.duckdb", **before)
    settings.current.symlink_to(folder)
    place = settings.raw / "papers_with_code" / "2026-02-01T000000Z" / "links.parquet"
    place.parent.mkdir(parents=True)
    inputs = read_inputs(settings, NOW)
    inputs.landed["papers_with_code"] = [_Landed(place)]  # type: ignore[list-item]  # only its place is looked at
    return gates.doubtful(inputs, warehouse(tmp_path / "new.duckdb", **after))


class _Landed:
    def __init__(self, path: Path) -> None:
        self.source_file = "/".join(path.parts[-3:])


HELD = {"2021-01-01": (50, 40, 100), "2021-02-01": (55, 35, 100), "2021-03-01": (500, 400, 1000)}


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ({"shares": HELD, "rows": 6}, "raw.papers_with_code_links has 6 rows, the previous release had 12"),
        ({"shares": HELD, "rows": 0}, "raw.papers_with_code_links has 0 rows, the previous release had 12"),
        (
            {"shares": {month: HELD[month] for month in ("2021-01-01", "2021-03-01")}},
            "periods have vanished: 1 in links_all, among them 2021-02-01 of links_all by month",
        ),
        ({"shares": {month: HELD[month] for month in ("2021-01-01", "2021-02-01")}}, "among them 2021-03-01"),
        ({"shares": {}}, "periods have vanished: 3 in links_all"),
        (
            {"shares": HELD | {"2021-03-01": (300, 600, 1000)}},
            "2, among them pytorch in links_all (all), 2021-03-01 from",
        ),
    ],
)
def test_what_is_held_back(tmp_path: Path, after: dict[str, Any], reason: str) -> None:
    said = compared(tmp_path, {"shares": HELD}, after)["papers_with_code"]
    assert reason in said.replace("tf in links_all", "pytorch in links_all")
    for words in ("The one before it stays in use", "data/raw/papers_with_code", "trends accept papers_with_code"):
        assert words in said


@pytest.mark.parametrize(
    "after",
    [
        {"shares": HELD},
        {"shares": HELD | {"2021-04-01": (10, 90, 100)}, "rows": 16},  # a new period says what it likes
        {"shares": {month: HELD[month] for month in ("2021-02-01", "2021-03-01")}},  # the oldest left the window
        {"shares": HELD | {"2021-01-01": (56, 36, 100)}},  # six points, but the base is small
        {"shares": HELD | {"2021-03-01": (540, 360, 1000)}},  # many, but less than five points
        {"shares": HELD, "rows": 9},
    ],
)
def test_what_passes(tmp_path: Path, after: dict[str, Any]) -> None:
    assert compared(tmp_path, {"shares": HELD}, after) == {}


def test_one_file_of_many_with_half_its_rows_is_held_back(tmp_path: Path) -> None:
    before = {"shares": HELD, "rows": 12, "other_rows": 100}
    said = compared(tmp_path, before, before | {"rows": 7})["papers_with_code"]
    assert "links.parquet has 7 rows in raw.papers_with_code_links, the file before had 12 (1 such)" in said


@pytest.mark.parametrize(("rows", "left"), [(12, 8), (11, 1)], ids=["two thirds are left", "too few to compare"])
def test_one_file_of_many_may_lose_some_rows(tmp_path: Path, rows: int, left: int) -> None:
    before = {"shares": HELD, "rows": rows, "other_rows": 100}
    assert compared(tmp_path, before, before | {"rows": left}) == {}


def test_figures_of_the_reference_tables_are_no_measure(tmp_path: Path) -> None:
    assert compared(tmp_path, {"shares": HELD, "origin": "reference"}, {"shares": {}}) == {}


def first(tmp_path: Path, rows: int, embedded: tuple[int, int] | None = None, *, expect: bool = True) -> str:
    """What is said of a very first landing of so many links, with value and base embedded for February 2021."""
    settings = Settings(data=tmp_path / "data", expect_sizes=expect)
    settings.data.mkdir()
    inputs = read_inputs(settings, NOW)
    inputs.landed["papers_with_code"] = [_Landed(settings.raw / "papers_with_code/2026/links.parquet")]  # type: ignore
    made = warehouse(tmp_path / "new.duckdb", HELD, rows=rows)
    with stored(made) as con:
        con.execute("create schema intermediate; create table raw.papers_with_code_papers (paper_url varchar)")
        con.execute(f"create table intermediate.reference_observations ({COLUMNS}, quality varchar)")
        if embedded:
            con.execute(
                "insert into intermediate.reference_observations values ('papers_with_code', 'links_all', 'all', "
                f"'month', '2021-02-01', 'pytorch', {embedded[0]}, {embedded[1]}, null, null, 'reference', 'full')"
            )
    return gates.doubtful(inputs, made).get("papers_with_code", "")


def test_a_first_landing_is_held_against_the_known_size(tmp_path: Path) -> None:
    said = first(tmp_path, rows=60)
    assert "raw.papers_with_code_links has 60 rows, the source is known to have 300,161" in said
    assert "trends accept papers_with_code" in said


def test_a_subset_passes_where_no_size_is_expected(tmp_path: Path) -> None:
    assert first(tmp_path, rows=60, expect=False) == ""


@pytest.mark.parametrize(
    ("embedded", "words"),
    [
        ((56, 101), ""),
        ((550, 1000), "55.0 percent of 100 where 55.0 percent of 1,000 are known"),
        ((5, 100), "55.0 percent of 100 where 5.0 percent of 100 are known"),
    ],
)
def test_a_first_landing_is_held_against_the_embedded_figures(
    tmp_path: Path, embedded: tuple[int, int], words: str
) -> None:
    said = first(tmp_path, rows=300_161, embedded=embedded)
    assert words in said
    assert bool(said) is bool(words)


@pytest.mark.parametrize(
    ("after", "broken", "is_told"),
    [
        ({"2026-11-01": 88_950}, None, False),
        ({"2026-11-01": 85_000}, None, False),
        ({"2026-11-01": 84_000}, None, True),  # more than the twentieth that was taken back at most
        ({"2026-11-01": 31}, None, True),
        ({"2026-11-01": 88_950, "2026-12-01": 0}, None, True),
        ({"2026-11-01": 88_950, "2026-12-01": 31}, "2026-12-05", False),
        ({"2026-11-01": 88_950, "2026-12-01": 31}, "2019-12-05", True),
    ],
)
def test_what_accumulates_does_not_fall(after: dict[str, int], broken: str | None, is_told: bool) -> None:
    """A fork took the old name of a repository: stars went from 88,950 to 31."""
    with closing(duckdb.connect()) as con:
        for name, stars in (("before", {"2026-10-01": 88_000, "2026-11-01": 88_950}), ("after", after)):
            con.execute(f"attach ':memory:' as {name}; create schema {name}.marts; create schema {name}.staging")
            con.execute(f"create table {name}.marts.framework_shares ({COLUMNS})")
            for month, count in stars.items():
                con.execute(
                    f"insert into {name}.marts.framework_shares values ('github_stars', 'stars_month_end', "
                    f"'repositories', 'month', '{month}', 'pytorch', {count}, null, null, null, 'live')"
                )
            con.execute(
                f"create table {name}.staging.reference__series as select 'github_stars' as source, "
                "'stars_month_end' as series, 'repositories' as population, true as is_stock"
            )
            con.execute(
                f"create table {name}.staging.reference__events as select 'github_stars' as source, "
                f"null::varchar as series, 'pytorch' as framework, {broken!r}::date as event_date, true as is_break"
                if broken
                else f"create table {name}.staging.reference__events as select '' as source, '' as series, "
                "'' as framework, null::date as event_date, true as is_break"
            )
        found = con.execute((PROJECT / "sql" / "gates" / "falls.sql").read_text()).fetchall()
    assert [source for source, _ in found] == ["github_stars"] * is_told
    if is_told:
        assert "pytorch in stars_month_end" in found[0][1]


def as_parquet(tmp_path: Path, rows: list[dict[str, Any]], select: str = "*") -> Answer:
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    with duckdb.connect() as con:
        read = f"read_json('{tmp_path / 'rows.json'}', format = 'array')"
        con.execute(f"copy (select {select} from {read}) to '{tmp_path / 'rows.parquet'}' (format parquet)")
    return Answer((tmp_path / "rows.parquet").read_bytes())


@pytest.fixture
def plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are not what these tests are about."""
    monkeypatch.setattr(
        making, "render", lambda _, folder, release: (folder / "site/index.html").write_text(str(release))
    )


@pytest.mark.skipif(not RECORDS.exists() and not os.environ.get("CI"), reason="needs the recorded records")
@pytest.mark.slow
def test_real_records_cut_down_are_held_back_until_accepted(
    server: Loopback,
    settings: Settings,
    tmp_path: Path,
    plain_pages: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = json.loads(RECORDS.read_text())
    server.answer(HOST, LINKS, as_parquet(tmp_path, rows))
    first = steps.refresh(settings, [papers_with_code], NOW).built
    assert first.is_new

    server.answer(HOST, LINKS, as_parquet(tmp_path, rows[: len(rows) // 2]))
    second = steps.refresh(settings, [papers_with_code], NOW + timedelta(hours=1))
    assert not second.built.is_new
    assert releases.current(settings) == first.release
    assert second.checks["papers_with_code"].outcome == "downloaded"
    (reason,) = report.held_back(settings)
    assert "raw.papers_with_code_links has 46 rows, the previous release had 92" in reason
    found = health(settings, NOW)
    assert reason in report.status(settings, found, troubles(settings, found))

    third = steps.refresh(settings, [papers_with_code], NOW + timedelta(hours=2))
    assert not third.built.is_new, "the same landing is not tried again"

    for name, value in (("DATA", settings.data), ("MIRROR", settings.mirror), ("EXPECT_SIZES", 0)):
        monkeypatch.setenv(f"TRENDS_{name}", str(value))
    assert main(["accept", "papers_with_code"]) == 0
    assert "published" in capsys.readouterr().out
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        assert con.execute("select count(*) from raw.papers_with_code_links").fetchall() == [(46,)]
    assert report.held_back(settings) == []
    assert main(["accept", "papers_with_code"]) == 1
    assert "expected a source with a landing in quarantine, found none; waiting: none" in capsys.readouterr().err


@pytest.mark.slow
def test_a_landing_that_cannot_be_loaded_is_held_back_and_superseded_by_a_good_one(
    server: Loopback, settings: Settings, tmp_path: Path, plain_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [link(number) for number in range(1, 9)]
    server.answer(HOST, LINKS, as_parquet(tmp_path, rows))
    first = steps.refresh(settings, [papers_with_code], NOW).built
    passes_every_check(monkeypatch)
    bad = as_parquet(tmp_path, rows, "* replace ('perhaps' as is_official)")
    server.answer(HOST, LINKS, bad)
    second = steps.refresh(settings, [papers_with_code], NOW + timedelta(hours=1)).built
    assert releases.current(settings) == first.release
    assert not second.is_new
    (reason,) = report.held_back(settings)
    assert "papers_with_code that flows/sources/papers_with_code.py can load" in reason
    server.answer(HOST, LINKS, as_parquet(tmp_path, [*rows, link(9)]))
    third = steps.refresh(settings, [papers_with_code], NOW + timedelta(hours=2)).built
    assert third.is_new
    assert read_status(settings).quarantined == {}


@pytest.mark.slow
def test_the_very_first_landing_that_cannot_be_loaded_leaves_the_reference_tables(
    server: Loopback, settings: Settings, tmp_path: Path, plain_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes_every_check(monkeypatch)
    server.answer(HOST, LINKS, as_parquet(tmp_path, [link(1)], "* replace ('perhaps' as is_official)"))
    built = steps.refresh(settings, [papers_with_code], NOW).built
    assert built.is_new
    origins = {source: origin for source, origin, *_ in built.release.told["figures"]}
    assert origins["papers_with_code"] == "reference"
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        (message,) = con.execute(
            "select message from marts.source_status where source = 'papers_with_code'"
        ).fetchall()[0]
    assert "is held back" in message


def passes_every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file land that cannot be loaded, as a check that overlooks something would."""
    monkeypatch.setattr(papers_with_code, "_check", lambda *_: lambda _: None)


def link(number: int) -> dict[str, Any]:
    return {
        "paper_url": f"https://paperswithcode.com/paper/paper-{number}",
        "paper_title": f"Title {number}",
        "paper_arxiv_id": f"2106.0000{number}",
        "paper_url_abs": "http://arxiv.org/abs/1",
        "paper_url_pdf": "http://arxiv.org/pdf/1",
        "repo_url": f"https://github.com/owner/name-{number}",
        "is_official": True,
        "mentioned_in_paper": True,
        "mentioned_in_github": False,
        "framework": "pytorch",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("bytes", "this release is damaged and the only one"),
        ("older version", "The current release cannot be compared with"),
    ],
)
def test_a_current_release_that_cannot_be_compared_does_not_block_the_next(
    server: Loopback,
    settings: Settings,
    tmp_path: Path,
    plain_pages: None,
    caplog: pytest.LogCaptureFixture,
    damage: str,
    words: str,
) -> None:
    server.answer(HOST, LINKS, as_parquet(tmp_path, [link(1)]))
    steps.refresh(settings, [papers_with_code], NOW)
    path = settings.current.resolve() / "warehouse.duckdb"
    path.unlink()
    if damage == "bytes":
        path.write_bytes(b"no database" * 1000)
    else:
        duckdb.connect(str(path)).close()
    server.answer(HOST, LINKS, as_parquet(tmp_path, [link(1), link(2)]))
    assert steps.refresh(settings, [papers_with_code], NOW + timedelta(hours=1)).built.is_new
    assert words in caplog.text


@pytest.mark.parametrize(
    "words", ["Could not write file x: No space left on device", "Failed to commit: Could not write"]
)
def test_a_full_disk_blames_no_landing(
    server: Loopback,
    settings: Settings,
    tmp_path: Path,
    plain_pages: None,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
) -> None:
    def full(*_: Any) -> None:
        try:
            raise duckdb.TransactionException(words)
        except duckdb.Error as error:
            raise SourceError("links.parquet", "a file that DuckDB can read", "trouble", "Delete it.") from error

    server.answer(HOST, LINKS, as_parquet(tmp_path, [link(1)]))
    monkeypatch.setattr(papers_with_code, "load", full)
    with pytest.raises(WarehouseError, match=f"{words}.*Check disk space"):
        steps.refresh(settings, [papers_with_code], NOW)
    assert read_status(settings).quarantined == {}


def test_the_time_limit_holds_when_other_connections_are_closed() -> None:
    from flows.warehouse.build import limited

    with duckdb.connect() as con:
        closed = con.cursor()
        closed.close()
        with pytest.raises(WarehouseError, match="expected to be built within"), limited([closed, con], 0.2):
            con.execute("select count(*) from range(40000) as a (x), range(40000) as b (y) where x * y % 7 = 3")


def test_a_build_that_takes_too_long_is_stopped_inside_duckdb(settings: Settings, tmp_path: Path) -> None:
    from flows.warehouse import build as warehouse_

    def endless(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("select count(*) from range(100000000) as a (x), range(100000000) as b (y) where x * y % 7 = 3")

    short = replace(settings, build_seconds=0.3)
    short.data.mkdir()
    with pytest.raises(WarehouseError, match=r"within 0\.3 s, found that it takes longer\. Raise TRENDS_BUILD_SECONDS"):
        warehouse_.build(short, tmp_path / "new.duckdb", [warehouse_.Loader({}, endless)])
