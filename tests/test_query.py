"""Ad-hoc queries: answers in every form, and no way out of the warehouse."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows import query
from flows.errors import QueryError
from flows.settings import PROJECT, Settings


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data", query_seconds=5)
    folder = settings.data / "releases" / "one"
    folder.mkdir(parents=True)
    settings.current.symlink_to("releases/one")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute(
            "create schema marts; create table marts.things as select * from (values "
            "('a', 1, 0.5::double, date '2024-01-01'), ('b, \"c\"', null, 2.25, null)) as t(name, n, x, day)"
        )
    return settings


def answer(settings: Settings, sql: str, form: str = "csv") -> str:
    stream = io.StringIO()
    query.run(settings, sql, stream, form)
    return stream.getvalue()


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
    with pytest.raises(QueryError, match="needs a file"):
        query.run(here, "from marts.things", io.StringIO(), "parquet")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "it's.parquet"]


@pytest.mark.parametrize(
    "sql",
    [
        "create table marts.x as select 1",
        "insert into marts.things values ('c', 1, 1, null)",
        "delete from marts.things",
        "drop table marts.things",
        "copy marts.things to '{folder}/out.csv'",
        "copy (select 1) to '{folder}/out.parquet' (format parquet)",
        "export database '{folder}/out'",
        "attach '{folder}/other.duckdb'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "from '/etc/passwd'",
        "select * from glob('/*')",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "pragma memory_limit = '100GB'",
        "reset lock_configuration",
        "select getenv('HOME')",
        "select * from read_parquet('https://example.org/x.parquet')",
        "select 1; select 2",
        "",
    ],
)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_no_query_writes_reads_elsewhere_or_changes_a_setting(here, tmp_path, sql, form):
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(QueryError):
        query.run(here, sql.format(folder=tmp_path), tmp_path / "result", form)
    left = [path for path in tmp_path.rglob("*") if path not in before and path.name != "result"]
    assert left == []
    assert answer(here, "select count(*) as n from marts.things") == "n\n2\n"


def test_a_query_that_takes_too_long_is_stopped(here):
    slow = Settings(data=here.data, query_seconds=0.2)
    with pytest.raises(QueryError, match=r"longer than 0.2 s.*TRENDS_QUERY_SECONDS"):
        answer(slow, "select count(*) from range(10000000) as a, range(100000) as b where a.range % 7 = b.range % 11")


def test_a_wrong_name_points_to_the_models(here):
    with pytest.raises(QueryError, match="Nearest: marts.things.*`trends models`"):
        answer(here, "select * from marts.thing")


def test_without_a_warehouse_the_next_command_is_told(tmp_path):
    with pytest.raises(QueryError, match="Run `trends refresh --offline`"):
        answer(Settings(data=tmp_path), "select 1")


def test_a_query_pays_only_for_what_it_uses(here):
    code = (
        "import sys; from flows.cli import main; code = main(['query', 'select 1 as one', '--format', 'csv']); "
        "print(code, sorted({'prefect', 'pandas', 'numpy', 'altair', 'requests'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"TRENDS_DATA": str(here.data), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "one\n1\n0 []\n"
