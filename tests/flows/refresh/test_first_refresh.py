"""A whole first refresh through a mirror that answers as the services do in November 2026."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import duckdb
import pytest

from flows.refresh import steps
from flows.settings import Settings
from flows.sources import hosts
from tests import faults
from tests.fault_sources import GOOD, NOW
from tests.november import ODDITIES, November

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[November, Settings]]:
    """What one refresh of everything left behind, and what it asked."""
    with faults.without_waiting(), November() as world:
        settings = faults.limits(world, tmp_path_factory.mktemp("first") / "data")
        steps.refresh(replace(settings, attempts=3), faults.LIVE, NOW)
        yield world, settings


def status(settings: Settings) -> dict[str, tuple[str, str]]:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        rows = con.execute("select source, origin, coalesce(message, '') from marts.source_status").fetchall()
    return {source: (origin, message) for source, origin, message in rows}


def test_every_source_that_has_an_answer_is_live(refreshed: tuple[November, Settings]) -> None:
    told = status(refreshed[1])
    # Figures from the labels of repositories stand under the sources whose links they label.
    played = [source.NAME for source in faults.LIVE if source.NAME in GOOD.keys() - {"repository_frameworks"}]
    assert {name: told[name] for name in played if told[name][0] != "live"} == {}


@pytest.mark.parametrize(("source", "words"), ODDITIES.items(), ids=list(ODDITIES))
def test_each_gap_is_named(refreshed: tuple[November, Settings], source: str, words: str) -> None:
    assert words in status(refreshed[1])[source][1]


def test_years_to_come_and_holes_are_not_published(refreshed: tuple[November, Settings]) -> None:
    with closing(duckdb.connect(str(refreshed[1].current / "warehouse.duckdb"), read_only=True)) as con:
        [(latest,)] = con.execute(
            "select max(year(period_start)) from marts.framework_shares where source = 'openalex_citations'"
        ).fetchall()
        [(zeros,)] = con.execute(
            "select count(*) from marts.framework_shares where source = 'google_trends' and origin = 'live' "
            "and framework = 'pytorch' and value = 0"
        ).fetchall()
    assert (latest, zeros) == (2025, 0)


def test_the_table_of_hosts_is_what_was_asked(refreshed: tuple[November, Settings]) -> None:
    asked = {request.host for request in refreshed[0].requests}
    table = {host.name: host.kind for host in hosts.table()}
    assert {host for host in asked if not any(fnmatch(host, name) for name in table)} == set()
    needed = {name for name, kind in table.items() if kind == hosts.ASKED}
    assert needed <= asked, "a host that nothing asks is no host to open"


def test_each_oddity_came_up(refreshed: tuple[November, Settings]) -> None:
    for oddity in ("a file of another host", "a body that breaks off", "403 as a limit", "pages of stars"):
        assert refreshed[0].seen[oddity], oddity
    landed = sorted(path.name for path in Path(refreshed[1].raw).glob("*/*/list-*"))
    assert landed == [], "no list is counted where the total is told"
