"""Reads JSON, our own and that of others: whatever is none is a ValueError."""

import json
import re
from typing import Any

# Half of a character that takes two: no text, since no encoding can write it down. Whole characters are escaped so too.
HALF = re.compile(r"\\u[dD][89a-fA-F]")


def parsed_json(text: str | bytes) -> Any:
    """What JSON says, a question mark in the place of each half of a character.

    Raises:
        ValueError: it is none, also where it is nested too deep for the parser.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text))
        found = json.loads(text)
        if HALF.search(text):
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
        return found
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
