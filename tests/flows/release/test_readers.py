"""Readers while releases change under them: no error, and never a mixture of two releases.

Every release is a real build in which one figure, found in several tables, has another value. Readers run in
processes of their own and compare the places where it stands.
"""

import csv
import json
import shutil
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.ask.query import warehouse_path
from flows.refresh import steps
from flows.settings import PROJECT, Settings

READER = """
import json, os, sys, time
from pathlib import Path

from flows.ask import query
from flows.settings import Settings

SQL = '''
select distinct value::bigint as n from framework_shares where source = 'github_stars' and framework = 'keras'
union
select distinct case framework_a when 'keras' then a_value else b_value end::bigint from head_to_head
where source = 'github_stars' and 'keras' in (framework_a, framework_b)
'''
settings, stop = Settings(data=Path(sys.argv[1])), Path(sys.argv[2])
seen, asked, wrong = [], 0, []
while not stop.exists():
    target = stop.with_name(f"answer-{os.getpid()}.csv")
    try:
        query.run(settings, SQL, target, "csv")
    except Exception as error:
        wrong.append(repr(error))
        break
    answer = target.read_text().split()[1:]
    asked += 1
    if len(answer) != 1 or (seen and int(answer[0]) < seen[-1]):
        wrong.append(f"{answer} after {seen[-1:]}")
    elif not seen or int(answer[0]) != seen[-1]:
        seen.append(int(answer[0]))
    time.sleep(float(sys.argv[3]))
print(json.dumps({"asked": asked, "seen": seen, "wrong": wrong}))
"""


def change(project: Path, number: int) -> None:
    """Give every star count of Keras the value `number`."""
    path = project / "data" / "reference" / "github_stars.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"value": number} if row["framework"] == "keras" else row for row in rows)


def read_while_releasing(tmp_path: Path, readers: int, releases: int, pause: float) -> None:
    project = tmp_path / "project"
    for folder in ("sql", "data/reference"):
        shutil.copytree(PROJECT / folder, project / folder)
    settings = Settings(project=project, data=tmp_path / "data")
    began = datetime(2026, 1, 1, tzinfo=UTC)
    change(project, 1_000_000)
    steps.refresh(settings, [], began, offline=True)
    script, stop = tmp_path / "reader.py", tmp_path / "stop"
    script.write_text(READER, encoding="utf-8")
    command = [sys.executable, str(script), str(settings.data), str(stop), str(pause)]
    environment = {"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"}
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(readers)
    ]
    stars = (
        "select distinct value::bigint from warehouse.marts.framework_shares "
        "where framework = 'keras' and unit = 'stars'"
    )
    try:
        with closing(duckdb.connect()) as session:
            session.execute(f"attach '{settings.current / 'warehouse.duckdb'}' as warehouse (read_only)")
            for number in range(1, releases + 1):
                change(project, 1_000_000 + number)
                built = steps.refresh(settings, [], began + timedelta(minutes=number), offline=True).built
                assert built.is_new
                assert_one_release(settings, 1_000_000 + number)
                assert session.execute(stars).fetchall() == [(1_000_000,)]
            time.sleep(1 + 2 * pause)
    finally:
        stop.touch()
        said = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in said if error] == []
    found = [json.loads(out) for out, _ in said]
    assert [each["wrong"] for each in found if each["wrong"]] == []
    assert all(each["seen"][-1] == 1_000_000 + releases for each in found)
    assert all(len(each["seen"]) > 1 for each in found), "readers that saw one release only prove nothing"


def assert_one_release(settings: Settings, number: int) -> None:
    """Database and exports of the current release tell the same number, and its site has the SQL page."""
    release = warehouse_path(settings).parent
    assert "make sql-page" in (release / "site" / "sql.html").read_text(encoding="utf-8")
    where = "where source = 'github_stars' and framework = 'keras'"
    with duckdb.connect() as con:
        for name in ("framework_shares.csv.gz", "framework_shares.parquet"):
            found = con.execute(f"select distinct value::bigint from '{release / 'exports' / name}' {where}").fetchall()
            assert found == [(number,)], name


@pytest.mark.slow
def test_a_few_readers_during_a_few_releases(tmp_path):
    read_while_releasing(tmp_path, readers=4, releases=3, pause=0.2)


@pytest.mark.soak
def test_twenty_readers_during_thirty_releases(tmp_path):
    read_while_releasing(tmp_path, readers=20, releases=30, pause=2.0)
