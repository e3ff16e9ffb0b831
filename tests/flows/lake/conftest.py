"""One PostgreSQL and one object store for all tests of the lake; each test has a lake of its own."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from flows.settings import Settings
from tests.flows.lake import services

NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[services.Postgres]:
    # Not below pytest's own folder, which belongs to root alone.
    with tempfile.TemporaryDirectory(prefix="trends-lake-") as name:
        Path(name).chmod(0o755)
        with services.postgres(Path(name) / "postgres") as server:
            yield server


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with services.store(tmp_path_factory.mktemp("store")) as environ:
        yield environ


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("prefect")
    home = {"PREFECT_HOME": str(folder / "home"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    with services.prefect(folder, os.environ | home) as api:
        yield api


@pytest.fixture
def lake(
    settings: Settings, postgres: services.Postgres, store: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings with a lake: PostgreSQL for the catalogue, the object store for the files."""
    name = f"lake{os.getpid()}x{next(NUMBERS)}"
    made = replace(settings, lake=postgres.database(name), lake_data=f"s3://lake/{name}")
    # What the workers read, and the flow beside them.
    words = {"TRENDS_LAKE": str(made.lake), "TRENDS_LAKE_DATA": str(made.lake_data)}
    for variable, text in (store | words).items():
        monkeypatch.setenv(variable, text)
    return made
