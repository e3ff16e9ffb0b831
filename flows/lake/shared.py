"""What a refresh does for the lake, and what is told when the lake does not take it."""

import json
import logging
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ..errors import TrendsError
from ..json_text import parsed_json
from ..replacing import put
from ..settings import Settings

log = logging.getLogger(__name__)


def keep_up(settings: Settings) -> None:
    """Bring the lake to where this data folder is, where there is one; a failure is kept and told, and hides nothing.

    The release is published here whatever the lake says; the next build makes up for what the lake has not taken.
    """
    if not settings.lake:
        return
    from . import commits  # needs an optional group of packages

    try:
        commits.keep_up(settings)
        _file(settings).unlink(missing_ok=True)
    except TrendsError as error:
        log.warning("The lake does not have the current release: %s", error)
        said = {"at": datetime.now(UTC).isoformat(), "message": str(error)}
        put(_file(settings), json.dumps(said, indent=2) + "\n")


def trouble(settings: Settings) -> str:
    """Why the lake does not have the current release; empty where it has, or where there is no lake."""
    with suppress(OSError, ValueError, KeyError):
        if settings.lake:
            return str(parsed_json(_file(settings).read_text(encoding="utf-8"))["message"])
    return ""


def _file(settings: Settings) -> Path:
    return settings.data / "lake.json"
