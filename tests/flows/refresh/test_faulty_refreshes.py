"""Whole refreshes while one source is broken, one fault a source: the ten others refresh and are published as live."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from flows.landing.status import read_status
from flows.refresh import steps
from flows.settings import Settings
from tests.fault_sources import GOOD, NOW
from tests.faults import (
    CELLS,
    FAULTS,
    LATER,
    LIVE,
    World,
    bystander,
    copied,
    expected,
    make_well,
    published,
    without_waiting,
)

# A fault that answers can show, since the others are asked at the same time; every kind of damage once.
BROKEN = {
    "papers_with_code": "half the rows",
    "google_trends": "429 with Retry-After",
    "stack_overflow_survey": "renamed column",
    "papers_after_2025": "reset in mid-body",
    "repository_frameworks": "empty 200",
    "pypi_downloads": "503 for ever",
    "conda_downloads": "truncated body",
    "huggingface_models": "wrong content type",
    "github_dependents": "403",
    "github_stars": "401",
    "stack_overflow_questions": "301 to HTML",
    "openalex_citations": "wrong types",
    "hn_hiring": "stalled body",
}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as started, without_waiting():
        yield started


@pytest.fixture(scope="module")
def well(world: World, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_well(world, tmp_path_factory.mktemp("well") / "data")


@pytest.mark.slow
# A source that asks nothing again within these 40 days cannot be seen broken here; test_faults.py does so.
@pytest.mark.parametrize("broken", [name for name in BROKEN if GOOD[name].days_later <= (LATER - NOW).days])
def test_one_broken_source_leaves_the_others(broken: str, world: World, well: Settings, tmp_path: Path) -> None:
    settings, fault = replace(copied(well, tmp_path / "data"), read_seconds=2.0), FAULTS[BROKEN[broken]][0]
    before = published(settings)
    assert fault
    world.fault = (broken, fault)
    try:
        report = steps.refresh(settings, [*CELLS, bystander()], LATER)
    finally:
        world.fault = None

    others = report.checks.keys() - {broken}
    assert {report.checks[name].outcome for name in others} <= {"downloaded", "unchanged"}
    held_back = read_status(settings).quarantined
    wrong = set(report.failed_sources) | held_back.keys()
    assert wrong == {broken}, {name: report.checks[name].message for name in report.failed_sources}
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        stand = con.execute("select source, origin, message from marts.source_status").fetchall()
    origins = {source: origin for source, origin, _ in stand if source in before}
    assert origins == dict.fromkeys(before, "live") | {broken: "cached"}, "failed, or held back"
    after = published(settings)
    assert after[broken] == before[broken]
    for name in others & before.keys():
        assert before[name].items() <= after[name].items()
    # The page and `trends status` show the operator the same words.
    [message] = [message for source, _, message in stand if source == broken]
    assert (held_back[broken].reason if broken in held_back else report.checks[broken].message) in message
    assert expected(broken, BROKEN[broken])[1] in message


def test_every_source_is_broken_once() -> None:
    assert BROKEN.keys() == {source.NAME for source in LIVE}
    assert len(set(BROKEN.values())) == len(BROKEN)
