"""Ad-hoc queries: answers in every form, and no way out of the warehouse."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.ask import query
from flows.errors import QueryError
from flows.settings import Settings


def answer(
    settings: Settings, sql: str, form: str = "csv", parameters: dict[str, str] | None = None, **options: Any
) -> str:
    target = settings.data / "answer"
    query.run(settings, sql, target, form, parameters, **options)
    return target.read_text(encoding="utf-8")


def test_a_table_for_people(here):
    assert answer(here, "from marts.things order by name;", "table").splitlines() == [
        "name    n     x  day",
        "------  -  ----  ----------",
        "a       1   0.5  2024-01-01",
        'b, "c"     2.25',
        "(2 rows)",
    ]


def test_csv_and_json_hold_the_same_rows(here):
    rows = list(csv.reader(io.StringIO(answer(here, "from marts.things order by name"))))
    assert rows == [["name", "n", "x", "day"], ["a", "1", "0.5", "2024-01-01"], ['b, "c"', "", "2.25", ""]]
    assert json.loads(answer(here, "from marts.things order by name", "json")) == [
        {"name": "a", "n": 1, "x": 0.5, "day": "2024-01-01"},
        {"name": 'b, "c"', "n": None, "x": 2.25, "day": None},
    ]
    assert json.loads(answer(here, "from marts.things where false", "json")) == []
    assert json.loads(answer(here, "select 1.5 as x, [1, 2] as y", "json")) == [{"x": 1.5, "y": [1, 2]}]


def test_parquet_goes_into_a_file(here, tmp_path):
    target = tmp_path / "it's.parquet"
    assert query.run(here, "from marts.things -- all of them", target, "parquet") == 2
    with duckdb.connect() as con:
        assert con.read_parquet(str(target)).fetchall()[0][0] == "a"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it's.parquet"]


ESCAPES = [
    "create table marts.x as select 1",
    "create temp table x as select 1",
    "insert into marts.things values ('c', 1, 1, null)",
    "delete from marts.things",
    "drop table marts.things",
    "-- é é é é é é é é é é\ndrop table marts.things",
    "/* 大 */ pragma version",
    "copy marts.things to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/out.parquet' (format parquet)",
    "export database '{folder}/out'",
    "import database '{folder}'",
    "attach '{folder}/other.duckdb'",
    "detach warehouse",
    "use memory",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_json('/etc/passwd')",
    "from sniff_csv('/etc/passwd')",
    "from read_duckdb('{folder}/other.duckdb')",
    "from parquet_metadata('{folder}/x.parquet')",
    "from parquet_schema('{folder}/x.parquet')",
    "from parquet_kv_metadata('{folder}/x.parquet')",
    "from '/etc/passwd'",
    "from '{folder}/x.parquet'",
    "select * from glob('/*')",
    "install httpfs",
    "load httpfs",
    "load '{folder}/x.duckdb_extension'",
    "update extensions",
    "set enable_external_access = true",
    "set memory_limit = '100GB'",
    "set variable x = 1",
    "pragma memory_limit = '100GB'",
    "pragma database_list",
    "pragma version",
    "call pragma_version()",
    "reset lock_configuration",
    "begin",
    "checkpoint",
    "vacuum",
    "prepare x as select 1",
    "create secret (type s3, key_id 'a', secret 'b')",
    "from duckdb_secrets()",
    "from which_secret('s3://x', 's3')",
    "from duckdb_settings()",
    "from duckdb_databases()",
    "from duckdb_databases",
    "from pg_settings",
    'select * from pg_catalog."PG_Settings"',
    "summarize pg_settings",
    "from (summarize select * from pg_catalog.pg_database)",
    "from pg_catalog.pg_tablespace",
    "from warehouse.pg_catalog.pg_prepared_statements",
    "from duckdb_logs",
    "from duckdb_secrets",
    "select (select max(setting) from pg_settings)",
    "from sqlite_temp_master",
    "from histogram(pg_settings, name)",
    "from histogram_values('/etc/passwd', content)",
    "from summary((select setting from pg_settings))",
    "from 'pg_settings'",
    "from pragma_database_list",
    "from duckdb_extensions()",
    "select current_setting('memory_limit')",
    "select getenv('HOME')",
    "select current_query()",
    "select * from read_parquet('https://example.org/x.parquet')",
    "from enable_logging(storage = 'file', storage_config = {{'path': '{folder}'}})",
    "explain analyze from enable_logging()",
    "summarize select * from enable_profiling()",
    "with x as (select * from \"Enable_Profiling\"(save_location = '{folder}/p.json')) from x",
    "from enable_profiling(format = 'json', save_location = '{folder}/p.json')",
    "from query('from enable_' || 'logging()')",
    "from query_table('/etc/passwd')",
    "from json_execute_serialized_sql(json_serialize_sql('select 1'))",
    "select * from force_checkpoint()",
    "select 1; select 2",
    "select 1; drop table marts.things",
    "select 1) to '{folder}/out.csv'; copy (select 1",
    "",
    "-- nothing",
]
# What the engine alone must stop: the gate is a second wall, not the only one.
STOPPED_BY_THE_ENGINE = [
    sql
    for sql in ESCAPES
    if sql.startswith(("copy", "attach", "export", "install", "insert", "delete", "drop", "set enable", "set memory"))
    or any(word in sql for word in ("/etc/passwd", "https:", "other.duckdb", "create secret"))
]


@pytest.fixture(scope="module")
def bait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files that a query must not reach."""
    folder = tmp_path_factory.mktemp("bait")
    duckdb.connect(str(folder / "other.duckdb")).close()
    duckdb.sql(f"copy (select 1 as x) to '{folder}/x.parquet'")
    return folder


@pytest.mark.parametrize("sql", ESCAPES)
def test_no_query_writes_reads_elsewhere_or_changes_a_setting(here, bait, sql):
    before = sorted(bait.rglob("*"))
    with pytest.raises(QueryError) as caught:
        query.run(here, sql.format(folder=bait), bait / "result", "csv")
    assert "root:" not in str(caught.value)
    assert sorted(bait.rglob("*")) == before


@pytest.mark.parametrize(
    "sql", ["drop table things", "copy (select 1) to '{folder}/o'", "from '/etc/passwd'", "select 1; x"]
)
def test_nor_on_the_way_to_parquet(here, bait, sql):
    before = sorted(bait.rglob("*"))
    with pytest.raises(QueryError):
        query.run(here, sql.format(folder=bait), bait / "result", "parquet")
    assert sorted(bait.rglob("*")) == before


def test_the_engine_stops_these_by_itself(here, bait):
    before = sorted(bait.rglob("*"))
    for sql in STOPPED_BY_THE_ENGINE:
        with pytest.raises(QueryError), query.opened(query.warehouse_path(here)) as con:
            con.execute(sql.format(folder=bait)).fetchall()
    assert sorted(bait.rglob("*")) == before
    assert answer(here, "select count(*) as n from marts.things") == "n\n2\n"


@pytest.mark.parametrize(
    "sql",
    [
        "from marts.things",
        "from things",
        "select * from things;",
        "-- a word before\n/* and another */ with t as (from things) select count(*) from t -- and after",
        "values (1), (2)",
        "describe things",
        "show tables",
        "summarize things",
        "explain from things",
        "explain analyze select count(*) from things",
        "pivot things on name in ('a') using count(*)",
        "from range(3)",
        "select unnest([1, 2])",
        "select comment from duckdb_columns()",
        "from things where name = 'from read_csv(1)'",
        "(select 1) union all (select 2)",
        "-- Größe, 大きさ\nselect 'é;' as t; -- and; after",
    ],
)
def test_every_form_of_a_question_is_answered(here, sql):
    assert answer(here, sql, "table")


def test_a_pivot_without_its_values_is_told_how(here):
    with pytest.raises(QueryError, match=r"has to name its values"):
        answer(here, "pivot things on name using count(*)")


def test_parameters_are_values_whatever_they_hold(here):
    def asked(sql: str, **values: str) -> str:
        return answer(here, sql, "csv", values)

    assert asked("select name from things where name = $name", name='b, "c"') == 'name\n"b, ""c"""\n'
    assert asked("select $a as x", a="1'); drop table things; --") == "x\n1'); drop table things; --\n"
    assert asked("select count(*) as n from things where day >= $day and x < $x", day="2023-05-01", x="1") == "n\n1\n"
    assert asked("select $n::integer + 1 as n", n="2") == "n\n3\n"
    with pytest.raises(QueryError, match=r"asks for \$b. Add --param b=VALUE"):
        asked("select $a, $b", a="1")
    with pytest.raises(QueryError, match=r"no \$c; it has \$a"):
        asked("select $a", a="1", c="2")
    with pytest.raises(QueryError, match="Write \\$name, not"):
        asked("select ?", a="1")


def test_a_statement_that_ends_in_a_comment_goes_into_a_file_too(here, tmp_path):
    for sql in ("-- é\nselect ';' as a; -- done;", "select ';' as a /* x */ ; /* y */"):
        assert query.run(here, sql, tmp_path / "x.parquet", "parquet") == 1
        assert duckdb.sql(f"from '{tmp_path}/x.parquet'").fetchall() == [(";",)]


def test_parameters_work_for_a_file_too(here, tmp_path):
    target = tmp_path / "x.parquet"
    assert query.run(here, "from things where name = $n", target, "parquet", {"n": "a"}) == 1
    assert duckdb.sql(f"select name from '{target}'").fetchall() == [("a",)]


def test_json_lines_and_markdown(here):
    lines = answer(here, "select name, x from things order by name", "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == [{"name": "a", "x": 0.5}, {"name": 'b, "c"', "x": 2.25}]
    assert answer(here, "select 'a|b' as t, 1.5 as x, null::int as e", "markdown").splitlines() == [
        "| t | x | e |",
        "| --- | ---: | ---: |",
        "| a\\|b | 1.5 |  |",
    ]


def test_truth_is_written_as_sql_writes_it(here):
    assert answer(here, "select true as t, null::boolean as u, false as f") == "t,u,f\ntrue,,false\n"
    assert answer(here, "select true as t", "table").splitlines()[2] == "true"
    assert json.loads(answer(here, "select true as t", "jsonl")) == {"t": True}


def test_what_a_terminal_would_obey_is_not_shown(here):
    assert "\x1b" not in answer(here, """select 'a' || chr(27) || '[31m' as "x\x1b[31m" """, "table")


def test_a_cut_answer_for_a_program_is_told_beside_it(here, caplog, tmp_path):
    output = tmp_path / "x"
    for form in ("csv", "jsonl", "parquet"):
        caplog.clear()
        query.run(here, "from range(3)", output, form, limit=2)
        assert [record.getMessage()[:16] for record in caplog.records] == ["Cut after 2 rows"], form
        caplog.clear()
        query.run(here, "from range(3)", output, form, limit=4)
        assert not caplog.records


def test_a_table_says_where_it_was_cut(here):
    def limited(form: str, limit: int | None = None, count: int = 600) -> str:
        return answer(here, f"from range({count})", form, limit=limit)

    assert limited("table").endswith(
        "499\n(500 rows; cut here, more rows follow: raise --limit, or use --format csv for all)\n"
    )
    assert "cut here" in limited("markdown", 2)
    assert limited("table", 600).endswith("599\n(600 rows)\n")
    assert limited("csv").count("\n") == 601
    assert limited("csv", 2) == "range\n0\n1\n"
    assert json.loads(limited("json", 2)) == [{"range": 0}, {"range": 1}]


def test_a_wide_table_fits_the_terminal(here):
    def shown(sql: str, columns: int) -> list[str]:
        return answer(here, sql, "table", width=columns).splitlines()

    wide = (
        "select repeat('word ', 20) as words, 123456789.25::double as number, date '2024-01-31' as day, 'tail' as last"
    )
    lines = shown(wide, 50)
    assert max(map(len, lines)) <= 50
    assert lines[2].split("  ")[0].endswith("…")
    assert "123,456,789.25  2024-01-31  tail" in lines[2]
    lines = shown(wide, 34)
    assert max(map(len, lines[:3])) <= 34
    assert "123,456,789.25" in lines[2]
    assert "too narrow for day, last" in lines[3]
    assert "too narrow" not in shown("select 1 as one", 3)[3]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "select * from marts.thing",
            r"thing does not exist.*Line 1: 'marts.thing'. Nearest: marts.things\. .*`trends models`",
        ),
        ("select * from main.things", r"Nearest: marts.things\."),
        ("select\n  nam\nfrom things", r'"nam" not found.*Line 2: .nam.*Nearest: name\.'),
        ("-- é\n\nselect nam\nfrom things", r"Line 3: .nam"),
        ("select t.dya from things as t", r'column named "dya".*Nearest: day\.'),
        ("selct 1", r'syntax error at or near "selct"\. Line 1: .selct 1.\. `trends queries`.*`trends models`'),
        ("select 'open", r"unterminated.*`trends models`"),
        ("from things wher x", r"`trends queries` shows"),
    ],
)
def test_a_wrong_name_or_a_slip_is_told_with_what_was_meant(here, sql, said):
    with pytest.raises(QueryError, match=f"(?s){said}") as caught:
        answer(here, sql)
    assert "Did you mean" not in str(caught.value)
    assert "pg_" not in str(caught.value)


def test_without_a_warehouse_the_next_command_is_told(tmp_path):
    with pytest.raises(QueryError, match="Run `trends refresh --offline`"):
        answer(Settings(data=tmp_path), "select 1")


def test_two_statements_are_no_question(here: Settings) -> None:
    with pytest.raises(QueryError, match=r"expected one statement, found 2\. Ask one question at a time"):
        answer(here, "select 1; select 2")
