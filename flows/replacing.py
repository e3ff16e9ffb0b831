"""Puts a file or a link in the place of another, in one step that neither a kill nor a power cut can halve.

A rename alone is not enough: after a power cut the new name may stand over an empty file. So the bytes reach the disk
before the rename, and the folder after it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AT_A_TIME = 4


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Where to write what takes the place of `path` at the end of the block; an error leaves what was there."""
    # Containers that share a folder give their processes the same small numbers.
    temporary = path.absolute().with_name(f".{path.name}.{os.getpid()}-{os.uname().nodename}")
    temporary.unlink(missing_ok=True)
    try:
        yield temporary
        if not temporary.is_symlink():
            settle(temporary)
        move(temporary, path.absolute())
    finally:
        temporary.unlink(missing_ok=True)


def put(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Write a whole file in the place of the one that may be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        temporary.chmod(mode)


def move(source: Path, target: Path) -> None:
    """Rename what is on the disk already over what may be there."""
    source.replace(target)
    settle(target.parent)


def settle(path: Path) -> None:
    """Wait until a file or the list of names in a folder has reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle_tree(folder: Path) -> None:
    """Wait until a folder has reached the disk with all that is in it.

    Several at a time: the disk takes those that wait together in one go, in a fifth of the time for 700 files.
    """
    from concurrent.futures import ThreadPoolExecutor  # which no other command should pay for

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for _ in pool.map(settle, [*folder.rglob("*"), folder]):
            pass  # an error of one is raised here
