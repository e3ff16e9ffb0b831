"""Landings that a release was made from and that were damaged on disk since: its rows of them are carried over.

Otherwise the next release would say less, or nothing, of a source that may have no second copy to give. One that was
deleted with its card is gone on purpose.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ..errors import BadLanding, LandingError, QueryError
from ..landing.cards import Card, LandedFile, card_path, order_of
from . import told
from .inputs import Inputs
from .told import Rows


def carried_over(inputs: Inputs) -> Inputs:
    """The same inputs, with what was damaged among the files of the current release; told as its source's failure."""
    for source, files in _damaged(inputs).items():
        names = {file.card.name for file in files}
        kept = [file for file in inputs.landed[source] if file.card.name not in names]
        words = (
            f"data/raw: expected whole files of {source}, found that {', '.join(file.source_file for file in files)} "
            "was damaged on disk. What the current release says of this source stays. Refresh to fetch it again, or "
            "delete the file and its card."
        )
        if source not in inputs.carried:
            inputs = inputs.carrying(BadLanding(source, words))
        inputs = replace(inputs, landed={**inputs.landed, source: [*kept, *files]})
    return inputs


def _damaged(inputs: Inputs) -> dict[str, list[LandedFile]]:
    """Files that the current release was made from, whose card is there and whose place nothing newer has taken."""
    held_back = {file for held in inputs.status.quarantined.values() for file in held.files}
    found: dict[str, list[LandedFile]] = {}
    for source, source_file in _made_from(inputs):
        path = inputs.settings.raw / source_file
        used = {file.card.name: file.path for file in inputs.landed.get(source, ())}.get(path.name)
        is_served = used is not None and order_of(used.parent.name) >= order_of(path.parent.name)
        if source in inputs.landed and not is_served and source_file not in held_back and card_path(path).exists():
            with suppress(LandingError):  # without its card nobody can say what it was
                found.setdefault(source, []).append(LandedFile(path, Card.read(card_path(path))))
    return found


def _made_from(inputs: Inputs) -> Rows:
    with suppress(QueryError):
        return told.of(inputs.settings, told.landings)
    return []
