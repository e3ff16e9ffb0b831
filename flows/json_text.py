"""Reads JSON, our own and that of others: whatever is none is a ValueError."""

import json
from typing import Any


def parsed_json(text: str | bytes) -> Any:
    """What JSON says; ValueError for what is none, also where it is nested too deep for the parser."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
