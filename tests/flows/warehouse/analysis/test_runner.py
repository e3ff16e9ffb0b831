"""Tables that Python computes, as nodes of the graph of models."""

from pathlib import Path

import duckdb
import pytest

from flows.errors import ModelError
from flows.warehouse.analysis import Computed
from flows.warehouse.runner import fill_computed, run_models

THINGS = "-- Things.\n-- @grain thing\n-- @column thing: its size\nselect thing from raw.things\n"
SUMS = "-- Sums.\n-- @grain total\n-- @column total: of all things\nselect total from raw.analysis_sums\n"
MART = "-- For people.\n-- @grain total\n-- @column total: of all things\nselect total from staging.a_sums\n"


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("create schema raw; create table raw.things as select unnest([2, 3]) as thing")
        yield con


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"staging/z_things": THINGS, "staging/a_sums": SUMS, "marts/sums": MART}.items():
        path = tmp_path / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def summing(*reads: str) -> Computed:
    return Computed(
        table="analysis_sums",
        columns={"total": "BIGINT"},
        reads=reads,
        compute=lambda con: con.execute("select sum(thing)::bigint from staging.z_things").fetchall(),
    )


def test_a_computed_table_comes_after_what_it_reads_and_before_what_reads_it(con, folder):
    built = run_models(con, folder, [summing("staging.z_things")])
    assert [table.table for table in built] == ["staging.z_things", "staging.a_sums", "marts.sums"]
    assert con.execute("from marts.sums").fetchall() == [(5,)]


def test_a_computed_table_of_an_unknown_model_is_refused(con, folder):
    with pytest.raises(
        ModelError, match=r"raw\.analysis_sums: is computed from staging\.nothing, which no file in sql/"
    ):
        run_models(con, folder, [summing("staging.nothing")])


def test_a_computed_table_that_reads_its_own_result_is_refused(con, folder):
    with pytest.raises(ModelError, match="in a ring"):
        run_models(con, folder, [summing("staging.z_things", "marts.sums")])


def test_what_is_missing_and_what_looks_like_sql_reach_the_table_as_they_are(con):
    columns = {"count": "BIGINT", "day": "DATE", "share": "DOUBLE", "is_so": "BOOLEAN", "word": "VARCHAR"}
    rows = [(2**62 + 1, "2024-02-29", 0.1 + 0.2, True, "d'or; é"), (None,) * 5, (-1, None, -0.0, False, "NaN")]
    assert fill_computed(con, Computed("analysis_kinds", columns, (), lambda con: rows)) == 3
    found = con.execute("select * replace (day::varchar as day) from raw.analysis_kinds").fetchall()
    assert found == rows
    assert con.execute("select typeof(columns(*)) from raw.analysis_kinds limit 1").fetchall() == [(*columns.values(),)]


def test_what_is_computed_holds_up_no_checkpoint(con, folder, tmp_path):
    def compute(own: duckdb.DuckDBPyConnection) -> list[tuple[int]]:
        found = own.execute("select sum(thing)::bigint from staging.z_things").fetchall()
        with con.cursor() as other:  # another model is made meanwhile, and what is there is written
            other.execute("create table kept.staging.other as select 1 as thing; checkpoint kept")
        return found

    con.execute(f"attach '{tmp_path / 'kept.duckdb'}' as kept; use kept; create schema raw")
    con.execute("create table raw.things as from memory.raw.things")
    computed = Computed("analysis_sums", {"total": "BIGINT"}, ("staging.z_things",), compute)
    run_models(con, folder, [computed])
    assert con.execute("from marts.sums").fetchall() == [(5,)]
