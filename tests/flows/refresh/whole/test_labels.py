"""Repositories with a known label through a whole refresh: agreement, and shares after July 2025, down to the page."""

import csv
import html
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import duckdb
import pytest

from flows.refresh import steps
from flows.settings import Settings
from flows.sources import papers_with_code
from flows.sources.papers_after_2025 import source as papers_after_2025
from flows.sources.repository_frameworks import source as repository_frameworks
from tests.flows.sources.github_graphql import GitHub
from tests.labelled_repositories import NOW, TABLE, repositories, serve, serve_lists
from tests.loopback import Loopback
from tests.shared_data import shared

pytestmark = pytest.mark.slow


class Labelled(NamedTuple):
    """The service, the warehouse and the research page of one refresh."""

    github: GitHub
    con: duckdb.DuckDBPyConnection
    page: str


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labelled]:
    shared("framework_labels")
    folder = tmp_path_factory.mktemp("labelled")
    with Loopback() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(repository_frameworks, "PACES", {})
        patch.setattr(papers_after_2025, "PACES", {})
        github = serve(server, folder)
        serve_lists(server)
        settings = Settings(
            data=folder / "data", mirror=server.address, expect_sizes=False, read_seconds=30.0, backoff_seconds=0.01
        )
        steps.refresh(settings, [papers_with_code, papers_after_2025, repository_frameworks], NOW)
        page = (settings.current / "site" / "research.html").read_text(encoding="utf-8")
        with duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True) as con:
            yield Labelled(github, con, page)


@pytest.fixture(scope="module")
def con(labelled: Labelled) -> duckdb.DuckDBPyConnection:
    return labelled.con


def test_at_most_two_queries_for_twenty_repositories(labelled: Labelled) -> None:
    assert len(labelled.github.asked) <= 2.2 * len(repositories()) / 20


def test_agreement_is_that_of_the_embedded_table(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select theirs, ours, sum(repository_count)::bigint from intermediate.detection_pairs group by all"
    ).fetchall()
    with TABLE.open(encoding="utf-8", newline="") as file:
        kept = {(row["theirs"], row["ours"], int(row["repository_count"])) for row in csv.DictReader(file)}
    assert set(found) == kept, "run python -m tests.labelled_repositories"
    plain, low = con.execute(
        "select agreement_pct, agreement_low_pct from marts.detection_agreement where scope = 'looked at'"
    ).fetchall()[0]
    assert plain >= 91
    assert low < plain
    weighted = con.execute("select agreement_pct from marts.detection_agreement where scope = 'archive'").fetchall()
    assert weighted[0][0] >= 93


def test_every_label_shows_why(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("select framework, rule, path from marts.repository_frameworks").fetchall()
    assert len(rows) == len(repositories())
    assert all(rule for _, rule, _ in rows)
    assert all(path for framework, _, path in rows if framework not in ("none", "undecided"))


def test_shares_go_on_after_the_archive(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select population, count(distinct period_start), min(base), bool_and(quality = 'detected'), "
        "bool_and(share_low_pct <= share_pct and share_pct <= share_high_pct) "
        "from marts.framework_shares where source = 'papers_after_2025' and series like 'repositories%' "
        "and grain = 'month' and framework = 'pytorch' group by population order by population"
    ).fetchall()
    assert [row[0] for row in rows] == ["detected", "detected, corrected", "main framework"]
    assert all(months == 6 and is_detected and is_inside for _, months, _, is_detected, is_inside in rows)


def test_the_draw_lies_over_the_archive_s_own_line(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select drawn.share_low_pct, drawn.share_high_pct, sum(own.value) / sum(own.base) * 100 "
        "from marts.framework_shares as drawn inner join marts.framework_shares as own "
        "on own.source = 'papers_with_code' and own.series = 'links_all' and own.population = 'all' "
        "and own.grain = 'month' and date_trunc('year', own.period_start) = drawn.period_start "
        "and own.framework = drawn.framework "
        "where drawn.population = 'draw from the archive, detected' and drawn.framework = 'pytorch' group by all"
    ).fetchall()
    assert rows
    assert all(low <= own <= high for low, high, own in rows)


def test_the_source_is_as_live_as_its_own_answers(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select source, origin, state, row_count > 0 from marts.source_status "
        "where source in ('repository_frameworks', 'papers_after_2025') order by source"
    ).fetchall()
    assert rows == [("papers_after_2025", "live", "live", True), ("repository_frameworks", "live", "live", True)]


def test_the_page_draws_shares_after_the_archive(labelled: Labelled) -> None:
    (data,) = re.findall(
        r'<script type="application/json" id="papers_after_2025-data">(.*?)</script>', labelled.page, re.DOTALL
    )
    drawn = {choice["key"]: choice for choice in json.loads(html.unescape(data))["choices"]}
    corrected = drawn["repositories_all|detected, corrected"]
    assert "Aug 2025 to Jan 2026" in corrected["alternative"]
    assert re.search(r"PyTorch \d+%, TensorFlow \d+%, of \d+ in the base", corrected["alternative"])
    assert {"repositories_known|detected", "repositories_known|main framework"} <= drawn.keys()
    assert "labelled by our own rules" in labelled.page


def test_the_page_prints_how_often_labels_agree_and_why_each_was_given(labelled: Labelled) -> None:
    words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", labelled.page.partition('id="labels"')[2])))
    plain, count = labelled.con.execute(
        "select agreeing_count, repository_count from marts.detection_agreement where scope = 'looked at'"
    ).fetchall()[0]
    assert f"All of them {plain} of {count} " in words
    assert "measured on a draw from the archive" in words
    examples = labelled.con.execute("select repository, rule, path, framework from pages.label_examples").fetchall()
    assert len({framework for *_, framework in examples}) >= 9
    for repository, rule, path, _ in examples:
        assert re.search(
            rf"{re.escape(repository)} [\w ()]+ {re.escape(rule)} {re.escape(path) if path else '.'}", words
        )
