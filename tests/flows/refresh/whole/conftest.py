"""Fixtures of the tests that run whole refreshes."""

from pathlib import Path

import pytest

from flows.refresh import making
from flows.settings import Settings


@pytest.fixture
def settings(settings: Settings, cache: Path) -> Settings:
    """Settings of a run against the server, with the shared cache."""
    settings.data.mkdir()
    (settings.data / "cache").symlink_to(cache)
    return settings


@pytest.fixture(autouse=True)
def plain_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes as long as the rest of a refresh: only tests that ask for `real_pages` draw."""
    if "real_pages" not in request.fixturenames:
        monkeypatch.setattr(making, "render", lambda _, folder, release: plain_page(folder, release.release_id))


@pytest.fixture
def real_pages() -> None:
    """Draw the pages."""


def plain_page(folder: Path, words: str) -> None:
    """A page that names its release."""
    (folder / "site" / "index.html").write_text(words)
