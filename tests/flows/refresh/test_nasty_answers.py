"""Whatever a service answers, and whatever a module raises, costs its source one check: no refresh ends of it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.landing.status import read_status
from flows.refresh import steps
from flows.release import lock
from flows.settings import Settings
from flows.sources import Source
from tests.faults import CELLS, LATER, NOW, World, bystander, copied, make_well, published, without_waiting
from tests.nasty import Nasty

SEEDS = int(os.environ.get("TRENDS_NASTY_SEEDS", "20"))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as started, without_waiting():
        yield started


@pytest.fixture(scope="module")
def well(world: World, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_well(world, tmp_path_factory.mktemp("well") / "data")


@pytest.mark.slow
@pytest.mark.nasty
@pytest.mark.parametrize("source", CELLS, ids=lambda source: source.NAME)
def test_nasty_answers_are_the_sources_own_trouble(
    source: Source, world: World, well: Settings, tmp_path: Path
) -> None:
    """Each answer is refused in our words, or held back, or passes; none is a bug, and what is published stays."""
    settings = replace(copied(well, tmp_path / "data"), read_seconds=1.0, source_seconds=10.0)
    before, bugs, spoilt = published(settings), set[str](), 0
    for seed in range(SEEDS):
        if seed % 2:  # nothing of it is held, so that it asks for all; else it asks for what is new
            shutil.rmtree(settings.raw / source.NAME, ignore_errors=True)
        hand = Nasty(seed)
        world.fault = (source.NAME, hand)
        try:
            check = steps.pull_and_note(settings, source, LATER + timedelta(days=seed), None)
        finally:
            world.fault = None
        if "found a bug" in check.message:
            bugs.add(f"seed {seed}: {check.message[:300]}")
        spoilt += hand.count > 0
    assert not bugs, "\n".join(sorted(bugs))
    assert spoilt >= SEEDS // 3, f"of {SEEDS} refreshes only {spoilt} met a spoilt answer"
    with lock.locked(settings):
        steps.build(settings, LATER + timedelta(days=SEEDS))
    after = published(settings)
    made_from_it = {each.NAME for each in CELLS if source.NAME in getattr(each, "AFTER", ())}
    for name in after.keys() - {source.NAME} - made_from_it:
        assert before[name].items() <= after[name].items(), f"{name} lost figures by {source.NAME}"


def raising(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError("planted")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["fetch", "load"])
@pytest.mark.parametrize("source", CELLS, ids=lambda source: source.NAME)
def test_a_module_that_raises_is_named_and_the_others_are_published(
    source: Source, place: str, world: World, well: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = copied(well, tmp_path / "data")
    before = published(settings)
    monkeypatch.setattr(source, place, raising)
    if place == "fetch":
        check = steps.pull_and_note(settings, source, NOW + timedelta(days=1), None)
        assert check.outcome == "failed"
        beside = steps.pull_and_note(settings, bystander(), NOW + timedelta(days=1), None)
        assert beside.outcome == "downloaded"
        assert "ZeroDivisionError: planted" in check.message
        return
    with lock.locked(settings):
        assert steps.build(settings, NOW + timedelta(days=1), force=True, full=True).is_new
    assert published(settings) == before, "its rows are carried over"
    check = read_status(settings).sources[source.NAME]
    assert "ZeroDivisionError: planted" in check.message
