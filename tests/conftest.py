"""Fixtures of every test: a source that plays along, and settings that point at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.settings import Settings
from tests.loopback import Loopback


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A server that stands in for every outside host."""
    with Loopback() as started:
        yield started


@pytest.fixture
def settings(tmp_path: Path, server: Loopback) -> Settings:
    """Settings of a run against the server: short limits, no waiting."""
    return Settings(
        data=tmp_path / "data",
        mirror=server.address,
        connect_seconds=1.0,
        read_seconds=0.3,
        source_seconds=5.0,
        reachable_seconds=0.5,
        attempts=3,
        backoff_seconds=0.001,
        google_trends_pause_seconds=0.001,
        google_trends_seconds=30.0,
    )
