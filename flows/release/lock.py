"""One process at a time changes the data folder; one that was ended before it was done leaves word of it.

Whoever is at work stands in data/.lock. A process that ends by itself takes its name out again; where the name of a
dead one still stands, it was killed: by a memory limit, a service manager, a power cut. That goes to data/.ended and
waits there until a refresh has told it.
"""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ..errors import ReleaseError
from ..replacing import put
from ..settings import Settings

DISK_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG}
IN_THE_WAY = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ELOOP, errno.ENAMETOOLONG}
OF_THE_FOLDER = DISK_TROUBLE | IN_THE_WAY | {errno.EMFILE, errno.ESTALE, errno.EBUSY}
CURE = "Free the disk, correct its permissions, move away what is in the way"
SINCE = ", since "
NAMELESS = "a process that is starting or ending"
_HELD: dict[Path, BinaryIO] = {}  # the locks of this process, by data folder
GLANCE_SECONDS = 0.5  # whoever only looks whether someone is at work holds the lock for an instant
KILLED = (
    "{who} was ended from outside before it was done: killed, out of memory, or the power was cut. What was published "
    "stays as it is, and the next refresh heals the rest; the log of the system (`journalctl`, `dmesg`) may tell why."
)


@contextmanager
def locked(settings: Settings, wait: float = 0.0) -> Iterator[None]:
    """Let one process at a time change the data folder.

    The kernel drops the lock when its process ends, however it ends, so it never goes stale.

    Args:
        settings: says where the folder is.
        wait: seconds to wait for another process to end before refusing.
    """
    end = time.monotonic() + max(wait, GLANCE_SECONDS)
    file = _lock_file(settings)
    with file:
        try:
            while not _took(file) and time.monotonic() < end:
                time.sleep(0.1)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(
                f"{settings.data}: another refresh is at work ({_name_in(file) or NAMELESS}). "
                "Wait for it to end, then try again."
            ) from error
        try:
            if killed := _killed(file):
                note_ended(settings, KILLED.format(who=killed))
            _HELD[settings.data] = file
            _sign(file, f"process {os.getpid()}{SINCE}{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
            yield
        except OSError as error:
            if error.errno not in OF_THE_FOLDER:
                raise
            raise ReleaseError(
                f"{error.filename or settings.data}: expected to write here, found {error.strerror or error}. "
                f"{CURE}, or name another folder in TRENDS_DATA; what was published stays."
            ) from error
        finally:
            _HELD.pop(settings.data, None)
            with suppress(OSError):
                _sign(file, "")


@contextmanager
def outlasting(settings: Settings, is_at_work: Callable[[], bool]) -> Iterator[None]:
    """Hold the lock until the process ends, where threads that may write are at work at the end of the block.

    A stop waits for no thread; whoever came next would have two writers in the folder.

    Args:
        settings: says where the folder is.
        is_at_work: whether one is.
    """
    held = _HELD.get(settings.data)
    copy = os.dup(held.fileno()) if held else None  # the kernel drops a lock with the last of its copies
    try:
        yield
    finally:
        if copy is not None and not is_at_work():
            os.close(copy)


def at_work(settings: Settings) -> str:
    """What another process is at work on the data folder; empty where none is. Looking changes nothing."""
    return _looked(settings)[0]


def ended(settings: Settings) -> str:
    """How runs ended that nobody was told of; empty where none did. Looking changes nothing."""
    words, dead = "", _looked(settings)[1]
    with suppress(OSError):
        words = _ended_path(settings).read_text(encoding="utf-8", errors="replace").strip()
    return " ".join(filter(None, [words, KILLED.format(who=dead) if dead else ""]))


def leave(settings: Settings) -> None:
    """Take our name out before an end that unwinds nothing; for the process at work alone."""
    with suppress(OSError), (settings.data / ".lock").open("r+b", buffering=0) as file:
        _sign(file, "")


def note_ended(settings: Settings, words: str) -> None:
    """Keep how a run ended until somebody is told."""
    put(_ended_path(settings), words + "\n")


def forget_ended(settings: Settings) -> None:
    """It was told."""
    _ended_path(settings).unlink(missing_ok=True)


def _ended_path(settings: Settings) -> Path:
    return settings.data / ".ended"


def _looked(settings: Settings) -> tuple[str, str]:
    """Who is at work, and who was when it was killed."""
    try:
        with (settings.data / ".lock").open("rb") as file:
            if _took(file):
                return "", _killed(file)
            return _name_in(file) or NAMELESS, ""
    except OSError:  # no lock was ever taken, or it belongs to someone whose files we may not read
        return "", ""


def _name_in(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()


def _killed(file: BinaryIO) -> str:
    """Who left a name behind; before the version that tells since when, every refresh that failed did."""
    name = _name_in(file)
    return name if SINCE in name else ""


def _sign(file: BinaryIO, name: str) -> None:
    """On the disk at once: after a power cut nobody else could tell who was at work."""
    file.truncate(0)
    file.write(name.encode())
    os.fsync(file.fileno())


def _lock_file(settings: Settings) -> BinaryIO:
    """Open the file that is locked, unbuffered: what a full disk refused is not tried again when it is closed."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        return (settings.data / ".lock").open("ab+", buffering=0)
    except OSError as error:
        raise ReleaseError(
            f"{error.filename or settings.data}: the data folder cannot be written ({error.strerror}). "
            f"{CURE}, or name another folder in TRENDS_DATA."
        ) from error


def _took(file: BinaryIO) -> bool:
    """Try to take the lock."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
