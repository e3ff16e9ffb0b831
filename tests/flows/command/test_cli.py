"""The command line: words, exit codes, one-line errors."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.command import cli
from flows.landing.status import SourceCheck
from flows.refresh import making, steps
from flows.settings import PROJECT
from tests.loopback import Answer, Loopback


@pytest.fixture
def here(tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, a mirror that answers 404 to everything, and pages that are quick to draw."""
    for name in list(os.environ):
        if name.startswith("TRENDS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TRENDS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TRENDS_MIRROR", server.address)
    monkeypatch.setattr(
        making, "render", lambda _, folder, release: (folder / "site" / "index.html").write_text(release.release_id)
    )
    return tmp_path / "data"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.slow
def test_a_source_that_fails_warns_and_ends_0_but_strict_ends_1(here, capsys):
    only = ["--source", "papers_with_code"]
    code, out, err = run(capsys, "refresh", *only)
    assert code == 0
    assert "papers_with_code" in out
    assert "published " in out
    assert err.startswith("warning: papers_with_code: https://huggingface.co/")
    assert "404" in err
    assert len(err.splitlines()) == 1
    assert run(capsys, "refresh", *only, "--strict")[0] == 1


REASON = "no network: none of 18 hosts answered within 3 s (no answer)."


@pytest.mark.slow
def test_without_a_network_a_newcomer_reads_it_once(here, capsys, caplog, monkeypatch):
    monkeypatch.setattr(steps, "no_network", lambda *_: REASON)
    code, out, err = run(capsys, "refresh")
    assert (code, err) == (0, "")
    assert out.startswith(f"{REASON} What is landed and the embedded figures are used.\n")
    assert (out + err).count("no network") == 1
    table = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "2024 edition" in table["stack_overflow_survey"]
    assert "Sep 2026" in table["github_stars"]
    assert run(capsys, "refresh", "--strict")[0] == 1
    assert REASON in run(capsys, "status")[1]


def check(outcome: str, message: str = "") -> SourceCheck:
    return SourceCheck(datetime(2026, 11, 30, tzinfo=UTC), None, outcome, message)


@pytest.mark.parametrize(
    ("checks", "unreached"),
    [
        ({"a": check("failed", REASON), "b": check("failed", REASON)}, REASON),
        ({"a": check("failed", REASON)}, REASON),
        (
            {"a": check("failed", "HTTPS_PROXY is wrong"), "b": check("failed", "HTTPS_PROXY is wrong")},
            "HTTPS_PROXY is wrong",
        ),
        ({"a": check("failed", "404")}, None),
        ({"a": check("failed", "404"), "b": check("failed", "500")}, None),
        ({"a": check("failed", REASON), "b": check("unchanged", REASON)}, None),
        ({"a": check("unchanged"), "b": check("unchanged")}, None),
        ({}, None),
    ],
)
def test_what_every_source_says_is_said_once_and_what_differs_by_each(checks, unreached):
    assert steps.Report(checks, None, None).unreached == unreached


@pytest.mark.slow
def test_the_round_of_commands(here, capsys):
    assert run(capsys, "refresh", "--offline")[0] == 0
    first = str((here / "current").readlink())
    code, out, err = run(capsys, "refresh", "--offline")
    assert (code, err) == (0, "")
    assert f"no new release: nothing changed. Current is {first.removeprefix('releases/')}." in out
    assert run(capsys, "build")[0] == 0
    assert str((here / "current").readlink()) > first
    assert run(capsys, "site")[0] == 0
    assert run(capsys, "rollback")[0] == 0
    code, out, _ = run(capsys, "status")
    assert code == 0
    assert "google_trends" in out
    code, out, _ = run(capsys, "query", "select count(*) as n from marts.frameworks", "--format", "csv")
    assert out == "n\n27\n"
    code, out, _ = run(capsys, "models")
    assert "marts.framework_shares" in out
    assert any(line.startswith("pages.") for line in out.splitlines())
    code, out, _ = run(capsys, "models", "marts.head_to_head")
    assert "a_share_of_pair_pct  share of framework_a in both, 0 to 100" in out
    assert "reads    intermediate.series_populations, marts.framework_shares" in out


@pytest.mark.slow
def test_a_query_from_standard_input_into_a_file(here, capsys, tmp_path, monkeypatch):
    run(capsys, "refresh", "--offline")
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("select 1 as one"))
    assert run(capsys, "query", "-", "--format", "json", "--output", str(tmp_path / "one.json")) == (0, "", "")
    assert json.loads((tmp_path / "one.json").read_text()) == [{"one": 1}]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["query", "select * from marts.nothing"], "there is no warehouse yet"),
        (["site"], "there is no release to draw. Run `trends refresh` first."),
        (["rollback"], "there is no release yet"),
        (["status"], "there is no warehouse yet"),
        (["models", "marts.nothing"], "expected a table that `trends models` lists"),
        (["refresh", "--source", "nothing"], "--source nothing: expected one of papers_with_code"),
    ],
)
def test_an_error_of_ours_is_one_line_and_ends_1(here, capsys, arguments, words):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert err.startswith("trends: ")
    assert len(err.splitlines()) == 1
    assert words in err


@pytest.mark.parametrize(
    "arguments", [[], ["nothing"], ["query", "--nothing"], ["query", "select 1", "--format", "xls"]]
)
def test_wrong_usage_ends_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


def test_a_slip_in_a_word_is_told_with_the_word_that_was_meant(capsys):
    for arguments, words in (
        (["refrsh"], "did you mean refresh?"),
        (["query", "select 1", "--format", "cvs"], "mean csv?"),
    ):
        with pytest.raises(SystemExit):
            cli.main(arguments)
        assert words in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["nothing"])
    assert "did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(cli.EXAMPLES))
def test_every_command_explains_itself_with_examples_and_stands_in_the_readme(name, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert "example" in capsys.readouterr().out
    assert f"trends {name}" in (PROJECT / "README.md").read_text()


def test_every_make_word_stands_in_the_readme_or_in_contributing():
    words = [
        line.split(":")[0]
        for line in (PROJECT / "Makefile").read_text().splitlines()
        if "## " in line and line[0] not in "\t."
    ]
    told = (PROJECT / "README.md").read_text() + (PROJECT / "CONTRIBUTING.md").read_text()
    assert [word for word in words if f"make {word}" not in told] == []


def test_importing_does_nothing(tmp_path):
    code = (
        "import sys, socket; socket.socket.connect = socket.getaddrinfo = None\n"
        "import flows.command.cli, flows.refresh.steps, flows.refresh.report, flows.ask.query, dashboards.site\n"
        "print(sorted({'prefect', 'pandas', 'numpy', 'pytrends'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True, env={"PATH": "/bin"}
    )
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_a_mirror_that_answers_makes_the_source_live(here, capsys, server, tmp_path, monkeypatch):
    monkeypatch.setenv("TRENDS_EXPECT_SIZES", "0")
    import duckdb

    from flows.sources import papers_with_code

    columns = ", ".join(
        f"{'true' if kind == 'BOOLEAN' else repr('2106.00001')}::{kind} as {name}"
        for name, kind in papers_with_code.COLUMNS.items()
    )
    with duckdb.connect() as con:
        con.execute(f"copy (select {columns}) to '{tmp_path}/links.parquet' (format parquet)")
    host, _, path = papers_with_code.URL["links.parquet"].removeprefix("https://").partition("/")
    server.answer(host, f"/{path}", Answer(body=(tmp_path / "links.parquet").read_bytes(), etag='"1"'))
    code, out, err = run(capsys, "refresh", "--source", "papers_with_code", "--strict")
    assert (code, err) == (0, "")
    [line] = [line for line in out.splitlines() if line.startswith("papers_with_code")]
    assert line.split()[1] == "complete", "the archive is closed, and the source confirmed it"
    assert "downloaded" in line
    assert "unchanged" in run(capsys, "refresh", "--source", "papers_with_code", "--strict")[1]
