"""The header contract, the layer rules and the order of models."""

import re
from pathlib import Path

import duckdb
import pytest

from flows.errors import CheckFailed, ModelError
from flows.settings import PROJECT
from flows.warehouse.keys import Keys, read
from flows.warehouse.models import LAYER_READS, read_dictionary, read_model, read_models
from flows.warehouse.runner import run_models

STAGING = """-- Things as landed.
-- @grain thing
-- @column thing: its name
-- @column size_count: how many
-- @fail size_count > 0
-- @warn size_count >= 30: small things
select thing, size_count from raw.things
"""
MART = """-- Things for people.
-- @grain thing
-- @column thing: its name
select thing from staging.things
"""


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("create schema raw; create table raw.things as select 'a' as thing, 40 as size_count")
        yield con


@pytest.fixture
def sql(tmp_path: Path):
    def write(**files: str) -> Path:
        for name, text in files.items():
            layer, _, table = name.partition("__")
            path = tmp_path / layer / f"{table}.sql"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def test_models_come_after_what_they_read_and_carry_their_comments(con, sql):
    folder = sql(marts__a_first_by_name=MART, staging__things=STAGING)
    built = run_models(con, folder)
    assert [(table.table, table.row_count) for table in built] == [("staging.things", 1), ("marts.a_first_by_name", 1)]
    comments = con.execute(
        "select schema_name, column_name, comment from duckdb_columns() where schema_name in ('staging', 'marts') "
        "and table_name <> 'data_notes' order by all"
    ).fetchall()
    assert comments == [
        ("marts", "thing", "its name"),
        ("staging", "size_count", "how many"),
        ("staging", "thing", "its name"),
    ]


def test_a_header_that_names_other_columns_than_the_query_stops_the_build(con, sql):
    for name, query in {
        "marts__x": "select 1 as more, thing from",
        "intermediate__x": "select 1 as more, * from",
    }.items():
        folder = sql(staging__things=STAGING, **{name: MART.replace("select thing from", query)})
        with pytest.raises(ModelError, match=re.escape("['thing'], the query returns ['more', 'thing'")):
            run_models(con, folder)


@pytest.mark.parametrize(
    "query",
    [
        "select t.thing, max(size_count) as size_count from staging.things as t group by t.thing",
        "select thing, size_count from staging.things union all (select 'b', 2) union all select 'c' as d, 3 as e",
        "with size_count as (select thing, 1 as x from staging.things) select thing, 2 as size_count from size_count",
    ],
)
def test_outside_of_marts_the_query_names_the_columns_and_the_dictionary_explains_them(con, sql, query):
    header = "-- X.\n-- @grain thing, size_count\n-- @column thing: which one\n"
    folder = sql(staging__things=STAGING, intermediate__x=header + query)
    (folder / "columns.csv").write_text("name,meaning\nsize_count,how many\nthing,its name\n")
    run_models(con, folder)
    comments = "select column_name, comment from duckdb_columns() where table_name = 'x' order by column_index"
    assert con.execute(comments).fetchall() == [("thing", "which one"), ("size_count", "how many")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-- @columns thing\nselect thing", "says it twice"),
        ("-- @column other: what\nselect thing", "the header explains other, the query returns thing"),
        ("select thing, 1 as new", "expected a row of columns.csv or '@column name: meaning' for new"),
        ("select *", "expected the columns in @columns lines of the header"),
        ("select thing, max(size_count)", "expected the columns in @columns lines of the header"),
    ],
)
def test_columns_outside_of_marts_are_named_once_and_each_has_a_meaning(con, sql, text, words):
    folder = sql(intermediate__x=f"-- X.\n-- @grain thing\n{text} from staging.things")
    (folder / "columns.csv").write_text("name,meaning\nthing,its name\n")
    with pytest.raises(ModelError, match=re.escape(words)):
        read_model(folder / "intermediate" / "x.sql", con)


@pytest.mark.parametrize("size", ["0", "null"])
def test_a_fail_rule_must_be_true_and_a_null_breaks_it(con, sql, size):
    con.execute(f"insert into raw.things values ('b', {size})")
    with pytest.raises(CheckFailed, match=r"staging\.things breaks 'size_count > 0'.*'thing': 'b'"):
        run_models(con, sql(staging__things=STAGING))


def test_a_grain_that_occurs_twice_stops_the_build(con, sql):
    con.execute("insert into raw.things values ('a', 50)")
    with pytest.raises(CheckFailed, match=r"breaks '@grain thing'.*'row_count': '2'"):
        run_models(con, sql(staging__things=STAGING))


@pytest.mark.parametrize("first", [1, -20_000, 2**40])
def test_a_number_that_occurs_twice_among_many_stops_the_build(con, sql, first):
    numbers = (
        f"create or replace table raw.things as select {first} + range as thing, 40 as size_count from range(20_000)"
    )
    con.execute(numbers)
    run_models(con, sql(staging__things=STAGING))
    con.execute(f"update raw.things set thing = {first} + 7 where thing = {first} + 19_000")
    with pytest.raises(CheckFailed, match=rf"breaks '@grain thing'.*'thing': '{first + 7}', 'row_count': '2'"):
        run_models(con, sql(staging__things=STAGING))
    con.execute(numbers)
    con.execute(f"update raw.things set thing = null where thing >= {first} + 19_998")
    with pytest.raises(CheckFailed, match=r"breaks '@grain thing'.*'thing': 'None', 'row_count': '2'"):
        run_models(con, sql(staging__things=STAGING))


def test_records_are_made_on_all_cores_and_everything_else_on_one(con, sql):
    asked = "select current_setting('threads')::integer as thing from staging.things"
    header = "-- Things.\n-- @grain thing\n-- @column thing: threads\n"
    con.execute("set threads = 3")
    run_models(con, sql(
        staging__things=STAGING,
        intermediate__records=header.replace("-- @grain", "-- @partition rows\n-- @grain") + asked,
        intermediate__counts=header + asked.replace("staging.things", "intermediate.records"),
    ))  # fmt: skip
    assert con.execute("from intermediate.records").fetchall() == [(3,)]
    assert con.execute("from intermediate.counts").fetchall() == [(1,)]


def test_a_warn_rule_becomes_a_data_note(con, sql):
    con.execute("insert into raw.things values ('b', 5)")
    run_models(con, sql(staging__things=STAGING))
    assert con.execute("from marts.data_notes").fetchall() == [("staging.things", "small things", 1, 2)]


def test_the_words_of_a_note_column_become_data_notes(con, sql):
    con.execute("insert into raw.things values ('b', 50)")
    noted = "-- Things.\n-- @grain thing\n-- @column thing: its name\n-- @note thing\n"
    run_models(con, sql(staging__things=STAGING, marts__x=noted + "select thing from staging.things"))
    notes = con.execute("select note, row_count from marts.data_notes where model = 'marts.x'").fetchall()
    assert notes == [("a", 1), ("b", 1)]


def test_a_check_that_returns_rows_stops_the_build(con, sql):
    folder = sql(
        staging__things=STAGING, checks__none_of_a="-- No a.\nselect thing from staging.things where thing = 'a'"
    )
    with pytest.raises(CheckFailed, match=r"checks\.none_of_a breaks 'No a\.'"):
        run_models(con, folder)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("marts__x", MART.replace("staging.things", "raw.things"), "marts may only read staging, intermediate, marts"),
        ("intermediate__x", MART.replace("staging.things", "marts.things"), "intermediate may only read"),
        ("marts__x", MART.replace("staging.things", "staging.nothing"), "which no file in sql/ makes"),
        ("staging__x", STAGING.replace("raw.things", "raw.things, raw.more"), "reads exactly one raw table"),
        ("marts__x", MART.replace("-- Things for people.\n", ""), "does not say what the table is"),
        ("marts__x", MART.replace("@grain", "@grane"), "unknown tag @grane"),
        ("marts__x", MART.replace("-- @grain thing\n", ""), "lacks @grain"),
        ("marts__x", MART.replace("-- @column thing: its name\n", ""), "expected the columns in @columns lines"),
        ("marts__x", MART.replace("thing: its name", "thing"), "expected '@column name: meaning'"),
        ("marts__x", MART + "; select 2", "not one select statement"),
        ("marts__x", MART.replace("select thing", "selct thing"), "not one select statement"),
    ],
)
def test_a_model_that_breaks_the_rules_is_refused(con, sql, name, text, words):
    with pytest.raises(ModelError, match=re.escape(words)):
        run_models(con, sql(staging__things=STAGING, **{name: text}))


@pytest.mark.parametrize(
    ("name", "table"),
    [("marts__z", "pages.things"), ("pages__z", "staging.things"), ("pages__z", "raw.things")],
)
def test_what_only_pages_need_is_read_by_pages_and_reads_marts_and_reference(con, sql, name, table):
    page = MART.replace("staging.things", "marts.things")
    known = {"staging__things": STAGING, "staging__reference__x": STAGING, "marts__things": MART, "pages__things": page}
    folder = sql(**known, pages__y=MART.replace("staging.things", "staging.reference__x"))
    tables = {built.table for built in run_models(con, folder)}
    assert tables == {"staging.things", "staging.reference__x", "marts.things", "pages.things", "pages.y"}
    sql(**{name: MART.replace("staging.things", table)})
    with pytest.raises(ModelError, match=f"reads {table}, but"):
        read_models(folder, con)


def test_models_that_read_each_other_are_refused(con, sql):
    folder = sql(marts__a=MART.replace("staging.things", "marts.b"), marts__b=MART.replace("staging.things", "marts.a"))
    with pytest.raises(ModelError, match=r"in a ring: marts\.. -> marts"):
        read_models(folder, con)


def test_steps_within_a_query_are_not_taken_for_tables(con, sql):
    header = "-- X.\n-- @grain thing\n-- @column thing: t\n"
    text = header + "with t as (select * from staging.things as s) select t.thing from t"
    folder = sql(marts__x=text)
    assert read_model(folder / "marts" / "x.sql", con).reads == {"staging.things"}


def all_models() -> list[Path]:
    return sorted((PROJECT / "sql").glob("*/*.sql"))


@pytest.mark.parametrize("path", all_models(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_project_s_models_keep_the_house_style(path: Path):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    header = [line for line in lines if line.startswith("-- ")]
    query = "\n".join(line for line in lines if not line.strip().startswith("--"))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\t" not in text
    assert max(map(len, lines)) <= 132
    assert len([line for line in header if lines.index(line) < 40]) <= 40
    assert len(query.splitlines()) <= 135
    keywords = r"\b(SELECT|FROM|WHERE|JOIN|GROUP BY|ORDER BY|WITH|UNION|CASE|WHEN|THEN|END|AND|OR|AS|LEFT|INNER)\b"
    assert not re.search(keywords, re.sub(r"'[^']*'", "''", query))
    assert not re.search(r"group by (\d|all\b)|order by \d", query)


def test_no_view_of_staging_calls_a_macro():
    """Attached under another name, views keep working but in DuckDB before 1.5 do not find the macros of their file."""
    macros = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "sql" / "macros").glob("*.sql"))
    names = re.findall(r"create or replace macro main\.(\w+)", macros)
    assert len(names) > 20
    calls = re.compile(rf"^(?!--).*\b(?:{'|'.join(names)})\(", re.MULTILINE)
    called = {
        path.stem: calls.findall(path.read_text(encoding="utf-8"))
        for path in all_models()
        if path.parent.name == "staging"
    }
    assert {name: found for name, found in called.items() if found} == {}


def test_names_of_the_dictionary_and_own_words_stand_in_the_order_of_the_header(con, sql):
    folder = sql(marts__x="-- X.\n-- @grain a\n-- @columns a, b\n-- @column c: own\n-- @columns d\nselect 1 as a")
    (folder / "columns.csv").write_text('name,meaning\na,"first, one"\nb,second\nc,third\nd,fourth\n')
    model = read_model(folder / "marts" / "x.sql", con)
    assert list(model.columns.items()) == [("a", "first, one"), ("b", "second"), ("c", "own"), ("d", "fourth")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,meaning\nthing,its name\nthing,its size\n", "more than one meaning of thing"),
        ("name,meaning\nthing,\n", "expected the columns name and meaning, both filled in every row"),
        ("column,meaning\nthing,its name\n", "expected the columns name and meaning"),
    ],
)
def test_a_damaged_dictionary_is_refused(con, sql, text, words):
    folder = sql(staging__things=STAGING)
    (folder / "columns.csv").write_text(text)
    with pytest.raises(ModelError, match=words):
        read_dictionary(folder)


def test_a_name_without_a_meaning_is_refused(con, sql):
    folder = sql(marts__x="-- X.\n-- @grain a\n-- @columns a, b\nselect 1 as a, 2 as b")
    (folder / "columns.csv").write_text("name,meaning\na,first\n")
    with pytest.raises(ModelError, match=r"names that columns\.csv explains, found 'b'"):
        read_model(folder / "marts" / "x.sql", con)


def test_what_a_column_means_is_said_once(con):
    folder = PROJECT / "sql"
    meanings = read_dictionary(folder)
    assert list(meanings) == sorted(meanings), "sql/columns.csv stands in the order of its names"
    paths = [path for layer in LAYER_READS if layer != "checks" for path in sorted((folder / layer).glob("*.sql"))]
    models = [read_model(path, con, meanings) for path in paths]
    assert {name for model in models for name in model.columns} == meanings.keys()
    doubled = [
        (model.table, name)
        for model in models
        for name in re.findall(r"^-- @column (\w+): ", model.path.read_text(encoding="utf-8"), re.MULTILINE)
        if model.columns[name] == meanings[name]
    ]
    assert doubled == [], "name the column in @columns: the dictionary says the same"


def test_a_mart_that_repeats_another_is_a_view_and_may_go(con, sql):
    view = "-- Things again.\n-- @view rows of marts.things\n-- @grain thing\n-- @column thing: its name\n"
    folder = sql(staging__things=STAGING, marts__things=MART, marts__again=f"{view}select thing from marts.things\n")
    run_models(con, folder, keys=Keys("1"))
    views = "select view_name, comment from duckdb_views() where schema_name = 'marts'"
    assert con.execute(views).fetchall() == [("again", "Things again.")]
    (folder / "marts" / "again.sql").unlink()
    run_models(con, folder, keys=Keys("1", read(con)))
    assert con.execute(views).fetchall() == []
