"""Which landed files were hashed and found right, so that nobody hashes them again while they are untouched.

data/cache/verified.json holds, for each file in use, its SHA-256 and the inode, size, mtime and ctime that it had then.
A file is untouched while all of these are the same: every write through the file system changes the ctime, which no
program can set. A list that is missing or damaged costs one more hashing of everything.

What it cannot see: bytes that change below the file system, as on a failing disk, or by a clock that is set back to the
very nanosecond. `trends doctor` and `trends build --full` hash every file whatever this list says.
"""

import json
import logging
import os
import threading
import time
from pathlib import Path

from ..json_text import parsed_json
from ..replacing import put

log = logging.getLogger(__name__)

# Two writes within one tick of a file system's clock leave the same times: 10 ms on Linux, 2 s on a memory card.
SETTLED_NS = 2_000_000_000
State = tuple[int, int, int, int]


class Verified:
    """What is known of the landed files of one data folder.

    Args:
        data: the data folder.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / "cache" / "verified.json"
        self._known = self._read()
        self._in_use: dict[str, list[object]] = {}

    def is_untouched(self, path: Path, sha256: str, state: State) -> bool:
        """Whether the file was found to have this hash when it was in this state."""
        name, entry = _name(path), [sha256, *state]
        if self._known.get(name) != entry:
            return False
        self._in_use[name] = entry
        return True

    def note(self, path: Path, sha256: str, state: State) -> None:
        """Note that a file has this hash, unless it is so new that another write could leave the same times."""
        if state == state_of(path) and time.time_ns() - max(state[2:]) >= SETTLED_NS:
            self._known[_name(path)] = self._in_use[_name(path)] = [sha256, *state]

    def seal(self, path: Path, sha256: str) -> None:
        """Note a file that was landed with this hash just now, under a time that no later write leaves.

        Writes leave the times of the clock's ticks; this one lies between two of them.
        """
        sealed = time.time_ns()
        os.utime(path, ns=(sealed, sealed))
        state = state_of(path)
        if state[2] == sealed:  # the file system keeps nanoseconds
            self._known[_name(path)] = self._in_use[_name(path)] = [sha256, *state]

    def keep(self) -> None:
        """Write down what is known of the files that this process has met, if that is new."""
        kept = dict(sorted(self._in_use.items()))
        if kept == self._read():
            return
        try:
            put(self._path, json.dumps(kept))
        except OSError as error:  # a full disk is told of by what needs the space
            log.info("%s: cannot be written (%s), so the next run hashes every landed file", self._path, error)

    def forget(self) -> None:
        """Have every file hashed again."""
        self._known.clear()
        self._in_use.clear()
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, list[object]]:
        try:
            found = parsed_json(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


_ALL: dict[Path, Verified] = {}
_LOCK = threading.Lock()


def verified(data: Path) -> Verified:
    """What is known of a data folder: the sources, which are asked in threads, share it."""
    with _LOCK:
        if data not in _ALL:
            _ALL[data] = Verified(data)
        return _ALL[data]


def state_of(path: Path) -> State:
    """What changes when a file is written to or takes another's place."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _name(path: Path) -> str:
    return "/".join(path.parts[-3:])
