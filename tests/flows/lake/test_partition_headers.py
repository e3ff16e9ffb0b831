"""Which models may be shared out: the header says it, and what would not add up is refused."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import duckdb
import pytest

from flows.errors import LakeError, ModelError
from flows.lake import cluster, partitions, planning
from flows.lake.engine import told, without_passwords
from flows.lake.planning import hold, prove, read_of, stages, tried, waves
from flows.settings import PROJECT, Settings
from flows.warehouse.models import read_model, read_models

COUNTS = ("intermediate.papers_with_code_papers_alike", "intermediate.papers_with_code_repositories_alike")
RECORDS = """-- Records.
-- @partition {partition}
-- @grain {grain}
{sums}-- @column thing: thing
-- @column thing_count: things
select thing, thing_count from staging.things
"""
THINGS = """-- Things.
-- @grain thing
-- @column thing: thing
-- @column thing_count: n
select thing, 1 as thing_count from raw.things
"""


def folder_with(tmp_path: Path, text: str) -> Path:
    for layer in ("staging", "intermediate", "marts", "pages", "checks"):
        (tmp_path / layer).mkdir()
    (tmp_path / "columns.csv").write_text("name,meaning\nthing,thing\n")
    (tmp_path / "staging" / "things.sql").write_text(THINGS)
    (tmp_path / "intermediate" / "records.sql").write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("partition", "grain", "sums", "found"),
    [
        ("thing", "thing", "", None),
        ("rows", "thing", "", None),
        ("thing", "thing", "-- @sums thing_count\n", None),
        ("thing", "thing_count", "", "could be the same"),
        ("rows", "thing", "-- @sums thing_count\n", "not a sum over partitions"),
        ("thing", "thing", "-- @sums other\n", "thing_count"),
    ],
)
def test_a_model_of_parts_has_rows_of_its_own_or_sums(tmp_path, partition, grain, sums, found):
    folder = folder_with(tmp_path, RECORDS.format(partition=partition, grain=grain, sums=sums))
    with duckdb.connect() as con:
        if found is None:
            assert "intermediate.records" in {model.table for model in read_models(folder, con)}
        else:
            with pytest.raises(ModelError, match=found):
                read_models(folder, con)


def test_a_model_of_parts_reads_no_table_that_is_whole(tmp_path):
    text = RECORDS.format(partition="thing", grain="thing", sums="").replace("staging.things", "intermediate.whole")
    folder = folder_with(tmp_path, text)
    (folder / "intermediate" / "whole.sql").write_text(THINGS.replace("raw.things", "staging.things"))
    with duckdb.connect() as con, pytest.raises(ModelError, match=r"intermediate\.whole, which is not shared out"):
        read_models(folder, con)


def test_counts_wait_for_all_parts_of_the_records_that_they_read():
    planned = stages(PROJECT / "sql")
    found = [(stage.key, sorted(table.partition(".")[2] for table in stage.made)) for stage in planned]
    assert found[:3] == [
        ("rows", ["papers_with_code_links_dated"]),
        ("paper_id", ["papers_with_code_papers_alike"]),
        ("repository_id", ["papers_with_code_repositories_alike"]),
    ]
    assert found[3] == ("repository", ["repository_evidence", "repository_labels", "repository_readings"])


def test_a_count_of_distinct_things_over_parts_of_something_else_is_refused(tmp_path):
    text = """-- Papers by month.
-- @partition repository_id
-- @grain month
-- @sums paper_count
-- @column month: month
-- @column paper_count: papers
select month, count(distinct paper_id) as paper_count from staging.links group by month
"""
    (tmp_path / "intermediate").mkdir()
    (tmp_path / "columns.csv").write_text("name,meaning\nthing,thing\n")
    path = tmp_path / "intermediate" / "papers.sql"
    links = "select 1 as month, range // 2 as paper_id, range as repository_id from range(100)"
    for key, is_right in (("repository_id", False), ("paper_id", True)):
        path.write_text(text.replace("repository_id", key))
        with duckdb.connect() as con:
            con.execute("create schema staging; create schema intermediate")
            model = read_model(path, con)
            hold(con, "staging.links", links)
            if is_right:
                prove(con, model)
            else:
                with pytest.raises(ModelError, match="not a sum over partitions by repository_id"):
                    prove(con, model)


def test_what_waits_for_nothing_is_made_at_the_same_time():
    planned = stages(PROJECT / "sql")
    keys = [[planned[number].key for number in wave] for wave in waves(planned)]
    assert keys == [["rows", "repository"], ["paper_id", "repository_id"]]


def test_columns_that_no_later_model_reads_are_not_carried():
    planned = stages(PROJECT / "sql", COUNTS)
    links = "select null::varchar as arxiv_id, 1::bigint as link_id, 'p' as paper_url, 'r' as repository_url"
    with duckdb.connect() as con:
        con.execute(
            "create schema staging; create table staging.reference__frameworks as "
            "select 'jax' as framework, null::varchar as papers_with_code_label, 1 as framework_order"
        )
        con.execute(
            f"create table staging.papers_with_code__links as {links}, true as is_official, 'jax' as framework_label, "
            "now()::timestamp as landed_at, 'file' as source_file"
        )
        learnt = tried(con, planned, {})
    carried = {"framework_order", "is_official", "period_start", "reject_reason"}
    assert learnt.needed == {
        ("intermediate.papers_with_code_links_dated", "paper_id"): carried | {"paper_id"},
        ("intermediate.papers_with_code_links_dated", "repository_id"): carried | {"repository_id"},
    }


@pytest.mark.parametrize(
    ("query", "needed"),
    [
        ("select thing from staging.things", {"thing"}),
        ("select count(*) as thing from staging.things where other = 1", {"other"}),
        ("select count(*) as thing from (select distinct * from staging.things)", {"thing", "other", "nested"}),
        ("select nested.a as thing from staging.things", {"nested"}),
    ],
)
def test_a_column_is_needed_where_the_result_could_depend_on_it(tmp_path, query, needed):
    path = tmp_path / "intermediate" / "x.sql"
    path.parent.mkdir()
    (tmp_path / "columns.csv").write_text("name,meaning\n")
    path.write_text(f"-- X.\n-- @partition rows\n-- @grain thing\n-- @column thing: thing\n{query}\n")
    with duckdb.connect() as con:
        con.execute("create schema staging")
        hold(con, "staging.things", "select 1 as thing, 2 as other, {'a': 1, 'b': 2} as nested")
        found = read_of(con, read_model(path, con), "staging.things")
    assert needed <= found
    assert needed == found or "nested" in needed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://trends:geheim@db:5432/lake", "postgresql://trends:***@db:5432/lake"),
        ("host=db password=geheim dbname=lake", "host=db password=*** dbname=lake"),
        ("host=db password='ge heim' dbname=lake", "host=db password=*** dbname=lake"),
        ("postgresql://trends@db/lake", "postgresql://trends@db/lake"),
        ("host = db password = geheim dbname=lake", "host = db password = *** dbname=lake"),
        ("host=db password='ge\\'heim' dbname=lake", "host=db password=*** dbname=lake"),
        ("postgresql://trends:ge/heim@db/lake", "postgresql://trends:***@db/lake"),
        ("postgresql://trends:ge@heim@db/lake", "postgresql://trends:***@db/lake"),
        (
            "postgresql://trends@db/lake?PASSWORD=geheim&sslmode=require",
            "postgresql://trends@db/lake?PASSWORD=***&sslmode=require",
        ),
        ("/srv/lake.ducklake", "/srv/lake.ducklake"),
    ],
)
def test_passwords_are_blotted_out(text, shown):
    assert without_passwords(f"Unable to connect at {text}: no") == f"Unable to connect at {shown}: no"


@pytest.mark.parametrize("secret", ["ge heim", 'ge"heim', "ge'heim", "ge%20heim", "ge@hei/m:"])
def test_a_password_of_any_letters_is_blotted_out_where_the_address_is_known(secret):
    lake = f"postgresql://trends:{secret}@db/lake"
    text = without_passwords(f'Unable to connect at "{lake}" or "{unquote(secret)}"', lake)
    assert text == 'Unable to connect at "postgresql://trends:***@db/lake" or "***"'


def test_settings_show_no_address_of_a_lake(settings):
    from dataclasses import replace

    assert "geheim" not in repr(replace(settings, lake="postgresql://trends:geheim@db/lake"))


def test_a_lake_without_a_place_for_its_data_says_what_to_set(settings):
    with pytest.raises(LakeError, match="TRENDS_LAKE and TRENDS_LAKE_DATA: expected"):
        partitions.run_part(settings, "x", (), 0, 0)


def test_what_a_build_keeps_is_not_made_again_of_the_columns_that_were_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A count was changed; the records that it reads are kept, and on the cluster only pass by."""
    kept, count = "intermediate.papers_with_code_links_dated", COUNTS[0]
    monkeypatch.setattr(cluster, "create_model", lambda *_: None)
    monkeypatch.setattr(
        cluster,
        "shared_out",
        lambda *_: nullcontext(SimpleNamespace(whole=lambda _, table: f"select 'carried' as {table.split('.')[1]}")),
    )
    models = {model.table: model for model in planning.partitioned(PROJECT / "sql")}
    with duckdb.connect() as con:
        con.execute(f"create schema intermediate; create table {kept} as select 1 as first_column, 2 as second_column")
        assert cluster.given(Settings(), con, {count: models[count]}) == {count}
        assert con.execute(f"from {kept}").fetchall() == [(1, 2)]


def test_threads_of_one_worker_do_not_share_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def connected(*_: object, **__: object) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect() as con:
            yield con

    monkeypatch.setattr(partitions, "connected", connected)
    monkeypatch.setattr(partitions, "HELD", {})
    run = partitions.Run(Settings(), "run", COUNTS)
    worker = partitions._worker
    with worker(run) as first, worker(run) as second:
        assert first is not second
    with worker(run) as third, worker(run) as fourth:
        assert {id(third), id(fourth)} == {id(first), id(second)}, "both are found again, none is lost"


def test_a_commit_that_others_came_before_to_the_end_says_why_and_that_it_is_tried_again(tmp_path: Path) -> None:
    settings = Settings(project=PROJECT, data=tmp_path, lake="postgresql://a:secret@host/lake", lake_data="s3://lake")
    with (
        pytest.raises(LakeError, match=r"Transaction conflict - dropped already\. Other hosts were first") as error,
        told(settings),
    ):
        raise duckdb.Error("Failed to commit DuckLake transaction.\nTransaction conflict - dropped already\nSigned: x")
    assert "secret" not in str(error.value)
    assert "Signed" not in str(error.value)
