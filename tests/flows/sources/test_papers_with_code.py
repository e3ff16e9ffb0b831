"""The archive of links and papers: both formats give the same rows, and a changed one is refused."""

import gzip
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pytest

from flows.errors import SourceError
from flows.landing.landing import LandedFile, Landing, landed_files
from flows.network.web import Web
from flows.settings import PROJECT, Settings
from flows.sources import papers_with_code
from tests.loopback import Answer, Loopback
from tests.parquet import as_parquet

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
HOST = "huggingface.co"
LINKS = "/datasets/pwc-archive/links-between-paper-and-code/resolve/main/data/train-00000-of-00001.parquet"
LINKS_JSON = "/datasets/pwc-archive/files/resolve/main/jul-28-links-between-papers-and-code.json.gz"
PAPERS = "/datasets/pwc-archive/papers-with-abstracts/resolve/main/data/train-0000{}-of-00004.parquet"
SHARED = PROJECT.parent / "shared"


def link(number: int, framework: str | None = "pytorch", **changed: Any) -> dict[str, Any]:
    paper = f"https://paperswithcode.com/paper/paper-{number}"
    return {
        "paper_url": paper,
        "paper_title": f"Größe, \\alpha und 'Komma', Teil {number}",
        "paper_arxiv_id": None if number == 2 else f"2106.0000{number}",
        "paper_url_abs": f"http://arxiv.org/abs/2106.0000{number}v2",
        "paper_url_pdf": f"http://arxiv.org/pdf/2106.0000{number}v2.pdf",
        "repo_url": f"https://github.com/Owner/Name-{number}",
        "is_official": number == 1,
        "mentioned_in_paper": True,
        "mentioned_in_github": False,
        "framework": framework,
    } | changed


ROWS = [link(1), link(2, "none"), link(3, "tf", repo_url="https://gitlab.com/a/b/tree/main"), link(4, None)]


def as_json(rows: list[dict[str, Any]]) -> bytes:
    return gzip.compress(json.dumps(rows).encode())


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Raw tables as the build makes them: in an attached database that is the default."""
    with duckdb.connect() as made:
        made.execute(f"attach '{tmp_path / 'warehouse.duckdb'}' as warehouse; use warehouse; create schema raw")
        for table, columns in papers_with_code.TABLES.items():
            kinds = [f"{name} {kind}" for name, kind in columns.items()]
            kinds += ["_landed_at TIMESTAMP", "_source_file VARCHAR"]
            made.execute(f"create table raw.{table} ({', '.join(kinds)})")
        yield made


def refresh(settings: Settings, now: datetime = NOW) -> list[LandedFile]:
    with Web(settings, source="papers_with_code") as web:
        landing = Landing(
            settings, "papers_with_code", web, licence="CC-BY-SA-4.0", citation="Papers With Code", checks={}, now=now
        )
        papers_with_code.fetch(landing, settings)
    return landed_files(settings, "papers_with_code")


def loaded(con: duckdb.DuckDBPyConnection, landed: list[LandedFile], table: str = "links") -> list[tuple[Any, ...]]:
    papers_with_code.load(landed, con)
    return con.execute(f"select * from raw.papers_with_code_{table} order by paper_url").fetchall()


def expected(file: str) -> list[tuple[Any, ...]]:
    used = [tuple(row[name] for name in papers_with_code.COLUMNS) for row in ROWS]
    return [(*row, NOW.replace(tzinfo=None), f"papers_with_code/2026-11-21T141500Z/{file}") for row in used]


def test_parquet(server: Loopback, settings: Settings, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    server.answer(HOST, LINKS, Answer(as_parquet(tmp_path, ROWS)))
    assert loaded(con, refresh(settings)) == expected("links.parquet")


def test_json_gives_the_same_rows(
    server: Loopback, settings: Settings, con: duckdb.DuckDBPyConnection, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer(HOST, LINKS_JSON, Answer(as_json(ROWS)))
    assert loaded(con, refresh(replace(settings, papers_with_code_format="json"))) == expected("links.json.gz")
    assert "expected SHA-256 e7c60f21" in caplog.text  # a sample is not the known archive: a warning, no refusal


@pytest.mark.parametrize("words", [("true", "false"), ("True", "False"), (True, False)])
@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_booleans_as_texts(
    server: Loopback,
    settings: Settings,
    tmp_path: Path,
    con: duckdb.DuckDBPyConnection,
    words: tuple[str | bool, str | bool],
    kind: str,
) -> None:
    rows = [link(1, is_official=words[0]), link(2, is_official=words[1])]
    server.answer(HOST, LINKS_JSON, Answer(as_json(rows)))
    server.answer(HOST, LINKS, Answer(as_parquet(tmp_path, rows)))
    found = loaded(con, refresh(replace(settings, papers_with_code_format=kind)))
    assert [row[3] for row in found] == [True, False]


def test_newest_archive_counts_and_none_is_mixed(
    server: Loopback, settings: Settings, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    server.answer(HOST, LINKS, Answer(as_parquet(tmp_path, ROWS)))
    server.answer(HOST, LINKS_JSON, Answer(as_json(ROWS[:1])))
    refresh(settings)
    landed = refresh(replace(settings, papers_with_code_format="json"), NOW + timedelta(hours=1))
    assert len(landed) == 2
    assert [row[-1] for row in loaded(con, landed)] == ["papers_with_code/2026-11-21T151500Z/links.json.gz"]


@pytest.mark.parametrize(
    ("rows", "found", "cure"),
    [
        (
            [{name: value for name, value in link(1).items() if name not in ("framework", "repo_url")}],
            "found that framework, repo_url are lost; it has paper_url, paper_title, paper_arxiv_id",
            "Update COLUMNS in flows/sources/papers_with_code.py.",
        ),
        ([link(1, None), link(2, None)], "found 2 rows, all without framework", "compare it with its page"),
    ],
)
@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_changed_archives_are_refused(
    server: Loopback, settings: Settings, tmp_path: Path, rows: list[dict[str, Any]], found: str, cure: str, kind: str
) -> None:
    settings = replace(settings, papers_with_code_format=kind)
    path, good, bad = LINKS_JSON, as_json(ROWS), as_json(rows)
    if kind == "parquet":
        path, good, bad = LINKS, as_parquet(tmp_path, ROWS), as_parquet(tmp_path, rows)
    server.answer(HOST, path, Answer(good), Answer(bad))
    held = refresh(settings)
    with pytest.raises(SourceError) as caught:
        refresh(settings, NOW + timedelta(days=1))
    for words in (f"https://{HOST}{path}: expected", found, cure):
        assert words in str(caught.value)
    assert landed_files(settings, "papers_with_code") == held


def test_zero_rows(server: Loopback, settings: Settings, tmp_path: Path) -> None:
    with duckdb.connect() as con:
        columns = ", ".join(f"null::{kind} as {name}" for name, kind in papers_with_code.COLUMNS.items())
        con.execute(f"copy (select {columns} limit 0) to '{tmp_path / 'empty.parquet'}' (format parquet)")
    server.answer(HOST, LINKS, Answer((tmp_path / "empty.parquet").read_bytes()))
    with pytest.raises(
        SourceError, match=r"expected rows with paper_url, repo_url, framework, found 0 rows\. The file"
    ):
        refresh(settings)


def test_new_columns_are_logged(
    server: Loopback,
    settings: Settings,
    tmp_path: Path,
    con: duckdb.DuckDBPyConnection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    server.answer(HOST, LINKS, Answer(as_parquet(tmp_path, ROWS, "1 as stars, *, 2 as forks")))
    assert loaded(con, refresh(settings)) == expected("links.parquet")
    assert "new columns, which are not used: forks, stars" in caplog.text


def test_flipped_bytes_inside_a_page(
    server: Loopback, settings: Settings, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    server.answer(HOST, LINKS, Answer(as_parquet(tmp_path, ROWS)))
    (landed,) = refresh(settings)
    damaged = bytearray(landed.path.read_bytes())
    damaged[4:400] = bytes(byte ^ 0xFF for byte in damaged[4:400])
    landed.path.write_bytes(damaged)
    with pytest.raises(SourceError, match=r"links\.parquet: expected a file that DuckDB can read.*Delete the file"):
        papers_with_code.load([landed], con)


def test_json_that_breaks_off_inside_a_whole_gzip(server: Loopback, settings: Settings) -> None:
    server.answer(HOST, LINKS_JSON, Answer(gzip.compress(json.dumps(ROWS).encode()[:-200])))
    with pytest.raises(SourceError, match=r"jul-28.*expected a file that DuckDB can read"):
        refresh(replace(settings, papers_with_code_format="json"))


class TestPapers:
    ROW: ClassVar = {
        "paper_url": "https://paperswithcode.com/paper/paper-1",
        "arxiv_id": "2106.00001",
        "title": "A title",
        "abstract": "Long.",
        "proceeding": None,
        "authors": ["Ada Lovelace", "Bob, Jr."],
        "date": "2021-06-01",
    }

    def serve(self, server: Loopback, tmp_path: Path, select: str = "*", count: int = 4) -> None:
        server.answer(HOST, LINKS, Answer(as_parquet(tmp_path, ROWS)))
        for number in range(count):
            row = self.ROW | {"paper_url": f"https://paperswithcode.com/paper/paper-{number}"}
            server.answer(HOST, PAPERS.format(number), Answer(as_parquet(tmp_path, [row], select)))

    @pytest.mark.parametrize(
        ("select", "date"),
        [
            ("* replace (date::varchar as date)", "2021-06-01"),
            ("* replace (date::date as date)", "2021-06-01"),
            ("* replace (date::timestamp as date)", "2021-06-01 00:00:00"),
            ("* exclude (title, authors) replace (date::varchar as date)", "2021-06-01"),
        ],
    )
    def test_dates_of_any_type_and_what_is_not_used_may_be_lost(
        self,
        server: Loopback,
        settings: Settings,
        tmp_path: Path,
        con: duckdb.DuckDBPyConnection,
        select: str,
        date: str,
    ) -> None:
        self.serve(server, tmp_path, select)
        rows = loaded(con, refresh(replace(settings, papers_with_code_abstracts=True)), "papers")
        assert [row[0][-1] for row in rows] == ["0", "1", "2", "3"]
        assert rows[1][1:4] == ("2106.00001", date, None)
        assert rows[1][-1] == "papers_with_code/2026-11-21T141500Z/papers-1.parquet"

    def test_not_asked_for(self, server: Loopback, settings: Settings, tmp_path: Path) -> None:
        self.serve(server, tmp_path)
        assert [file.card.name for file in refresh(settings)] == ["links.parquet"]

    def test_each_file_is_kept_by_itself(
        self,
        server: Loopback,
        settings: Settings,
        tmp_path: Path,
        con: duckdb.DuckDBPyConnection,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        self.serve(server, tmp_path, count=2)
        with pytest.raises(SourceError, match=r"train-00002-of-00004\.parquet.*status 404"):
            refresh(replace(settings, papers_with_code_abstracts=True))
        landed = landed_files(settings, "papers_with_code")
        assert [file.card.name for file in landed] == ["links.parquet", "papers-0.parquet", "papers-1.parquet"]
        assert len(loaded(con, landed, "papers")) == 2
        assert "only 2 of 4 files" in caplog.text


@pytest.mark.skipif(not SHARED.is_dir() and not os.environ.get("CI"), reason="needs the recorded records")
@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_recorded_records(
    server: Loopback, settings: Settings, tmp_path: Path, con: duckdb.DuckDBPyConnection, kind: str
) -> None:
    rows = json.loads((SHARED / "data/papers_with_code/links-between-papers-and-code.first92.json").read_text())
    server.answer(HOST, LINKS_JSON, Answer(as_json(rows)))
    server.answer(HOST, LINKS, Answer(as_parquet(tmp_path, rows)))
    loaded(con, refresh(replace(settings, papers_with_code_format=kind)))
    names = list(papers_with_code.COLUMNS)
    found = con.execute(f"select {', '.join(names)} from raw.papers_with_code_links").fetchall()
    assert sorted(found, key=str) == sorted((tuple(row[name] for name in names) for row in rows), key=str)
    assert len(found) == 92


def test_an_archive_with_values_of_another_type_is_refused(
    server: Loopback, settings: Settings, tmp_path: Path
) -> None:
    """A file that lands can be loaded: a wrong value would otherwise stop every build."""
    rows = [link(1) | {"is_official": "perhaps"}]
    server.answer(HOST, LINKS, Answer(body=as_parquet(tmp_path, rows)))
    with pytest.raises(SourceError, match=r"expected a file that DuckDB can read.*perhaps"):
        refresh(settings)
    assert landed_files(settings, "papers_with_code") == []
