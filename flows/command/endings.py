"""How a command ends: whatever it raises becomes one line and an exit code; only a bug keeps its traceback."""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from ..errors import ReleaseError, Stopped, TrendsError, missing_package, stop_behind
from ..release import lock
from ..settings import Settings

INTERRUPTED, STOPPED = 130, 143  # as a shell names what SIGINT and SIGTERM end


def told(error: BaseException) -> int:
    """Say in one line how the command ended; return its exit code. A bug is raised again."""
    stop = stop_behind(error)
    if isinstance(stop, KeyboardInterrupt):
        return _said("interrupted; what was published stays as it is.", INTERRUPTED)
    if isinstance(stop, Stopped):
        return _said(f"stopped from outside ({stop}); what was published stays as it is.", STOPPED)
    if isinstance(error, TrendsError):
        return _said(" ".join(str(error).split()), 1)
    if words := missing_package(error):
        return _said(words, 1)
    if isinstance(error, UnicodeEncodeError):
        return _said(
            f"this terminal shows {error.encoding} only, and the answer has other letters. "
            "Set PYTHONIOENCODING=utf-8 or LANG=C.UTF-8, or write it with --output FILE.",
            1,
        )
    if isinstance(error, OSError) and error.errno in lock.OF_THE_FOLDER:
        return _said(
            f"{error.filename or 'standard output'}: expected to read or write here, found {error.strerror}. "
            f"{lock.CURE}, or run this as the user who owns it.",
            1,
        )
    if isinstance(error, BrokenPipeError):
        # The reader of a pipe (head, less) has gone; nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    raise error


def note_missing(settings: Settings, error: ModuleNotFoundError) -> None:
    """A refresh that cannot even begin can tell nobody; `trends status` does, and the alerts of the next one."""
    try:
        lock.note_ended(settings, missing_package(error))
    except (OSError, ReleaseError) as trouble:
        _said(f"this could not be kept for `trends status`: {trouble}", 1)


def keep_streams() -> None:
    """Open what was closed by whoever started us: the next file that is opened would take all that is said."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if nowhere != number:
                os.dup2(nowhere, number)
            setattr(sys, name, os.fdopen(number, "w", closefd=False))


def unwind_when_stopped() -> None:
    """Let a stop from outside unwind what is at work, so that it is told; what `nohup` ignores stays ignored."""

    def stop(number: int, _: FrameType | None) -> NoReturn:
        raise Stopped(signal.Signals(number).name)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)


def leave(code: int) -> int:
    """End this process at once after a stop, whatever its threads are waiting for."""
    if code in (INTERRUPTED, STOPPED):
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(code)
    return code


def _said(words: str, code: int) -> int:
    with suppress(OSError):  # a terminal that was closed takes nothing
        print(f"trends: {words}", file=sys.stderr)
    return code
