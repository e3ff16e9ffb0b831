"""Fixtures of every test: a source that plays along, and settings that point at it."""

import fcntl
import gc
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import hypothesis
import pytest

from flows.ask import query
from flows.network.mirror import OutsideAdapter
from flows.release.inputs import read_inputs
from flows.release.loaders import loaders
from flows.settings import Settings
from flows.warehouse import build as warehouse
from tests.loopback import Loopback

# Commands that tests start read the environment; their answers are a few rows where the real source has thousands.
os.environ["TRENDS_EXPECT_SIZES"] = "0"

# Whoever runs the tests in the background, or under nohup, has these ignored, and every command that a test starts and
# then interrupts would ignore them too.
for number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler)

# The same cases in every run, and as much time as a busy machine needs.
hypothesis.settings.register_profile("ours", derandomize=True, deadline=None, database=None, max_examples=60)
hypothesis.settings.load_profile("ours")


# What collecting the tests makes stays to the end: looking through it again and again took a twentieth of the time.
gc.disable()


def pytest_collection_finish() -> None:
    """Collect garbage from here on, seldom, and only what the tests make."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    """One thread for every engine that asks for no number: a second one takes a sixth of the time of small tables."""
    connect = duckdb.connect

    def with_one(
        database: str = ":memory:", read_only: bool = False, config: dict[str, Any] | None = None
    ) -> duckdb.DuckDBPyConnection:
        return connect(database, read_only=read_only, config={"threads": 1} | (config or {}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", with_one)
        patch.setattr(query, "THREADS", 1)
        yield


@pytest.fixture(autouse=True)
def _not_through_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can see whether bytes have reached the disk, and waiting for it takes most of the time of small files."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A server that stands in for every outside host."""
    with Loopback() as started:
        yield started


@pytest.fixture
def settings(tmp_path: Path, server: Loopback) -> Settings:
    """Settings of a run against the server: short limits, no waiting."""
    return Settings(
        data=tmp_path / "data=[1]*",
        mirror=server.address,
        connect_seconds=1.0,
        read_seconds=0.3,
        source_seconds=5.0,
        reachable_seconds=0.5,
        attempts=3,
        backoff_seconds=0.001,
        google_trends_pause_seconds=0.001,
        google_trends_seconds=30.0,
        expect_sizes=False,
    )


@pytest.fixture
def outside(settings: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same settings without a mirror: the wire leads to the server, and nobody above the wire knows."""
    send = OutsideAdapter.send

    def lead(self: OutsideAdapter, *args: Any, **kwargs: Any) -> Any:
        self.mirror = server.address
        return send(self, *args, **kwargs)

    monkeypatch.setattr(OutsideAdapter, "send", lead)
    return replace(settings, mirror=None)


Make = Callable[[Path], None]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str, Make], Path]:
    """A folder by name, made by the first worker that asks and shared by all of a test run; do not write to it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def folder(name: str, make: Make) -> Path:
        path, mark = shared / name, shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not mark.exists():
                path.mkdir()
                make(path)
                mark.touch()
        return path

    return folder


@pytest.fixture(scope="session")
def embedded(made_once: Callable[[str, Make], Path]) -> Settings:
    """Settings whose published warehouse was built from the embedded reference tables alone; do not write to it."""

    def make(data: Path) -> None:
        settings = Settings(data=data)
        folder = settings.data / "releases" / "2026-01-01T000000Z"
        folder.mkdir(parents=True)
        inputs = read_inputs(settings, datetime(2026, 1, 1, tzinfo=UTC))
        warehouse.build(settings, folder / "warehouse.duckdb", loaders(inputs))
        settings.current.symlink_to(Path("releases") / folder.name)

    return Settings(data=made_once("embedded", make), query_seconds=20)


@pytest.fixture(scope="session")
def cache(made_once: Callable[[str, Make], Path]) -> Path:
    """What drawing pages keeps: the Vega libraries alone take a second to make."""
    return made_once("cache", lambda _: None)
