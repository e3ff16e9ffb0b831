"""Record-level models on a Dask cluster of processes: the same counts as on one machine, also where workers die."""

import os
import random
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from flows.errors import LakeError
from flows.lake import cluster, engine, partitions
from flows.lake.partitions import Run
from flows.settings import Settings
from tests.flows.lake import services
from tests.flows.lake.made import DATED, FRAMEWORKS, WANTED, made_links, one_process

pytestmark = pytest.mark.slow

LINKS = 20_000
PARTS = 5


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return made_links(tmp_path_factory.mktemp("links"), LINKS, PARTS)


@pytest.fixture
def at_work(
    lake: Settings, prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Settings, services.Cluster]]:
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    with services.cluster(tmp_path, {}) as started:
        yield replace(lake, cluster=started.address), started


@contextmanager
def frameworks() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as a build has it: its staging tables are there."""
    with closing(duckdb.connect()) as con:
        con.execute(f"create schema staging; create table staging.reference__frameworks as {FRAMEWORKS}")
        yield con


def counted(con: duckdb.DuckDBPyConnection, run: Run) -> dict[str, set[tuple[object, ...]]]:
    return {table: set(con.execute(run.whole(con, table)).fetchall()) for table in WANTED}


def test_a_cluster_counts_as_one_process_does_and_leaves_nothing_behind(at_work, parts):
    settings, _ = at_work
    with frameworks() as con:
        inputs = {"staging.papers_with_code__links": parts}
        with cluster.shared_out(settings, con, (DATED, *WANTED), inputs, bucket_count=3) as run:
            assert counted(con, run) == one_process(parts)
            records = run.whole(con, DATED)
            assert con.execute(f"select count(*), count(distinct link_id) from ({records})").fetchall() == [
                (LINKS, LINKS)
            ]
        con.execute(f"attach '{settings.lake}' as server (type postgres, read_only)")
        left = con.execute("select schema_name from duckdb_schemas() where database_name = 'server'").fetchall()
        assert not [name for (name,) in left if name.startswith("work_")]
        assert not con.execute(f"from glob('{settings.lake_data}/work/**')").fetchall(), "no file either"


def test_workers_that_die_change_no_count_and_nothing_is_counted_twice(at_work, parts):
    settings, started = at_work
    kills = int(os.environ.get("CLUSTER_KILLS", "4"))
    ended = threading.Event()
    killed = 0

    def kill() -> None:
        nonlocal killed
        moments = random.Random(20261130)
        while killed < kills and not ended.wait(moments.uniform(0.5, 2.0)):
            started.kill_worker(moments.randrange(len(started.workers)))
            killed += 1

    killer = threading.Thread(target=kill)
    with frameworks() as con:
        inputs = {"staging.papers_with_code__links": parts}
        killer.start()
        try:
            with cluster.shared_out(settings, con, WANTED, inputs, bucket_count=3) as run:
                ended.set()
                assert counted(con, run) == one_process(parts)
        finally:
            ended.set()
            killer.join()
    assert killed


def test_a_part_that_is_made_twice_counts_once(lake, parts, monkeypatch):
    with frameworks() as con:
        run = Run(lake, "twice", WANTED)
        engine.attach_work(con, lake, run.run_id)
        run.begin(con, {"staging.papers_with_code__links": parts}, 2)
        # Two workers that each think the other is dead: neither sees the other's line until both have committed.
        monkeypatch.setattr(Run, "parts", lambda self, con, number: list(range(PARTS)))
        for number, stage in enumerate(run.stages):
            for part in range(PARTS if stage.key == "rows" else 2):
                assert partitions.run_part(lake, "twice", WANTED, number, part)
                assert partitions.run_part(lake, "twice", WANTED, number, part)
        assert counted(con, run) == one_process(parts)


def test_a_part_that_is_done_is_not_made_again(lake, parts):
    with frameworks() as con:
        run = Run(lake, "once", WANTED)
        engine.attach_work(con, lake, run.run_id)
        run.begin(con, {"staging.papers_with_code__links": parts}, 2)
        assert partitions.run_part(lake, "once", WANTED, 0, 3)
        assert not partitions.run_part(lake, "once", WANTED, 0, 3)
        assert run.parts(con, 0) == [0, 1, 2, 4]


def test_a_worker_of_another_version_is_refused(lake, parts, monkeypatch):
    with frameworks() as con:
        engine.attach_work(con, lake, "other")
        Run(lake, "other", WANTED).begin(con, {"staging.papers_with_code__links": parts}, 2)
        monkeypatch.setattr(partitions, "_code_key", lambda _: "of another version")
        with pytest.raises(LakeError, match=r"found another version\. Bring all hosts to the same version"):
            partitions.run_part(lake, "other", WANTED, 0, 0)


def test_a_scheduler_that_is_not_there_is_named(lake, prefect_api, parts, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    address = f"tcp://127.0.0.1:{services.free_port()}"
    inputs = {"staging.papers_with_code__links": parts}
    with (
        frameworks() as con,
        pytest.raises(LakeError, match=f"{address}: expected a Dask scheduler, found none"),
        cluster.shared_out(replace(lake, cluster=address), con, WANTED, inputs),
    ):
        pass
