"""Every error that we raise on purpose.

    TrendsError
    ├── SettingsError      a setting or option has a value that cannot work
    ├── SourceError        a source answered with something other than what it promises
    │   └── NetworkError   a source gave no answer at all
    │       └── Paused     asking has to stop for now, what was answered is kept
    ├── LandingError       a landed file or its card is damaged, or cannot be kept
    ├── WarehouseError     the warehouse cannot be built or read
    │   ├── ModelError     a model's SQL or header is wrong
    │   ├── CheckFailed    the data breaks a promise that a model makes
    │   ├── BadLanding     a landed file cannot be loaded
    │   └── QueryError     a query of the reader's cannot be run
    ├── ReleaseError       a release cannot be published or found
    ├── LakeError          the shared lake or the cluster cannot be reached, or does not take what it is given
    ├── ScheduleError      the schedules cannot be served
    └── DashboardError     a page or chart cannot be drawn

A message has three parts: where it happened, what was found beside what was expected, and what to do next.
The command line prints any of these as one line and exits 1; any other exception is a bug and keeps its traceback.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Self

log = logging.getLogger(__name__)

LONGEST_SAYING = 300


class TrendsError(Exception):
    """Base of every error that we raise on purpose."""


class Stopped(BaseException):
    """The process was told to end from outside: by a service manager, a time limit, a terminal that was closed."""


def stop_behind(error: BaseException | None) -> BaseException | None:
    """The stop that an exception comes from: what runs inside DuckDB makes a RuntimeError of it."""
    raised = error
    while error is not None and isinstance(error, Exception):
        error = error.__cause__ or error.__context__
    # What ends a generator or a task of asyncio is no stop of the process, nor is an exit that somebody caught.
    is_caught = isinstance(error, SystemExit) and error is not raised
    return None if is_caught or type(error).__name__ in ("GeneratorExit", "CancelledError") else error


def is_own(error: BaseException) -> bool:
    """Whether what was raised is the trouble of the code that raised it, and not a stop of the process.

    Signals reach the main thread alone, so that in another thread even a SystemExit is what a module does by itself.
    """
    if isinstance(error, SystemExit | KeyboardInterrupt) and threading.current_thread() is not threading.main_thread():
        return True
    return isinstance(error, Exception) and stop_behind(error) is None


class SettingsError(TrendsError):
    """A setting or option has a value that cannot work."""


class SourceError(TrendsError):
    """A source answered with something other than what it promises.

    Args:
        address: the file or address that was read.
        expected: what should have been there.
        found: what was there.
        cure: what the operator can do.
        status: of the answer, where it is the status that was refused.

    Attributes:
        may_pass: whether asking again later may help.
        host: that refused or did not answer, where it is known: behind a redirect it is not that of `address`.
    """

    status: int | None = None
    host = ""
    may_pass = False

    def __init__(self, address: str, expected: str, found: str, cure: str) -> None:
        self.address, self.expected, self.found, self.cure = address, expected, found, cure
        super().__init__(f"{address}: expected {expected}, found {found}. {cure}")

    def reworded(self, *, expected: str = "", found: str = "", cure: str = "") -> Self:
        """The same error in other words, which may pass as before."""
        error = type(self)(self.address, expected or self.expected, found or self.found, cure or self.cure)
        error.status, error.may_pass = self.status, self.may_pass
        return error


class NetworkError(SourceError):
    """A source gave no answer at all: no network, a refused connection or a time limit."""

    may_pass = True


class Paused(NetworkError):
    """Asking has to stop for now: a quota or the time of the source is spent. What was answered is kept.

    A source that fills up over several refreshes catches it and says how far it is; elsewhere it is a failure that
    passes.
    """


class LandingError(TrendsError):
    """A landed file or its card is damaged, or cannot be kept."""


class WarehouseError(TrendsError):
    """The warehouse cannot be built or read."""


class ModelError(WarehouseError):
    """A model's SQL or header is wrong."""


class CheckFailed(WarehouseError):
    """The data breaks a promise that a model makes."""


class BadLanding(WarehouseError):
    """A landed file cannot be loaded.

    Args:
        source: name of the source that it belongs to.
        message: what was found, and the cure.
    """

    def __init__(self, source: str, message: str) -> None:
        self.source = source
        super().__init__(message)


class QueryError(WarehouseError):
    """A query of the reader's cannot be run."""


class ReleaseError(TrendsError):
    """A release cannot be published or found."""


class LakeError(TrendsError):
    """The shared lake or the cluster cannot be reached, or does not take what it is given."""


class ScheduleError(TrendsError):
    """The schedules cannot be served."""


class DashboardError(TrendsError):
    """A page or chart cannot be drawn."""


@cache
def module_of(source: str) -> str:
    """Where the code of a source lies, for the words of errors: a module, or the main one of a package."""
    folder = Path(__file__).parent / "sources"
    found = [folder / source / "source.py", *folder.rglob(f"{source}.py")]
    place = next((path.relative_to(folder).as_posix() for path in found if path.is_file()), f"{source}.py")
    return f"flows/sources/{place}"


def missing_package(error: BaseException) -> str:
    """A package that came with newer code is not in the environment yet; empty for every other error."""
    ours = __name__.removesuffix(".errors")
    if not isinstance(error, ModuleNotFoundError) or (error.name or ours).startswith(ours):
        return ""
    return (
        f"{sys.prefix}: expected the package {error.name} in this Python environment, found none: it is older than the "
        "program. Run `make setup` in a checkout, or `pip install .` again elsewhere."
    )


def bug(where: str, error: BaseException, blotted: Callable[[str], str] = str) -> str:
    """Log the traceback of an exception that is none of ours; return the sentence for the operator.

    Args:
        where: the module, or what was at work.
        error: what was raised.
        blotted: takes secrets out of a text.
    """
    if words := missing_package(error):
        log.error("%s", words)
        return words
    words = " ".join(str(error).split())[:LONGEST_SAYING]
    said = blotted(
        f"{where}: expected to go on or to say in our words why not, found a bug: {type(error).__name__}: {words}. "
        "The log has its traceback: report it."
    )
    log.error("%s\n%s", said, blotted("".join(traceback.format_exception(error))))
    return said
