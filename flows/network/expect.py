"""What a file of each kind looks like: sources answer 200 with a login page, a pointer or half a file.

Each check returns None when all is well, or what it found in words that go behind "found" in an error.
"""

import gzip
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 4096
_HTML = re.compile(
    rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|title|meta|script)\b", re.IGNORECASE | re.DOTALL
)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Expect:
    """A kind of file.

    Attributes:
        words: the kind, as it stands behind "expected" in an error.
        head_ok: whether the first bytes can be of this kind.
        whole_found: what is wrong with the complete file, or None.
    """

    words: str
    head_ok: Callable[[bytes], bool]
    whole_found: Callable[[Path], str | None]

    def refuse_head(self, head: bytes, size: int | None = None) -> str | None:
        """Judge the first bytes; `size` is that of the whole body, if it is known."""
        return None if head and self.head_ok(head) and not _stand_in(head, size) else describe(head, size)

    def refuse_file(self, path: Path) -> str | None:
        """Judge a complete file: its first bytes, then its end."""
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        return self.refuse_head(head, path.stat().st_size) or self.whole_found(path)


def describe(head: bytes, size: int | None = None) -> str:
    """Say what a body is that is not what we asked for."""
    if not head:
        return "an empty body"
    return _stand_in(head, size) or f"bytes starting with {head[:16]!r}"


def is_page(head: bytes) -> bool:
    """Whether a body is an HTML page."""
    return bool(_HTML.match(head.removeprefix(_BOM)))


def _stand_in(head: bytes, size: int | None) -> str | None:
    """Name the two bodies that servers send in place of a file."""
    if head.startswith(b"version https://git-lfs"):
        return f"a Git LFS pointer ({len(head) if size is None else size} bytes)"
    if is_page(head):
        title = _TITLE.search(head)
        words = " ".join(title[1].decode("utf-8", "replace").split())[:80] if title else ""
        return f"an HTML page ('{words}')" if words else "an HTML page (without a title)"
    return None


def _parquet_found(path: Path) -> str | None:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 8))
        tail = file.read()
    if size < 12 or not tail.endswith(b"PAR1"):
        return "a cut Parquet file (no PAR1 at the end)"
    footer = int.from_bytes(tail[:4], "little")
    return None if 0 < footer <= size - 12 else f"a damaged Parquet file (a footer of {footer} bytes in {size})"


def _gzip_found(path: Path) -> str | None:
    try:
        with gzip.open(path) as file:
            while file.read(1 << 20):
                pass
    except EOFError:
        return "a cut gzip (ends in mid-stream)"
    except (gzip.BadGzipFile, zlib.error) as error:
        return f"a damaged gzip ({error})"
    return None


def _zip_found(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        return f"a cut or damaged zip ({error})"
    return f"a damaged zip (its member {damaged})" if damaged else None


def _json_found(path: Path) -> str | None:
    with path.open("rb") as file:
        opening = file.read(HEAD_BYTES).removeprefix(_BOM).lstrip()[:1]
        file.seek(max(0, path.stat().st_size - HEAD_BYTES))
        ending = file.read().rstrip()[-1:]
    return None if opening + ending in (b"{}", b"[]") else "a cut JSON document (its last bracket is missing)"


def _json_head(head: bytes) -> bool:
    return head.removeprefix(_BOM).lstrip()[:1] in (b"{", b"[")


PARQUET = Expect("a Parquet file", lambda head: head.startswith(b"PAR1"), _parquet_found)
GZIP = Expect("a gzip file", lambda head: head.startswith(b"\x1f\x8b"), _gzip_found)
ZIP = Expect("a zip file", lambda head: head.startswith(b"PK\x03\x04"), _zip_found)
JSON = Expect("a JSON document", _json_head, _json_found)
CSV = Expect("a CSV file", lambda head: b"\0" not in head and not _json_head(head), lambda _: None)
