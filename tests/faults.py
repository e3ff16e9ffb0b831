"""Every way in which a source can fail, on a server that plays them all, and a data folder published when all was well.

FAULTS names them; `World` breaks the answers of one source while the others answer well.
"""

import csv
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from flows.landing.landing import JSON, Landing
from flows.landing.status import SourceCheck
from flows.network.budget import Budget
from flows.network.pace import Turns
from flows.refresh import making, steps
from flows.release import exports
from flows.settings import Settings
from flows.sources import SOURCES, Source, stack_overflow_questions
from flows.sources.repository_frameworks import source as repository_frameworks
from tests.fault_answers import Good
from tests.fault_sources import GOOD, NOW
from tests.loopback import Answer, Loopback, Request

LATER = NOW + timedelta(days=40)
PAGE = "<!doctype html><html><title>Moved</title><p>Please log in.</p></html>"
LIVE: list[Source] = [source for source in SOURCES if source.HOSTS]
CELLS = [source for source in LIVE if source.NAME in GOOD]
CURES = (
    *("refresh again", "check the network", "check that the mirror", "browser", "update ", "raise trends_"),
    *(
        "set trends_mirror",
        "compare ",
        "delete the file",
        "trends accept",
        "name the file",
        "correct ",
        "renew or unset",
    ),
    *("check the tag", "check the names", "fetch the file again", "put the new addresses"),
)

Fault = Callable[[Good, Request, Answer], Answer]
Figures = dict[tuple[Any, ...], tuple[Any, ...]]


def instead(**fields: Any) -> Fault:
    """The same answer in place of every one."""
    return lambda _good, _request, _answer: Answer(**fields)


def body(**fields: Any) -> Fault:
    """The good answer, but sent badly from the middle of its body on."""
    return lambda _good, _request, answer: replace(answer, cut_at=len(answer.payload) // 2, **fields)


# Paths of answers that a fault of the content has changed.
SPOILT: list[str] = []


def content(fault: str) -> Fault:
    """A good container with the wrong content; a body without rows, such as a page, stays as it is."""

    def spoil(good: Good, request: Request, answer: Answer) -> Answer:
        try:
            spoilt = good.spoil(fault, request, answer.payload)
        except (ValueError, LookupError, csv.Error, duckdb.Error):
            return answer
        if answer.status == 200 and spoilt != answer.payload:
            SPOILT.append(request.path)
        return replace(answer, body=spoilt)

    return spoil


def moved(_good: Good, request: Request, _answer: Answer) -> Answer:
    """Everything has moved to a page."""
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


# What is expected, unless the source's entry knows better: the source "failed" with these words; its content is
# "refused" at the landing or held back before the release; it is "told" in a note with these words what is missing; or
# it "passes".
FAULTS: dict[str, tuple[Fault | None, str, str]] = {
    "connection refused": (None, "failed", "refused"),
    "name not found": (None, "failed", "no-such-host.invalid"),
    "stalled connect": (None, "failed", "no connection within"),
    "stalled answer": (instead(stall_seconds=30), "failed", "silence"),
    "stalled body": (body(after_cut="stall"), "failed", "silence"),
    "reset in mid-body": (body(after_cut="reset"), "failed", "broken connection"),
    "301 to HTML": (moved, "failed", "HTML page"),
    "401": (instead(status=401), "failed", "status 401"),
    "403": (instead(status=403), "failed", "status 403"),
    "404": (instead(status=404), "failed", "status 404"),
    "429": (instead(status=429), "failed", "status 429"),
    "429 with Retry-After": (instead(status=429, headers={"Retry-After": "3600"}), "failed", "come back in 3600 s"),
    "500 then good": (Once(), "passes", ""),
    "503 for ever": (instead(status=503), "failed", "status 503"),
    "empty 200": (instead(body=b""), "failed", "empty"),
    "truncated body": (body(after_cut="close"), "failed", "ended too early"),
    "wrong content type": (instead(body=PAGE, headers={"Content-Type": "text/html"}), "failed", "HTML page"),
    "renamed column": (content("renamed column"), "refused", ""),
    "wrong types": (content("wrong types"), "refused", ""),
    "half the rows": (content("half the rows"), "refused", ""),
    "oversized": (None, "failed", "TRENDS_MAX_BYTES"),
}


def expected(source: str, fault: str) -> tuple[str, str]:
    """Outcome and words of a cell."""
    return GOOD[source].expects.get(fault, FAULTS[fault][1:])


class World(Loopback):
    """Every source answers well, but for one, whose answers go through a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: tuple[str, Fault] | None = None

    def _find(self, request: Request) -> Answer:
        self.requests.append(request)
        if request.host == "bystander.example":
            return Answer({"version": len(self.requests)})
        if request.path == "/moved":
            return Answer(PAGE, headers={"Content-Type": "text/html"})
        owner, answer = self._owner(request)
        if self.fault and owner == self.fault[0]:
            return self.fault[1](GOOD[owner], request, answer)
        return answer

    def _owner(self, request: Request) -> tuple[str, Answer]:
        """The source that is asked, since several ask one host; what none knows counts as the broken one's."""
        answers = {
            source.NAME: GOOD[source.NAME].answer(request) for source in CELLS if request.host in source.HOSTS
        } or {"": Answer(status=404)}
        known = [name for name, answer in answers.items() if answer.status != 404]
        broken = [self.fault[0]] if self.fault and self.fault[0] in answers else []
        owner = [*known, *broken, *answers][0]
        return owner, answers[owner]


def bystander() -> Any:
    """A source that is always well; it borrows the name of one that is never asked."""

    def fetch(landing: Landing, _: Settings) -> None:
        landing.download("https://bystander.example/data.json", name="data.json", expect=JSON)

    return SimpleNamespace(NAME="python_developers_survey", HOSTS=("bystander.example",), fetch=fetch)


def published(settings: Settings) -> dict[str, Figures]:
    """The figures of each source in the current release, apart from embedded ones."""
    found: dict[str, Figures] = {source.NAME: {} for source in LIVE}
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        rows = con.execute(
            "select source, series, population, grain, period_start, framework, value, base "
            "from marts.framework_shares where origin <> 'reference'"
        ).fetchall()
    for source, *key, value, base in rows:
        is_told = key[0] == "repositories_drawn" or (
            source == "papers_after_2025" and key[0].startswith("repositories_")
        )
        landed_by = repository_frameworks.NAME if is_told else source
        found[landed_by][tuple(key)] = (value, base)
    return found


def limits(world: World, data: Path) -> Settings:
    """Settings of a run against the world: little is asked for, and nothing is waited for."""
    return Settings(
        data=data,
        mirror=world.address,
        expect_sizes=False,
        connect_seconds=2.0,
        read_seconds=5.0,
        source_seconds=60.0,
        reachable_seconds=2.0,
        attempts=2,
        backoff_seconds=0.001,
        releases_kept=2,
        google_trends_pause_seconds=0.001,
        google_trends_seconds=60.0,
        google_trends_countries="none",
        google_trends_repeat_days=1,
        conda_months_per_refresh=2,
        hiring_threads_per_refresh=12,
    )


@contextmanager
def without_waiting() -> Iterator[None]:
    """Turns are not waited for, a first fill is short, and a build makes no pages or exports: others test those."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Budget, "sleep", lambda *_: None)
        patch.setattr(Turns, "_next", lambda *_: 0.0)
        patch.setattr(stack_overflow_questions, "QUOTA", 60)
        patch.setattr(making, "render", lambda _, folder, __: (folder / "site/index.html").write_text("pages"))
        patch.setattr(exports, "write", lambda *_: None)
        yield


def make_well(world: World, data: Path) -> Settings:
    """A data folder with a release that has figures of every source."""
    settings = limits(world, data)
    checks = steps.refresh(settings, [*CELLS, bystander()], NOW).checks
    for name, check in checks.items():
        assert check.outcome == "downloaded", f"{name}: {check.message}"
    bare = [name for name, figures in published(settings).items() if name in GOOD and not figures]
    assert not bare, f"the answers of {', '.join(bare)} make no figures; see tests/fault_sources.py"
    return settings


def copied(well: Settings, data: Path) -> Settings:
    """The same folder once more; files are linked, since nothing that is landed or published is written to again."""
    written = shutil.ignore_patterns("paces", ".noting", ".lock", ".turn")
    shutil.copytree(well.data, data, symlinks=True, copy_function=os.link, ignore=written)
    return replace(well, data=data)


def pulled(world: World, settings: Settings, source: Source, fault: str) -> SourceCheck:
    """Ask the source while the fault is there."""
    made, now = FAULTS[fault][0], NOW + timedelta(days=GOOD[source.NAME].days_later)
    if fault.startswith("stalled"):
        settings = replace(settings, connect_seconds=0.25, read_seconds=0.25, source_seconds=3.0)
    if fault == "oversized":
        settings = replace(settings, max_bytes=8)
    if fault == "name not found":
        settings = replace(settings, mirror="http://no-such-host.invalid")
    world.fault = (source.NAME, made) if made else None
    try:
        with dead_end(fault) as mirror:
            return steps.pull_and_note(replace(settings, mirror=mirror or settings.mirror), source, now, None)
    finally:
        world.fault = None


@contextmanager
def dead_end(fault: str) -> Iterator[str | None]:
    """An address at which nobody listens, or nobody takes the call; None for other faults."""
    if fault not in ("connection refused", "stalled connect"):
        yield None
        return
    with closing(socket.socket()) as door, closing(socket.socket()) as one, closing(socket.socket()) as two:
        door.bind(("127.0.0.1", 0))
        if fault == "stalled connect":
            door.listen(0)
            for waiting in (one, two):
                waiting.setblocking(False)
                waiting.connect_ex(door.getsockname())
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
