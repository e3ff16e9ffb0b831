"""Whatever is wrong with one source, its answers or the environment, the others are asked and published."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from flows.command import doctor
from flows.errors import Stopped
from flows.landing.landing import LandedFile, Landing, landed_files
from flows.landing.status import read_status
from flows.refresh import making, steps
from flows.release import exports
from flows.release.inputs import read_inputs
from flows.release.loaders import _load_source, loaders
from flows.settings import Settings
from flows.sources import papers_with_code
from flows.warehouse import build as warehouse
from flows.warehouse import keys
from tests.fault_answers import as_parquet
from tests.faults import NOW, bystander
from tests.loopback import Answer, Loopback

HOST, _, PATH = papers_with_code.URL["links.parquet"].removeprefix("https://").partition("/")
LINKS = f"/{PATH}"
BYSTANDER = "python_developers_survey"


@pytest.fixture
def here(settings: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A run beside a source that is well; pages and exports are others' to test."""
    monkeypatch.setattr(making, "render", lambda _, folder, __: (folder / "site" / "index.html").write_text("pages"))
    monkeypatch.setattr(exports, "write", lambda *_: None)
    server.answer("bystander.example", "/data.json", Answer({"a": 1}))
    return settings


def failing(error: BaseException) -> Any:
    """A source whose module raises what it should not."""

    def fetch(_: Landing, __: Settings) -> None:
        raise error

    return SimpleNamespace(NAME="papers_with_code", HOSTS=papers_with_code.HOSTS, fetch=fetch)


def caught(error: BaseException) -> ValueError:
    """What a library makes of an exit that it caught."""
    made = ValueError("ended early")
    made.__context__ = error
    return made


@pytest.mark.parametrize(
    "error",
    [
        *(
            ValueError("year 57883 is out of range"),
            RecursionError("maximum depth"),
            KeyError("x"),
            OSError("no bundle"),
        ),
        *(MemoryError("too much"), SystemExit(2), KeyboardInterrupt("by a library"), caught(SystemExit(2))),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_bug_of_one_source_is_its_failed_check(
    here: Settings, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    checks = steps.pull(here, [failing(error), bystander()], NOW)
    assert {name: check.outcome for name, check in checks.items()} == {
        "papers_with_code": "failed",
        BYSTANDER: "downloaded",
    }
    said = checks["papers_with_code"].message
    assert said.startswith("flows/sources/papers_with_code.py: expected")
    assert type(error).__name__ in said
    assert "Traceback" in caplog.text
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"HTTPS_PROXY": "http://me:hun#ter2@proxy.example:3128"}, "Write # as %23"),
        ({"https_proxy": "http://me:hun/ter2@proxy.example:3128"}, "/ as %2F"),
        ({"HTTPS_PROXY": "socks://me:hunter2@proxy.example:1080"}, "socks5h://proxy.example:1080"),
        ({"HTTPS_PROXY": "proxy.example:port"}, "HTTPS_PROXY as http://HOST:PORT"),
        ({"HTTPS_PROXY": "http://me:hunter2@proxy.example:99999"}, "HTTPS_PROXY as http://HOST:PORT"),
        ({"REQUESTS_CA_BUNDLE": "/no/such/bundle.pem"}, "/no/such/bundle.pem, which cannot be read (No such file"),
        ({"CURL_CA_BUNDLE": __file__}, "in which no certificate was found"),
    ],
)
def test_a_wrong_environment_fails_every_source_and_stops_nothing(
    here: Settings, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], words: str
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    checks = steps.pull(replace(here, mirror=None), [papers_with_code, bystander()], NOW)
    said = {check.message for check in checks.values()}
    (message,) = said
    assert words in message
    assert message.startswith(next(iter(environ)).upper())
    first = next(one for one in doctor.examine(here, environ, NOW) if not one.is_fine)
    assert words in f"{first.found}. {first.cure}"
    for secret in ("hun", "ter2"):
        assert secret not in message + str(doctor.examine(here, environ, NOW))


def test_a_proxys_password_is_blotted_out_of_what_libraries_say(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hunter2@127.0.0.1:1")
    checks = steps.pull(here, [failing(ValueError("cannot parse hunter2")), bystander()], NOW)
    assert "hunter2" not in checks["papers_with_code"].message


def link(number: int) -> dict[str, Any]:
    return {
        "paper_url": f"https://paperswithcode.com/paper/{number}",
        "paper_title": f"Title {number}",
        "paper_arxiv_id": f"2106.{number:05d}",
        "paper_url_abs": "http://arxiv.org/abs/1",
        "paper_url_pdf": "http://arxiv.org/pdf/1",
        "repo_url": f"https://github.com/owner/name-{number}",
        "is_official": True,
        "mentioned_in_paper": True,
        "mentioned_in_github": False,
        "framework": "pytorch",
    }


def refresh_of_links(settings: Settings, server: Loopback, count: int, hour: int) -> steps.Report:
    """A refresh of an archive of so many links, beside the bystander."""
    server.answer(HOST, LINKS, Answer(as_parquet([link(number) for number in range(1, 1 + count)])))
    return steps.refresh(settings, [papers_with_code, bystander()], NOW + timedelta(hours=hour))


@pytest.mark.slow
def test_beside_a_bug_the_others_are_published(here: Settings) -> None:
    report = steps.refresh(here, [failing(ValueError("planted")), bystander()], NOW)
    assert report.built.is_new
    assert report.failed_sources == ["papers_with_code"]


def link_count(settings: Settings) -> int:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        return int(con.execute("select count(*) from raw.papers_with_code_links").fetchall()[0][0])


@pytest.mark.slow
def test_a_landing_that_a_module_stumbles_over_is_held_back(
    here: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_of_links(here, server, 20, hour=0)
    monkeypatch.setattr(papers_with_code, "load", stumbling_over(21))
    report = refresh_of_links(here, server, 21, hour=1)
    assert report.failed_sources == []
    assert "ZeroDivisionError" in read_status(here).quarantined["papers_with_code"].reason
    assert link_count(here) == 20


def stumbling_over(size: int) -> Any:
    load = papers_with_code.load

    def stumbling(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
        load(landed, con)
        if con.execute("select count(*) from raw.papers_with_code_links").fetchall()[0][0] == size:
            raise ZeroDivisionError("planted")

    return stumbling


@pytest.mark.slow
def test_rows_of_a_module_that_can_load_no_more_are_carried_over(
    here: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_of_links(here, server, 20, hour=0)

    def load(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(papers_with_code, "load", load)
    monkeypatch.setattr(keys, "code_key", lambda _: "a new version")
    monkeypatch.setattr(warehouse, "code_key", lambda _: "a new version")
    built = steps.build(here, NOW + timedelta(hours=1), force=True)
    assert built.is_new
    assert link_count(here) == 20
    check = read_status(here).sources["papers_with_code"]
    assert check.outcome == "failed"
    assert "ZeroDivisionError: planted" in check.message
    assert read_status(here).quarantined == {}


@pytest.mark.slow
def test_rows_of_a_landing_that_was_damaged_on_disk_are_carried_over_until_it_is_whole_again(
    here: Settings, server: Loopback
) -> None:
    """The archive may be gone from the net by then."""
    refresh_of_links(here, server, 20, hour=0)
    [file] = landed_files(here, "papers_with_code")
    file.path.write_bytes(b"x" * file.card.size)
    for hours in (1, 2):  # the second release is made from one that carried them over already
        assert steps.build(here, NOW + timedelta(hours=hours), force=hours == 2).is_new
        assert link_count(here) == 20
        check = read_status(here).sources["papers_with_code"]
        assert check.outcome == "failed"
        assert "links.parquet was damaged on disk" in check.message
    report = refresh_of_links(here, server, 21, hour=3)
    assert (report.failed_sources, link_count(here)) == ([], 21)
    [file] = landed_files(here, "papers_with_code")
    file.path.with_name(f"{file.path.name}.card.json").unlink()
    file.path.unlink()
    steps.build(here, NOW + timedelta(hours=4), force=True)
    assert link_count(here) == 0, "deleted on purpose"


def test_rows_of_a_version_with_fewer_columns_are_carried_over(here: Settings) -> None:
    (release := here.data / "releases" / "1").mkdir(parents=True)
    here.current.symlink_to(release)
    landed = ", '2026-11-01'::timestamp as _landed_at, 'a file' as _source_file"
    with closing(duckdb.connect(str(release / "warehouse.duckdb"))) as con:
        con.execute("create schema raw; create table raw.pypi_downloads_months as select 'torch' as project, "
                    f"'2026-10-01' as month, '7' as download_count{landed}")  # fmt: skip
    inputs = replace(read_inputs(here, NOW), carried=frozenset(["pypi_downloads"]))
    loader = next(one for one in loaders(inputs) if "pypi_downloads_months" in one.tables)
    with closing(duckdb.connect()) as con:
        con.execute("create schema raw")
        loader.load(con)
        rows = con.execute("select project, download_count, day_count from raw.pypi_downloads_months").fetchall()
    assert rows == [("torch", "7", None)]


@pytest.mark.parametrize("stop", [Stopped("SIGTERM"), KeyboardInterrupt()])
def test_a_stop_while_files_are_loaded_is_no_fault_of_theirs(
    here: Settings, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    def load(*_: object) -> None:
        raise RuntimeError("Query interrupted") from stop  # as DuckDB says it

    monkeypatch.setattr(papers_with_code, "load", load)
    inputs = replace(read_inputs(here, NOW), landed={papers_with_code.NAME: ["a file"]})
    with closing(duckdb.connect()) as con, pytest.raises(RuntimeError, match="Query interrupted"):
        _load_source(inputs, papers_with_code, con)
