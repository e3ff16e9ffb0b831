"""Every live source times every fault: what was published stays, the others refresh, and the message tells the cure.

Each cell starts from a published release with figures of the source, breaks every answer of that source's hosts,
refreshes it together with a bystander, and looks at what is published then. The matrix is printed at the end.
"""

import csv
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from flows import releases, report, steps
from flows.landing import JSON, Landing, landed_files
from flows.settings import Settings
from flows.sources import SOURCES
from flows.status import SourceCheck
from tests.fault_answers import GOOD, WAITING, Good
from tests.loopback import Answer, Loopback, Request

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAGE = "<!doctype html><html><title>Moved</title><p>Please log in.</p></html>"
LIVE = [source for source in SOURCES if source.HOSTS]
CELLS = [source for source in LIVE if source.NAME in GOOD]
CURES = (
    *("refresh again", "check the network", "check that the mirror", "browser", "update ", "raise trends_"),
    *("set trends_mirror", "compare it", "delete the file", "trends accept", "name the file"),
)

Fault = Callable[[Good, Request, Answer], Answer]


def instead(**fields: Any) -> Fault:
    """The same answer in place of every one."""
    return lambda _good, _request, _answer: Answer(**fields)


def body(**fields: Any) -> Fault:
    """The good answer, but sent badly from the middle of its body on."""
    return lambda _good, _request, answer: replace(answer, cut_at=len(answer.payload) // 2, **fields)


SPOILT: list[str] = []


def content(fault: str) -> Fault:
    """A good container with the wrong content; a body without rows, such as a page, stays as it is."""

    def spoil(good: Good, request: Request, answer: Answer) -> Answer:
        try:
            body = good.spoil(fault, answer.payload)
        except (ValueError, LookupError, csv.Error, duckdb.Error):
            return answer
        if answer.status == 200 and body != answer.payload:
            SPOILT.append(request.path)
        return replace(answer, body=body)

    return spoil


def moved(_good: Good, request: Request, _answer: Answer) -> Answer:
    if request.path == "/moved":
        return Answer(PAGE, headers={"Content-Type": "text/html"})
    return Answer.redirect(f"https://{request.host}/moved", status=301)


class Once:
    """500 for the first request of each address, then the good answer."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str, str, bytes]] = set()

    def __call__(self, _good: Good, request: Request, answer: Answer) -> Answer:
        key = (request.host, request.path, request.query, request.body)
        if key in self.seen:
            return answer
        self.seen.add(key)
        return Answer(status=500)


# What is expected: the source "failed" with one of these words, or "passes", or its content is "refused" at the landing
# or held back before the release.
FAULTS: dict[str, tuple[Fault | None, str, str]] = {
    "connection refused": (None, "failed", "refused"),
    "name not found": (None, "failed", "no-such-host.invalid"),
    "stalled connect": (None, "failed", "no connection within"),
    "stalled answer": (instead(stall_seconds=30), "failed", "silence"),
    "stalled body": (body(after_cut="stall"), "failed", "silence"),
    "reset in mid-body": (body(after_cut="reset"), "failed", "broken connection"),
    "301 to HTML": (moved, "failed", "moved"),
    "401": (instead(status=401), "failed", "status 401"),
    "403": (instead(status=403), "failed", "status 403"),
    "404": (instead(status=404), "failed", "status 404"),
    "429": (instead(status=429), "failed", "status 429"),
    "429 with Retry-After": (instead(status=429, headers={"Retry-After": "3600"}), "failed", "come back in 3600 s"),
    "500 then good": (Once(), "passes", ""),
    "503 for ever": (instead(status=503), "failed", "status 503"),
    "empty 200": (instead(body=b""), "failed", "empty"),
    "truncated body": (body(after_cut="close"), "failed", ""),
    "wrong content type": (instead(body=PAGE, headers={"Content-Type": "text/html"}), "failed", "HTML"),
    "renamed column": (content("renamed column"), "refused", ""),
    "wrong types": (content("wrong types"), "refused", ""),
    "half the rows": (content("half the rows"), "refused", ""),
    "oversized": (None, "failed", "TRENDS_MAX_BYTES"),
}


class World(Loopback):
    """Every host answers well, but for those of one source, whose answers go through a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: tuple[str, Fault] | None = None

    def _find(self, request: Request) -> Answer:
        self.requests.append(request)
        if request.host == "bystander.example":
            return Answer({"version": len(self.requests)})
        for source in CELLS:
            if request.host in source.HOSTS:
                good = GOOD[source.NAME]
                answer = Answer(PAGE) if request.path == "/moved" else good.answer(request)
                if self.fault and self.fault[0] == source.NAME:
                    return self.fault[1](good, request, answer)
                return answer
        return Answer(status=404)


def bystander() -> Any:
    """A source that is always well; it borrows the name of one that is never asked."""

    def fetch(landing: Landing, _: Settings) -> None:
        landing.download("https://bystander.example/data.json", name="data.json", expect=JSON)

    return SimpleNamespace(NAME="python_developers_survey", HOSTS=("bystander.example",), fetch=fetch)


def published(settings: Settings, source: str) -> list[tuple[Any, ...]]:
    """The figures of a source in the current release."""
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        return con.execute(
            "select series, population, grain, period_start, framework, value, base from marts.framework_shares "
            f"where source = '{source}' and origin <> 'reference' order by all"
        ).fetchall()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as started:
        yield started


@pytest.fixture(scope="module")
def matrix(request: pytest.FixtureRequest) -> Iterator[list[tuple[str, ...]]]:
    """Outcomes by source and fault, printed when all are in."""
    rows: list[tuple[str, ...]] = []
    yield rows
    header = ("source", "fault", "outcome", "published", "bystander", "message")
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n" + report.table(header, rows))


@pytest.fixture(scope="module")
def well(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """A data folder with a published release of one source, made once a source."""
    made: dict[str, Path] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "render", lambda _, folder, __: (folder / "site/index.html").write_text("pages"))
        patch.setattr(steps, "_import_dashboards", lambda: None)

        def folder(name: str) -> Path:
            if name not in made:
                settings = replace(limits(world, tmp_path_factory.mktemp(name) / "data"), **GOOD[name].settings)
                world.fault = None
                (source,) = steps.chosen([name])
                checks = steps.refresh(settings, [source, bystander()], NOW).checks
                assert checks[name].outcome == "downloaded", checks[name].message
                assert published(settings, name), f"the answers of {name} make no figures; see tests/fault_answers.py"
                made[name] = settings.data
            return made[name]

        yield folder


def limits(world: World, data: Path) -> Settings:
    return Settings(
        data=data,
        mirror=world.address,
        connect_seconds=0.3,
        read_seconds=0.3,
        source_seconds=20.0,
        reachable_seconds=1.0,
        attempts=2,
        backoff_seconds=0.001,
    )


def pulled(world: World, settings: Settings, source: Any, fault: str) -> SourceCheck:
    """Ask the source while the fault is there."""
    made, now = FAULTS[fault][0], NOW + timedelta(days=GOOD[source.NAME].days_later)
    world.fault = (source.NAME, made) if made else None
    if fault == "connection refused":
        with closing(socket.socket()) as closed:
            closed.bind(("127.0.0.1", 0))
            settings = replace(settings, mirror=f"http://127.0.0.1:{closed.getsockname()[1]}")
            return steps.pull_and_note(settings, source, now, None)
    if fault == "name not found":
        settings = replace(settings, mirror="http://no-such-host.invalid")
    if fault == "oversized":
        settings = replace(settings, max_bytes=64)
    if fault != "stalled connect":
        return steps.pull_and_note(settings, source, now, None)
    with closing(socket.socket()) as full, closing(socket.socket()) as one, closing(socket.socket()) as two:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (one, two):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        settings = replace(settings, mirror=f"http://127.0.0.1:{full.getsockname()[1]}")
        return steps.pull_and_note(settings, source, now, None)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("source", CELLS, ids=lambda source: source.NAME)
def test_fault(
    source: Any,
    fault: str,
    world: World,
    well: Callable[[str], Path],
    matrix: list[tuple[str, ...]],
    tmp_path: Path,
) -> None:
    _, expected, words = FAULTS[fault]
    settings = replace(limits(world, tmp_path / "data"), **GOOD[source.NAME].settings)
    shutil.copytree(well(source.NAME), settings.data, symlinks=True)
    figures, held = published(settings, source.NAME), landed_files(settings, source.NAME)

    SPOILT.clear()
    check = pulled(world, settings, source, fault)
    world.fault = None
    now = NOW + timedelta(days=GOOD[source.NAME].days_later)
    beside = steps.pull_and_note(settings, bystander(), now, None)
    with releases.locked(settings):
        releases.sweep(settings)
        steps.build(settings, now)
    told = check.message if check.outcome == "failed" else " ".join(report.held_back(settings))
    stays = "stays" if published(settings, source.NAME) == figures else "CHANGED"
    outcome = check.outcome if check.outcome == "failed" or not told else "held back"
    matrix.append(
        (
            source.NAME,
            fault,
            outcome,
            stays,
            beside.outcome,
            " ".join((told.partition("found ")[2] or told).split())[:110],
        )
    )

    assert stays == "stays"
    assert beside.outcome == "downloaded"
    assert SPOILT or expected != "refused", "no answer could be spoilt: give the entry its own `broken`"
    if expected == "passes":
        assert check.outcome != "failed"
        return
    assert outcome in ("failed", "held back") if expected == "refused" else outcome == "failed", told
    assert words in told
    assert any(host in told for host in source.HOSTS) or source.NAME in told
    assert any(cure in told.lower() for cure in CURES), told
    if expected == "failed":
        assert landed_files(settings, source.NAME) == held


def test_every_live_source_has_good_answers() -> None:
    live = {source.NAME for source in LIVE}
    assert live == GOOD.keys() | WAITING, "a live source needs an entry in tests/fault_answers.py"
    assert not GOOD.keys() & WAITING
