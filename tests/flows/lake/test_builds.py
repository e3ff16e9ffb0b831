"""A build whose records were counted elsewhere is that of one machine; a release goes to the lake by itself."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import duckdb
import pytest

from flows.lake import cluster, commits, engine, partitions
from flows.lake.partitions import Run
from flows.refresh import making, steps
from flows.release.inputs import read_inputs
from flows.release.loaders import loaders
from flows.settings import Settings
from flows.sources import papers_with_code
from flows.warehouse import build as warehouse
from tests.flows.sources.pulled import pull
from tests.loopback import Answer
from tests.parquet import as_parquet

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def links(count: int) -> list[dict[str, object]]:
    labels = ["pytorch", "tf", "none", "jax", None]
    return [
        {
            "paper_url": f"https://paperswithcode.com/paper/p{number // 2}",
            "paper_title": "A title",
            "paper_arxiv_id": f"{17 + number % 7}{1 + number % 12:02d}.{number // 2:05d}",
            "paper_url_abs": None,
            "paper_url_pdf": None,
            "repo_url": f"https://github.com/o{number % 40}/r{number % 90}",
            "is_official": number % 3 == 0,
            "mentioned_in_paper": False,
            "mentioned_in_github": True,
            "framework": labels[number % 5],
        }
        for number in range(count)
    ]


def by_turns(run: Run) -> None:
    """Make every part in this process, as a cluster of one worker would."""
    for number, stage in enumerate(run.stages):
        with engine.connected(run.settings, run_id=run.run_id) as con:
            left = run.parts(con, number)
        assert left, stage
        for part in left:
            assert partitions.run_part(run.settings, run.run_id, run.wanted, number, part)


def test_a_build_on_a_cluster_is_the_build_of_one_machine_to_the_row(lake, server, tmp_path, monkeypatch):
    address = urlsplit(papers_with_code.URL["links.parquet"])
    server.answer(address.netloc, address.path, Answer(as_parquet(tmp_path, links(600))))
    pull(lake, papers_with_code, NOW)
    inputs = read_inputs(lake, NOW)
    warehouse.build(lake, tmp_path / "one.duckdb", loaders(inputs))
    monkeypatch.setattr(cluster, "_work", by_turns)
    asked = replace(lake, cluster="tcp://in.this.process:1")
    elsewhere = lambda con, models: cluster.given(asked, con, models)  # noqa: E731
    warehouse.build(asked, tmp_path / "many.duckdb", loaders(inputs), elsewhere=elsewhere)
    with closing(duckdb.connect()) as con:
        for name in ("one", "many"):
            con.execute(f"attach '{tmp_path / name}.duckdb' as {name} (read_only)")
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'one' "
            "and schema_name in ('intermediate', 'marts', 'pages')"
        ).fetchall()
        assert con.execute("select count(*) from one.intermediate.papers_with_code_links_dated").fetchall() == [(600,)]
        for (table,) in tables:
            for left, right in (("one", "many"), ("many", "one")):
                differs = con.execute(f"from {left}.{table} except all from {right}.{table} limit 1").fetchall()
                assert not differs, (table, differs)


def test_every_build_brings_the_lake_along_and_a_rollback_takes_it_back(lake: Settings, monkeypatch):
    monkeypatch.setattr(making, "render", lambda _, folder, __: (folder / "site" / "index.html").write_text("a page"))
    first = steps.build(lake, NOW).release.release_id
    second = steps.build(lake, NOW, force=True).release.release_id
    with engine.connected(lake, read_only=True) as con:
        assert [one.release_id for one in commits.commits(con)] == [first, second]
        [(shares,)] = con.execute("select count(*) from lake.marts.framework_shares").fetchall()
    assert shares > 1000
    steps.rollback(lake, NOW)
    assert commits.found(lake, None).release_id == first
