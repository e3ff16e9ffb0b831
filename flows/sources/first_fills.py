"""How much a source asks before its history is held: told before it begins, since it may take days of refreshing."""

from collections.abc import Callable
from datetime import datetime

from ..settings import Settings
from . import NAMES, Source, source_of
from .filling import FirstFill


def fill_of(source: Source, settings: Settings, now: datetime) -> FirstFill | None:
    """The first fill of a source that needs more than one refresh for it; None for the others."""
    estimate: Callable[[Settings, datetime], FirstFill] | None = getattr(source, "first_fill", None)
    fill = estimate(settings, now) if estimate else None
    return fill if fill and fill.refreshes > 1 else None


def first_fills(settings: Settings, now: datetime) -> dict[str, FirstFill]:
    """All of them by source."""
    found = {name: fill_of(source_of(name), settings, now) for name in NAMES}
    return {name: fill for name, fill in found.items() if fill}


def as_markdown(settings: Settings, now: datetime) -> str:
    """The table as it stands in README.md."""
    rows = [
        f"| {name} | {fill.requests:,} | {fill.refreshes} | {fill.words or '-'} |"
        for name, fill in first_fills(settings, now).items()
    ]
    return "\n".join(["| source | requests | refreshes | |", "|---|---|---|---|", *rows])
