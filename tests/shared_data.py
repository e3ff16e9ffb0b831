"""Real inputs beside the checkout: never part of it, absent on most machines, present where changes are tested."""

import os
from pathlib import Path

import pytest

from flows.settings import PROJECT

FOLDER = PROJECT.parent / "shared" / "data"


def shared(path: str) -> Path:
    """A file or folder of the real inputs; the test is skipped where they are absent, but never where CI is set."""
    if not FOLDER.is_dir() and os.environ.get("CI") != "true":
        pytest.skip("the real inputs (../shared/data) are not beside this checkout")
    return FOLDER / path
