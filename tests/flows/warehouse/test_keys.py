"""A build keeps the tables of the release before that are right still, and gives what a build from nothing gives."""

import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb
import pytest

from flows.release.inputs import read_inputs
from flows.release.loaders import loaders
from flows.settings import PROJECT, Settings
from flows.sql_text import insert_rows
from flows.warehouse import build as warehouse
from flows.warehouse import keys
from flows.warehouse.analysis import Computed, Rows, of_lines
from flows.warehouse.build import Loader

THINGS = (
    "-- Things.\n-- @grain thing\n-- @column thing: its size\n-- @warn thing < 3: large\nselect thing from raw.things\n"
)
OTHERS = "-- Others.\n-- @grain other\n-- @column other: its size\nselect other from raw.others\n"
DOUBLE = "-- Doubled.\n-- @grain thing\n-- @column thing: its size\nselect 2 * thing as thing from staging.things\n"
BOTH = (
    "-- Both.\n-- @grain size\n-- @column size: of a thing or other\n"
    "select thing as size from intermediate.doubled union select other from staging.others\n"
)
COLUMNS = {"things": {"thing": "BIGINT"}, "others": {"other": "BIGINT"}}
Build = Callable[..., list[str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    models = {"staging/things": THINGS, "staging/others": OTHERS, "intermediate/doubled": DOUBLE, "marts/both": BOTH}
    for name, text in models.items():
        path = tmp_path / "project" / "sql" / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "project" / "data" / "reference").mkdir(parents=True)
    return tmp_path / "project"


@pytest.fixture
def build(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Build:
    """Builds on the file before; returns the names of what was made anew."""
    monkeypatch.setattr(warehouse, "all_computed", tuple)
    settings = Settings(project=project, data=tmp_path / "data")
    files: list[Path] = []

    def build(things: Sequence[int], others: Sequence[int] = (5,), *, keyed: bool = True, file: str = "") -> list[str]:
        loaders = [
            Loader(
                {table: COLUMNS[table]},
                partial(insert_rows, table=f"raw.{table}", rows=[(row,) for row in rows]),
                f"{file}{rows}" if keyed else None,
            )
            for table, rows in (("things", things), ("others", others))
        ]
        path = tmp_path / f"{len(files)}.duckdb"
        caplog.clear()
        with caplog.at_level("INFO", "flows.warehouse.runner"):
            warehouse.build(settings, path, loaders, files[-1] if files else None)
        files.append(path)
        return sorted(record.args[3] for record in caplog.records if isinstance(record.args, tuple))

    build.files = files  # type: ignore[attr-defined]
    return build


def rows(path: Path, query: str) -> list[tuple]:
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        return con.execute(query).fetchall()


ALL = ["intermediate.doubled", "marts.both", "staging.others", "staging.things"]


def test_the_same_inputs_make_nothing_anew(build):
    assert build([1, 2]) == ALL
    assert build([1, 2]) == []
    assert rows(build.files[-1], "from marts.both order by all") == [(2,), (4,), (5,)]


@pytest.mark.parametrize("keyed", [True, False])
def test_what_depends_on_a_change_is_made_anew_and_nothing_else(build, keyed):
    build([1, 2], keyed=keyed)
    assert build([1, 4], keyed=keyed) == ["intermediate.doubled", "marts.both", "staging.things"]
    assert rows(build.files[-1], "from marts.both order by all") == [(2,), (5,), (8,)]
    assert build([1, 4], [7], keyed=keyed) == ["marts.both", "staging.others"]
    assert rows(build.files[-1], "from marts.both order by all") == [(2,), (7,), (8,)]


def test_a_changed_model_is_made_anew_with_those_that_read_it(build, project):
    build([1, 2])
    (project / "sql/intermediate/doubled.sql").write_text(DOUBLE.replace("2 *", "3 *"))
    assert build([1, 2]) == ["intermediate.doubled", "marts.both"]
    assert rows(build.files[-1], "from marts.both order by all") == [(3,), (5,), (6,)]


def test_a_change_goes_no_further_than_it_changes_something(build, project):
    build([1, 2])
    (project / "sql/intermediate/doubled.sql").write_text(DOUBLE.replace("2 * thing", "thing + thing"))
    assert build([1, 2]) == ["intermediate.doubled"]
    assert build([1, 2]) == []
    assert build([1, 2], file="landed again ") == []
    assert build([1, 3]) == ["intermediate.doubled", "marts.both", "staging.things"]
    assert rows(build.files[-1], "from marts.both order by all") == [(2,), (5,), (6,)]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("2 * thing as", "(2 * thing)::smallint as"),
        ("things\n", "things order by 1 desc\n"),
        ("2 * thing as", "if(thing = 2, null, 2) as"),
    ],
)
def test_other_types_another_order_or_a_null_are_a_change(build, project, was, becomes):
    build([1, 2])
    assert was in DOUBLE
    (project / "sql/intermediate/doubled.sql").write_text(DOUBLE.replace(was, becomes))
    assert build([1, 2]) == ["intermediate.doubled", "marts.both"]


def test_a_new_rule_is_checked_though_the_rows_are_the_same(build, project):
    build([1, 2])
    ruled = DOUBLE.replace("-- @column", "-- @fail thing < 4\n-- @column")
    (project / "sql/intermediate/doubled.sql").write_text(ruled)
    with pytest.raises(Exception, match="breaks 'thing < 4'"):
        build([1, 2])


def test_new_words_reach_a_table_whose_rows_are_the_same(build, project):
    build([1, 2])
    (project / "sql/intermediate/doubled.sql").write_text(DOUBLE.replace("Doubled", "Twice"))
    assert build([1, 2]) == ["intermediate.doubled"]
    told = "select comment from duckdb_tables() where table_name = 'doubled'"
    assert rows(build.files[-1], told) == [("Twice.",)]


def test_only_lines_that_differ_are_computed_anew(build, project, monkeypatch):
    asked: list[Sequence[int] | None] = []

    def sums(con: duckdb.DuckDBPyConnection, lines: Collection[int] | None = None) -> Rows:
        asked.append(None if lines is None else sorted(lines))
        query = f"select line, sum(thing) from intermediate.lines where {of_lines(lines)} group by line order by line"
        return con.execute(query).fetchall()

    model = "-- Lines.\n-- @grain thing\n-- @column line: of it\n-- @column thing: its size\n"
    (project / "sql/intermediate/lines.sql").write_text(
        model + "select thing // 10 as line, thing from staging.things\n"
    )
    kinds = {"line": "BIGINT", "total": "BIGINT"}
    computed = Computed("analysis_sums", kinds, ("intermediate.lines",), sums, lines_of=sums)
    monkeypatch.setattr(warehouse, "all_computed", lambda: (computed,))
    build([1, 2, 11, 21])
    assert rows(build.files[-1], "from raw.analysis_sums") == [(0, 3), (1, 11), (2, 21)]
    build([1, 3, 11, 31])  # another figure, a line that is gone and a new one
    assert rows(build.files[-1], "from raw.analysis_sums") == [(0, 4), (1, 11), (3, 31)]
    build([3, 1, 11, 31])  # another order alone: nothing is computed
    assert rows(build.files[-1], "from raw.analysis_sums") == [(0, 4), (1, 11), (3, 31)]
    assert asked == [None, [0, 2, 3], []]


def test_a_table_whose_model_is_gone_goes_too(build, project):
    build([1, 2])
    (project / "sql/marts/both.sql").unlink()
    (project / "sql/staging/others.sql").unlink()
    assert build([1, 2]) == []
    tables = rows(build.files[-1], "select table_name from duckdb_tables() where schema_name = 'marts'")
    assert tables == [("data_notes",)]
    views = rows(build.files[-1], "select view_name from duckdb_views() where schema_name = 'staging'")
    assert views == [("things",)]


def test_the_notes_of_a_kept_table_are_kept(build):
    build([1, 7])
    build([1, 7], [6])
    assert rows(build.files[-1], "from marts.data_notes") == [("staging.things", "large", 1, 2)]
    build([1, 2], [6])
    assert rows(build.files[-1], "from marts.data_notes") == []


def test_changed_code_makes_everything_anew(build, monkeypatch):
    build([1, 2])
    monkeypatch.setattr(warehouse, "code_key", lambda settings: "other")
    assert build([1, 2]) == ALL


def test_changed_macros_make_everything_anew(build, project):
    build([1, 2])
    (project / "sql/macros").mkdir()
    (project / "sql/macros/one.sql").write_text("create or replace macro main.one() as 1")
    assert build([1, 2]) == ALL


def test_a_damaged_warehouse_is_not_built_on(build):
    build([1, 2])
    build.files[-1].write_bytes(b"no database" * 2000)
    assert build([1, 2]) == ALL
    assert rows(build.files[-1], "from marts.both order by all") == [(2,), (4,), (5,)]


def test_a_failed_rule_stops_a_build_on_another(build):
    build([1, 2])
    with pytest.raises(Exception, match="breaks '@grain thing'"):
        build([2, 2])
    assert rows(build.files[0], "from marts.both order by all") == [(2,), (4,), (5,)]


def test_equal_rows_in_another_order_have_one_key():
    with duckdb.connect() as con:
        con.execute("create schema raw")
        for name, values in {"a": "(1, 'x'), (2, 'y')", "b": "(2, 'y'), (1, 'x')", "c": "(2, 'y'), (2, 'y')"}.items():
            con.execute(f"create table raw.{name} as from (values {values})")
        one, same, other = (keys.content_key(con, f"raw.{name}") for name in "abc")
    assert one == same
    assert one != other


@pytest.fixture
def whole(tmp_path: Path) -> Settings:
    """A copy of the project's models and reference tables that a test may change."""
    for folder in ("sql", "data/reference"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    return Settings(project=tmp_path / "project", data=tmp_path / "data")


def contents(path: Path) -> dict[str, str]:
    """Checksum of every table by name, but for the keys."""
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        names = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema in ('raw', 'staging', 'intermediate', 'marts', 'pages') order by all"
        ).fetchall()
        return {name: keys.content_key(con, name) for (name,) in names if name != keys.TABLE}


@pytest.mark.slow
def test_a_changed_reference_table_and_model_give_what_a_build_from_nothing_gives(whole, tmp_path):
    read = partial(read_inputs, whole, datetime(2026, 1, 1, tzinfo=UTC))
    first, second, anew = (tmp_path / f"{name}.duckdb" for name in ("first", "second", "anew"))
    warehouse.build(whole, first, loaders(read()))
    table = whole.reference / "kaggle_survey.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*lines[:1], *lines[3:]]) + "\n", encoding="utf-8")
    model = whole.sql / "intermediate" / "pair_values.sql"
    model.write_text(model.read_text(encoding="utf-8") + "-- changed\n", encoding="utf-8")
    built = warehouse.build(whole, second, loaders(read()), first)
    assert warehouse.build(whole, anew, loaders(read())) == built
    assert contents(second) == contents(anew)
    assert contents(second) != contents(first)
