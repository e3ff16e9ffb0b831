"""An answer for programs is read back as it was, whatever it holds; one for people is aligned."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.ask import query
from flows.ask.results import terminal_width
from flows.settings import Settings
from flows.sql_text import literal, quoted

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
CELLS = st.one_of(st.none(), TEXT)
ROWS = st.one_of(st.just([]), st.lists(st.tuples(CELLS, TEXT.filter(bool)), min_size=10, max_size=60))
# Values of every type.
VALUES = [
    "0.00004::double",
    "1e-300",
    "0.1 + 0.2::double",
    "'nan'::double",
    "'-inf'::float",
    "12345678901234567890.1234567890::decimal(38, 10)",
    "-99999999999999999999999999999999999999::hugeint",
    "18446744073709551615::ubigint",
    "timestamptz '2024-03-31 01:30:00+02'",
    "timestamp_ns '2024-01-01 00:00:00.123456789'",
    "interval '13 months 2 days 3 seconds'",
    "date '12024-01-01'",
    "'infinity'::date",
    "'\\x00\\xFF'::blob",
    "'1011'::bit",
    "'x'::enum('x', 'y')",
    "true",
    "''",
    "null::integer",
    "['a, \"b''', null, '', ' c ', 'null']",
    "{'a b': 1.10::decimal(9, 2), 'c': {'d': [date '2024-01-31', null]}}",
    "map {'k, 1': [1, 2], '': []}",
    "[['nan'::double, 1.5], null]",
    "{'x': 'inf'::double, 'y': 'NaN'}",
]
# The engine's own reader of JSON takes these through a double, or knows no way back from the text that it writes.
READ_AS_WORDS = ("DECIMAL(38,10)", "HUGEINT", "BIT", "BLOB")


def written(here: Settings, sql: str, form: str, **options: Any) -> str:
    target = here.data / f"answer.{form}"
    query.run(here, sql, target, form, **options)
    return target.read_bytes().decode()


def given_rows(rows: list[tuple[str | None, str]]) -> str:
    listed = ", ".join(f"({literal(a)}, {literal(b)})" for a, b in rows)
    return f"from (values {listed}) as t(a, b)" if rows else "select '' as a, '' as b where false"


@settings(max_examples=8)
@given(rows=ROWS)
def test_texts_in_json_and_json_lines(here: Settings, rows: list[tuple[str | None, str]]) -> None:
    expected = [{"a": a, "b": b} for a, b in rows]
    assert json.loads(written(here, given_rows(rows), "json")) == expected
    assert [json.loads(line) for line in written(here, given_rows(rows), "jsonl").split("\n")[:-1]] == expected


@settings(max_examples=8)
@given(rows=ROWS)
def test_texts_in_csv(here: Settings, rows: list[tuple[str | None, str]]) -> None:
    text = written(here, given_rows(rows), "csv")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *([a or "", b] for a, b in rows)]


@pytest.mark.parametrize("form", ["table", "markdown"])
@settings(max_examples=8)
@given(rows=ROWS)
def test_for_people_a_row_is_a_line(here: Settings, form: str, rows: list[tuple[str | None, str]]) -> None:
    assert written(here, given_rows(rows), form).count("\n") == len(rows) + (3 if form == "table" else 2)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_any_type_is_read_back(here: Settings, tmp_path: Path, value: str) -> None:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        kind, expected = con.execute(f"select typeof(v), v::varchar from (select {value} as v)").fetchall()[0]
        as_json = "v::json" if kind.endswith(("]", ")")) and not kind.startswith(("DECIMAL", "ENUM")) else "v"
        files = {form: tmp_path / f"answer.{form}" for form in ("csv", "json", "parquet")}
        readers = {
            "csv": f"(select {as_json} as v from "
            f"read_csv('{files['csv']}', all_varchar = true, allow_quoted_nulls = false))",
            "json": f"read_json('{files['json']}', columns = {{v: {quoted(kind)}, one: 'INT'}})",
            "parquet": f"read_parquet('{files['parquet']}')",
        }
        for form, reader in readers.items():
            assert query.run(here, f"select {value} as v, 1 as one", files[form], form) == 1
            if form == "json" and kind in READ_AS_WORDS:
                read = [(str(json.loads(files[form].read_text(), parse_float=str)[0]["v"]),)]
            else:
                read = con.execute(f"select v::{kind}::varchar from {reader}").fetchall()
            assert read == [(expected,)], (form, kind, files[form].read_bytes())


def test_missing_is_not_empty_and_a_lone_missing_cell_is_a_line(here: Settings) -> None:
    assert written(here, "from (values (null, 1), ('', 2)) t(a, b)", "csv") == 'a,b\n,1\n"",2\n'
    assert written(here, "from (values (null), ('x'), (null)) t(a)", "csv") == 'a\n""\nx\n""\n'


def test_names_that_are_there_twice_are_numbered(here: Settings) -> None:
    sql = "select 1 as a, 2 as a, 3 as A"
    assert written(here, sql, "csv") == "a,a_1,A_2\n1,2,3\n"
    assert json.loads(written(here, sql, "json")) == [{"a": 1, "a_1": 2, "A_2": 3}]
    assert written(here, sql, "table").startswith("a  a_1  A_2\n")


def test_json_has_words_for_what_it_has_no_numbers_for(here: Settings) -> None:
    sql = "select 'nan'::double as a, -'inf'::double as b, null::double as c, ['nan'::float, 1.5, null] as d"
    text = written(here, sql, "json")
    assert json.loads(text, parse_constant=lambda word: pytest.fail(word)) == [
        {"a": "NaN", "b": "-Infinity", "c": None, "d": ["NaN", 1.5, None]}
    ]


def test_a_sum_stays_a_whole_number_in_parquet(here: Settings, tmp_path: Path) -> None:
    target = tmp_path / "x.parquet"
    query.run(here, "select sum(n) as n from (values (9007199254740992), (1)) t(n)", target, "parquet")
    with duckdb.connect() as con:
        assert con.execute(f"select n::varchar from '{target}'").fetchall() == [("9007199254740993",)]


def test_formulas_are_texts_for_spreadsheets_on_request(here: Settings) -> None:
    sql = "select '=1+1' as a, '-x' as b, -1.5 as c, date '2024-01-31' as d, '@x' as e, chr(9) || 'x' as f, 'x=1' as g"
    assert written(here, sql, "csv").splitlines()[1] == "=1+1,-x,-1.5,2024-01-31,@x,\tx,x=1"
    safe = written(here, sql, "csv", for_spreadsheet=True).splitlines()[1]
    assert safe == "'=1+1,'-x,-1.5,2024-01-31,'@x,'\tx,x=1"


def test_people_are_shown_whole_decimals_and_no_zero_for_little(here: Settings) -> None:
    sql = (
        "select 0.00004::double as a, 1234567.123456::double as b, 0.123456789::double as c, 4e-12::double as d, "
        "0.00000012::decimal(12, 8) as e, 12345678901234567890.12::decimal(38, 2) as f, 0::double as g, "
        "'nan'::double as h, 1e20::double as i, -0.00052::double as j, 2024 as k"
    )
    assert written(here, sql, "table").splitlines()[2].split() == [
        "0.00004", "1,234,567.1235", "0.1235", "4e-12", "0.00000012", "12,345,678,901,234,567,890.12", "0", "nan",
        "1e+20", "-0.00052", "2024",
    ]  # fmt: skip


def test_wide_and_combining_letters_are_aligned(here: Settings) -> None:
    sql = "from (values ('大きさ', 1), ('e' || chr(769) || 'té', 2), ('กำ่', 3), ('abcdef', 4)) t(word, n)"
    assert written(here, sql, "table").splitlines()[2:6] == ["大きさ  1", "e\u0301té     2", "กำ่      3", "abcdef  4"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "34")
    assert terminal_width(Terminal()) == 34
    assert terminal_width(io.StringIO()) is None
    monkeypatch.setenv("COLUMNS", "")
    assert terminal_width(Terminal()) is None
