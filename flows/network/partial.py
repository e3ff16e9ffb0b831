"""Downloads under way: bytes that do not count yet, and what is needed to go on with them in a later run."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import LandingError
from ..json_text import parsed_json
from .web import Passing, Reply


@dataclass(frozen=True)
class Part:
    """A download under way: its bytes so far, and beside them what is needed to go on with them."""

    path: Path

    @property
    def state_path(self) -> Path:
        """Where the notes lie."""
        return self.path.with_suffix(".json")

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def state(self, address: str) -> dict[str, Any]:
        """What was noted when the download began; nothing if it was another address or cannot be read."""
        try:
            state = parsed_json(self.state_path.read_bytes())
            return dict(state) if state["address"] == address else {}
        except (OSError, ValueError, TypeError, KeyError):
            return {}

    def validator(self, address: str) -> str | None:
        """What If-Range may send: a strong ETag, or a date where the server gives no ETag at all."""
        state = self.state(address)
        etag, last_modified = state.get("etag"), state.get("last_modified")
        if not state or state.get("encoded") or (etag or "").startswith("W/"):
            return None
        return etag or last_modified

    def begin(self, address: str, reply: Reply) -> None:
        """Start over with a new answer."""
        self.discard()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "address": address,
            "etag": reply.headers.get("ETag"),
            "last_modified": reply.headers.get("Last-Modified"),
            "encoded": "Content-Encoding" in reply.headers,
            "size": reply.length,
        }
        self.state_path.write_text(json.dumps(state), encoding="utf-8")  # one that is lost or torn is no harm
        self.path.touch()

    def refuse_short(self, address: str) -> None:
        """Raise Passing when the server announced another size than it sent over all attempts."""
        state = self.state(address)
        if state.get("size") not in (None, self.size) and not state["encoded"]:
            raise Passing(f"{self.size} of {state['size']} bytes", "Refresh again: it goes on with the rest.")

    def discard(self) -> None:
        """Forget it."""
        self.path.unlink(missing_ok=True)
        self.state_path.unlink(missing_ok=True)

    def continued_by(self, address: str, reply: Reply) -> bool:
        """Whether a partial answer begins where our bytes end and belongs to the same file."""
        state = self.state(address)
        told = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", reply.headers.get("Content-Range", ""))
        if not told or not state or "Content-Encoding" in reply.headers:
            return False
        start, end, total = map(int, told.groups())
        same = state["size"] in (None, total) and reply.headers.get("ETag", state["etag"]) == state["etag"]
        return same and start == self.size and end == total - 1


@contextmanager
def keeping(path: Path) -> Iterator[None]:
    """Put a full or read-only disk into words; what has been written stays for the next run."""
    try:
        yield
    except OSError as error:
        raise LandingError(
            f"{error.filename or path}: expected to keep a download here, found {error.strerror or error}. "
            "Free some space, or set TRENDS_DATA to a folder that can be written; "
            "the next refresh goes on where this one stopped."
        ) from error
