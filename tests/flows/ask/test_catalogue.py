"""What can be asked: tables, columns and worked queries, on the command line."""

import io
from pathlib import Path

import pytest

from flows.ask import catalogue
from flows.command import cli, tables
from flows.errors import QueryError, TrendsError
from flows.settings import Settings


@pytest.fixture
def trends(embedded, monkeypatch, capsys):
    """Run the command on the embedded data; return exit code, output and errors."""
    monkeypatch.setenv("TRENDS_DATA", str(embedded.data))

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_describe_lists_the_marts(trends):
    code, out, _ = trends("describe")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == ["table", "rows", "what", "it", "is"]
    names = [line.split()[0] for line in lines[1:-1]]
    assert "marts.pairs" in names
    assert "marts.framework_shares" in names
    assert {name.partition(".")[0] for name in names} == {"marts"}


def test_what_is_described_fits_the_terminal(trends, monkeypatch):
    monkeypatch.setattr("flows.command.tables.terminal_width", lambda _: 80)
    for arguments in (("describe",), ("describe", "series"), ("queries",)):
        lines = trends(*arguments)[1].splitlines()
        assert max(map(len, lines)) <= 80, arguments
    words = " ".join(" ".join(line.split()) for line in trends("describe", "series")[1].splitlines())
    assert "what value counts" in words


def test_describe_one_table_with_or_without_its_schema(trends):
    _, out, _ = trends("describe", "frameworks")
    assert out.startswith("marts.frameworks\nFrameworks, labels and answers that occur")
    assert "first_release date first day of the month where the day is unknown" in " ".join(out.split())
    assert trends("describe", "marts.frameworks")[1] == out
    assert "varchar" in trends("describe", "staging.reference__events")[1]
    assert "varchar" in trends("describe", "pages.pairs")[1]


def test_a_wrong_table_or_query_is_told_with_the_nearest(trends):
    code, out, err = trends("describe", "framework_share")
    assert (code, out) == (1, "")
    assert "Nearest: marts.framework_shares" in err
    assert "Nearest: who_leads_where" in trends("queries", "who_leads")[2]


def test_before_the_first_release_the_headers_answer(tmp_path):
    settings = Settings(data=tmp_path)
    listed = tables.described_tables(settings)
    assert "marts.framework_shares" in listed
    assert "checks." not in listed
    assert "share_pct" in tables.described(settings, "framework_shares")
    with pytest.raises(QueryError, match="no table of that name"):
        catalogue.found_table(settings, "nonsense_at_all")


def test_worked_queries_are_listed_shown_and_run(trends):
    _, out, _ = trends("queries")
    assert "who_leads_where" in out
    assert "Who leads at each source, and by how much?" in out
    _, out, _ = trends("queries", "who-leads-where", "--sql")
    assert out.startswith("-- Who leads at each source, and by how much?\n-- ")
    assert trends("query", out, "--format", "csv") == trends("queries", "who_leads_where", "--format", "csv")
    _, out, _ = trends("queries", "breaks_to_mind", "--limit", "1")
    assert out.startswith("Across which dates must figures of a source not be compared?\n")
    assert "(1 row; cut here" in out


def test_a_statement_comes_from_a_file_or_standard_input(trends, tmp_path):
    path = tmp_path / "question.sql"
    path.write_text("select $a as a, $b as b", encoding="utf-8")
    assert trends("query", "--file", str(path), "--param", "a=1", "--param", "b=x=y", "--format", "csv") == (
        0,
        "a,b\n1,x=y\n",
        "",
    )
    assert trends("query", "-", "--format", "jsonl", stdin="select 2 as n") == (0, '{"n":2}\n', "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["query"], "expected SQL, - (standard input) or --file FILE"),
        (["query", "select 1", "--file", "x.sql"], "one of them"),
        (["query", "--file", "/none/x.sql"], "--file /none/x.sql: expected a text file"),
        (["query", "select $a", "--param", "a"], "--param a: expected NAME=VALUE"),
        (["query", "select 1", "--param", "a b=1"], "expected NAME=VALUE"),
        (["query", "select 1", "--format", "parquet"], "Add --output FILE"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(trends, arguments, said):
    code, out, err = trends(*arguments)
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_limit_is_a_number_from_one(trends):
    for limit in ("0", "-1", "x", "1.5"):
        with pytest.raises(SystemExit):
            trends("query", "select 1", "--limit", limit)


def test_errors_are_ours(tmp_path):
    assert issubclass(QueryError, TrendsError)
    with pytest.raises(QueryError, match="expected a question"):
        catalogue.read_worked_query(_file(tmp_path / "a.sql", ""))


def _file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
