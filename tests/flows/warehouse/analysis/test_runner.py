"""Tables that Python computes, as nodes of the graph of models."""

from pathlib import Path

import duckdb
import pytest

from flows.errors import ModelError
from flows.warehouse.analysis import Computed
from flows.warehouse.runner import run_models

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
