"""One process at a time changes the data folder; one that was ended before it was done leaves word of it.

Whoever is at work stands in data/.lock. A process that ends by itself takes its name out again; where the name of a
dead one still stands, it was killed: by a memory limit, a service manager, a power cut. That goes to data/.ended and
waits there until a refresh has told it.

Workers of a pool share the folder while they pull: each source has a lock of its own in data/.pulling, and whoever
builds waits for all of them. Who waits for the folder holds data/.turn until it has it: alone if it wants the folder
alone, so that pulls which overlap without end let a build in. The kernel drops a lock with its process, also that of
another machine where the file system knows its locks (NFS 4).
"""

import errno
import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ..errors import ReleaseError
from ..replacing import put, settle
from ..settings import Settings

log = logging.getLogger(__name__)

DISK_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG}
IN_THE_WAY = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ELOOP, errno.ENAMETOOLONG}
OF_THE_FOLDER = DISK_TROUBLE | IN_THE_WAY | {errno.EMFILE, errno.ESTALE, errno.EBUSY}
CURE = "Free the disk, correct its permissions, move away what is in the way"
SINCE = ", since "
NAMELESS = "a process that is starting or ending"
SIGNED: dict[Path, BinaryIO] = {}  # the lock files that this process stands in
LONGEST_NOTE = 60.0  # seconds that a note may take on a slow disk
PATIENCE_SECONDS = 2.0  # who waits longer says for whom
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
    with _in_turn(settings, wait, fcntl.LOCK_EX) as file, _signed(settings, file):
        for path in _pulling(settings):  # nobody pulls now
            with suppress(OSError), path.open("r+b", buffering=0) as left:
                _note_killed(settings, left)
                _sign(left, "")
        yield


@contextmanager
def shared(settings: Settings, wait: float = 0.0) -> Iterator[None]:
    """Let several processes pull into the data folder; whoever changes anything else there waits for them."""
    with _in_turn(settings, wait, fcntl.LOCK_SH):
        yield


@contextmanager
def pulling(settings: Settings, source: str, wait: float) -> Iterator[None]:
    """Let one process at a time pull a source, within `shared`."""
    with _held(settings, settings.data / ".pulling" / source, wait) as file, _signed(settings, file):
        yield


@contextmanager
def noting(settings: Settings) -> Iterator[None]:
    """Let one thread of one process at a time read status.json or .ended and write it anew, for an instant."""
    with _held(settings, settings.data / ".noting", LONGEST_NOTE):
        yield


@contextmanager
def _in_turn(settings: Settings, wait: float, kind: int) -> Iterator[BinaryIO]:
    """Hold the folder's lock, alone or with others; nobody passes one that waits to have it alone."""
    end = time.monotonic() + wait
    with ExitStack() as turn:
        file = turn.enter_context(_held(settings, settings.data / ".turn", wait, kind))
        if kind == fcntl.LOCK_EX:
            turn.callback(_try_to_sign, file, "", is_lasting=False)
            _try_to_sign(file, _ourselves(), is_lasting=False)
        with _held(settings, settings.data / ".lock", end - time.monotonic(), kind) as held:
            turn.close()
            yield held


@contextmanager
def _held(settings: Settings, path: Path, wait: float, kind: int = fcntl.LOCK_EX) -> Iterator[BinaryIO]:
    begin = time.monotonic()
    told_after, end = begin + PATIENCE_SECONDS, begin + max(wait, GLANCE_SECONDS)
    with _lock_file(settings, path) as file:
        while not _took(file, kind):
            if time.monotonic() >= end:
                raise ReleaseError(
                    f"{settings.data}: another refresh is at work ({_in_the_way(settings)}). "
                    "Wait for it to end, then try again."
                )
            if time.monotonic() >= told_after:
                log.info("%s: waiting at most %d s more for %s", path, end - time.monotonic(), _in_the_way(settings))
                told_after = end
            time.sleep(0.1)
        yield file


def _in_the_way(settings: Settings) -> str:
    """Who is at work, and who waits for it to end, behind whom everyone stands."""
    waiting = ""
    with suppress(OSError, ReleaseError), (settings.data / ".turn").open("rb") as file:
        waiting = "" if _took(file, fcntl.LOCK_SH) else _name_in(file)
    is_other = waiting and not waiting.startswith(f"process {os.getpid()},")
    return (at_work(settings) or NAMELESS) + (f"; next in turn is {waiting}" if is_other else "")


@contextmanager
def _signed(settings: Settings, file: BinaryIO) -> Iterator[None]:
    """Stand in a file that is locked as long as the work lasts."""
    try:
        _note_killed(settings, file)
        _sign(file, _ourselves())
        SIGNED[Path(file.name)] = file
        yield
    except OSError as error:
        if error.errno not in OF_THE_FOLDER:
            raise
        raise ReleaseError(
            f"{error.filename or settings.data}: expected to write here, found {error.strerror or error}. "
            f"{CURE}, or name another folder in TRENDS_DATA; what was published stays."
        ) from error
    finally:
        SIGNED.pop(Path(file.name), None)
        _try_to_sign(file, "")


def _note_killed(settings: Settings, file: BinaryIO) -> None:
    if killed := _killed(file):
        note_ended(settings, KILLED.format(who=killed))


@contextmanager
def outlasting(settings: Settings, is_at_work: Callable[[], bool]) -> Iterator[None]:
    """Hold the lock until the process ends, where threads that may write are at work at the end of the block.

    A stop waits for no thread; whoever came next would have two writers in the folder.

    Args:
        settings: says where the folder is.
        is_at_work: whether one is.
    """
    held = SIGNED.get(settings.data / ".lock")
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
    dead = _looked(settings)[1]
    return " ".join([*_noted(settings), *([KILLED.format(who=dead)] if dead else [])])


def leave() -> None:
    """Take our name out before an end that unwinds nothing."""
    for path in list(SIGNED):
        with suppress(OSError), path.open("r+b", buffering=0) as file:
            _sign(file, "", is_lasting=False)
            os.fsync(file.fileno())  # no thread outlives such an end


def note_ended(settings: Settings, words: str) -> None:
    """Keep how a run ended until somebody is told, a line beside those of other runs."""
    with noting(settings):
        put(_ended_path(settings), "".join(f"{line}\n" for line in dict.fromkeys([*_noted(settings), words])))


def forget_ended(settings: Settings) -> None:
    """It was told."""
    _ended_path(settings).unlink(missing_ok=True)


def _noted(settings: Settings) -> list[str]:
    with suppress(OSError):
        return _ended_path(settings).read_text(encoding="utf-8", errors="replace").splitlines()
    return []


def _ended_path(settings: Settings) -> Path:
    return settings.data / ".ended"


def _looked(settings: Settings) -> tuple[str, str]:
    """Who is at work, and who was when it was killed."""
    working, dead, is_taken = [], [], False
    for path in (settings.data / ".lock", *_pulling(settings)):
        with (
            suppress(OSError, ReleaseError),
            path.open("rb") as file,
        ):  # absent, or of someone whose files we may not read
            if _took(file):
                dead.append(_killed(file))
            else:
                is_taken = True
                if _took(file, fcntl.LOCK_SH):  # whoever shares it stands elsewhere
                    dead.append(_killed(file))
                else:
                    working.append(_name_in(file))
    # One process may pull several sources, and one that waits for others stands nowhere yet.
    words = "; ".join(filter(None, dict.fromkeys(working))) or (NAMELESS if is_taken else "")
    return words, "; ".join(filter(None, dict.fromkeys(dead)))


def _pulling(settings: Settings) -> list[Path]:
    with suppress(OSError):
        return sorted((settings.data / ".pulling").iterdir())
    return []


def _name_in(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()


def _killed(file: BinaryIO) -> str:
    """Who left a name behind; before the version that tells since when, every refresh that failed did."""
    name = _name_in(file)
    return name if SINCE in name else ""


def _sign(file: BinaryIO, name: str, *, is_lasting: bool = True) -> None:
    """On its way to the disk at once, unless only who waits reads it: after a power cut it tells who was at work.

    The work does not wait for that: what a power cut within these milliseconds hides is a run that had changed nothing
    yet, and one that had ended would be told of as killed.
    """
    file.truncate(0)
    file.write(name.encode())
    if is_lasting:
        threading.Thread(target=_settled, args=(Path(file.name),)).start()


def _settled(path: Path) -> None:
    """By a handle of its own: one of the file's would hold its lock. A disk that refuses is told of by what lands."""
    with suppress(OSError):
        settle(path)


def _try_to_sign(file: BinaryIO, name: str, *, is_lasting: bool = True) -> None:
    """Where a name helps whoever waits, and none costs nothing."""
    with suppress(OSError):
        _sign(file, name, is_lasting=is_lasting)


def _ourselves() -> str:
    return f"process {os.getpid()}{SINCE}{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def _lock_file(settings: Settings, path: Path) -> BinaryIO:
    """Open a file that is locked, unbuffered: what a full disk refused is not tried again when it is closed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab+", buffering=0)
    except OSError as error:
        raise ReleaseError(
            f"{error.filename or settings.data}: the data folder cannot be written ({error.strerror}). "
            f"{CURE}, or name another folder in TRENDS_DATA."
        ) from error


def _took(file: BinaryIO, kind: int = fcntl.LOCK_EX) -> bool:
    """Try to take the lock."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise ReleaseError(
            f"{file.name}: expected a file system that locks, found {error.strerror}. "
            "Mount it with locks (NFS 4), or name another folder in TRENDS_DATA."
        ) from error
    return True
