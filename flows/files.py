"""A file is whole or it is not there: what is written takes the place of what was in one step, once it is on the disk.

A reader sees the old bytes or the new ones, whatever ends the writing: an error, a kill, a power cut. What an ended
writing leaves is `.NAME.PROCESS.new` beside the file; the next sweep of the data folder clears it away.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEFT_OVER = ".*.new"


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Where to write what takes the place of `path` when the block ends without an error."""
    temporary = path.absolute().with_name(f".{path.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    try:
        yield temporary
        written_through(temporary)
        temporary.replace(path)
        written_through(path.absolute().parent)
    finally:
        temporary.unlink(missing_ok=True)


def replace_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a small file in one step."""
    with replaced(path) as temporary:
        temporary.write_text(text, encoding=encoding)


def written_through(path: Path) -> None:
    """Wait until a file's bytes, or the names in a folder, are on the disk; the target of a link is none of ours."""
    if path.is_symlink():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
