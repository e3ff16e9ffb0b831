"""Every source that asks the network times every fault: what is published stays, and the message tells the cure.

For each fault, each source is asked while it alone is broken, with a bystander beside it; then one build makes a
release of all that came of it, and each cell looks at its own source there. The matrix is printed at the end. Whole
refreshes with one broken source are in tests/flows/refresh/test_faulty_refreshes.py.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from flows.landing.landing import LandedFile, landed_files
from flows.landing.status import SourceCheck, read_status
from flows.refresh import report, steps
from flows.release import lock, releases
from flows.settings import Settings
from flows.sources import SOURCES, Source
from tests.fault_sources import GOOD
from tests.faults import (
    CELLS,
    CURES,
    FAULTS,
    LATER,
    LIVE,
    SPOILT,
    Figures,
    World,
    bystander,
    copied,
    expected,
    make_well,
    published,
    pulled,
    without_waiting,
)


@dataclass
class Cell:
    """What came of one source under one fault.

    Attributes:
        check: of the source.
        beside: check of the bystander, asked right after.
        held: what was landed of the source before, and what after.
        is_spoilt: whether an answer was sent with other content.
        told: what the operator reads: the failure, why the landing is held back, or the note.
        outcome: failed, held back, told or passes.
        figures: of the source in the previous release and in the next one.
    """

    check: SourceCheck
    beside: SourceCheck
    held: tuple[list[LandedFile], list[LandedFile]]
    is_spoilt: bool
    told: str = ""
    outcome: str = ""
    figures: tuple[Figures, Figures] = ({}, {})


Row = dict[str, Cell]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as started, without_waiting():
        yield started


@pytest.fixture(scope="module")
def row(world: World, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Row]:
    """The cells of a fault, made together once."""
    well: list[Settings] = []
    rows: dict[str, Row] = {}

    def made(fault: str) -> Row:
        if not well:
            well.append(make_well(world, tmp_path_factory.mktemp("well") / "data"))
        if fault not in rows:
            name = re.sub(r"\W+", "-", fault)
            rows[fault] = make_row(world, copied(well[0], tmp_path_factory.mktemp(name) / "data"), fault)
        return rows[fault]

    return made


def make_row(world: World, settings: Settings, fault: str) -> Row:
    """Ask each source while it alone is broken, then publish what came of it."""
    before, cells = published(settings), Row()
    for source in CELLS:
        SPOILT.clear()
        held = landed_files(settings, source.NAME)
        check = pulled(world, settings, source, fault)
        beside = steps.pull_and_note(settings, bystander(), LATER, None)
        cells[source.NAME] = Cell(check, beside, (held, landed_files(settings, source.NAME)), bool(SPOILT))
    with lock.locked(settings):
        releases.sweep(settings)
        steps.build(settings, LATER)
    after, quarantined = published(settings), read_status(settings).quarantined
    for name, cell in cells.items():
        cell.figures = before[name], after[name]
        cell.told, cell.outcome = cell.check.message, cell.check.outcome
        if name in quarantined:
            cell.told, cell.outcome = quarantined[name].reason, "held back"
        elif cell.outcome != "failed":
            is_told = expected(name, fault)[0] == "told" and cell.told
            cell.outcome = "told" if is_told else "passes"
    return cells


@pytest.fixture(scope="module")
def matrix(request: pytest.FixtureRequest) -> Iterator[list[tuple[str, ...]]]:
    """Outcomes by source and fault, printed when all are in."""
    rows: list[tuple[str, ...]] = []
    yield rows
    header = ("source", "fault", "outcome", "published", "bystander", "message")
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{report.table(header, rows)}\n{len(rows)} of {len(LIVE) * len(FAULTS)} cells")


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("source", CELLS, ids=lambda source: source.NAME)
def test_fault(source: Source, fault: str, row: Callable[[str], Row], matrix: list[tuple[str, ...]]) -> None:
    wanted, words = expected(source.NAME, fault)
    cell = row(fault)[source.NAME]
    before, after = cell.figures
    changed = {key: (value, after.get(key)) for key, value in before.items() if after.get(key) != value}
    stays = "stays" if after == before else "CHANGED" if changed else "stays, and grows"
    found = " ".join((cell.told.partition("found ")[2] or cell.told).split())
    matrix.append((source.NAME, fault, cell.outcome, stays, cell.beside.outcome, found[:110]))

    assert before
    assert not changed
    assert after == before or cell.outcome not in ("failed", "held back"), "what failed was published"
    assert cell.beside.outcome == "downloaded"
    assert cell.outcome in (("failed", "held back") if wanted == "refused" else (wanted,)), cell.told
    if fault in GOOD[source.NAME].broken or FAULTS[fault][1] == "refused":
        assert cell.is_spoilt, "no answer could be spoilt: give the entry its own `broken`"
    if cell.outcome == "failed":
        assert set(map(str, cell.held[0])) <= set(map(str, cell.held[1])), "what was held is held no more"
    if cell.outcome != "passes":
        assert_tells(source, cell, words)


def assert_tells(source: Any, cell: Cell, words: str) -> None:
    """The message names source or address, what was expected and found, and the cure."""
    assert words in cell.told
    assert any(host in cell.told for host in source.HOSTS) or source.NAME in cell.told
    assert any(cure in cell.told.lower() for cure in CURES), cell.told
    if cell.outcome == "failed":
        assert re.search(r"\S+: expected .+, found .+\. [A-Z].+\.", cell.told, re.DOTALL), cell.told


def test_every_source_that_asks_the_network_has_good_answers() -> None:
    assert {source.NAME for source in LIVE} == GOOD.keys(), "a live source needs an entry in tests/fault_sources.py"


def test_a_source_without_hosts_asks_nothing(settings: Settings, server: World) -> None:
    """So none can be missing from the matrix: what it pulled would be an unknown host's."""
    for source in SOURCES:
        if not source.HOSTS:
            assert steps.pull_one(settings, source, LATER).outcome == "unchanged"
    assert server.requests == []


@pytest.mark.parametrize("source", GOOD)
def test_entries_name_faults(source: str) -> None:
    assert (GOOD[source].expects.keys() | GOOD[source].broken.keys()) <= FAULTS.keys()
