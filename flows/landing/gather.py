"""Many small requests of one source: one that fails does not stop the others, a limit or a broken network does."""

import logging
from collections.abc import Callable
from typing import TypeVar

from ..errors import NetworkError, SourceError

log = logging.getLogger(__name__)
T = TypeVar("T")


class Gathering:
    """Asks for one thing after the other and remembers what is missing.

    Args:
        things: what is asked for, in words, as in "Packages at pypistats.org".
        gone: statuses by which the source says that it has no such thing.

    Attributes:
        landed: how many were landed or confirmed.
        is_stopped: the source limits us or cannot be reached, so that asking on would be useless or impolite.
    """

    def __init__(self, things: str, gone: tuple[int, ...] = (404, 410)) -> None:
        self.things, self.landed, self.is_stopped = things, 0, False
        self._gone = gone
        self.missing: list[str] = []
        self.errors: list[SourceError] = []

    def ask(self, thing: str, fetch: Callable[[], T]) -> T | None:
        """Fetch one thing; None if it is missing now."""
        if self.is_stopped:
            self.missing.append(thing)
            return None
        try:
            found = fetch()
        except SourceError as error:
            log.info("%s", error)
            self.missing.append(thing)
            self.errors.append(error)
            refused = error.status is not None and error.status not in self._gone
            self.is_stopped = refused or isinstance(error, NetworkError)
            return None
        self.landed += 1
        return found

    def last_is_gone(self) -> bool:
        """Whether the source says that it has no such thing as was asked for last."""
        return bool(self.errors) and self.errors[-1].status in self._gone

    def forgive(self) -> None:
        """Forget what was asked for last: that it is missing is no fault."""
        self.missing.pop()
        self.errors.pop()

    @property
    def note(self) -> str:
        """What is missing and why, for the operator; empty when all is there."""
        if not self.errors:
            return ""
        shown = ", ".join(self.missing[:5]) + (f" and {len(self.missing) - 5} more" if len(self.missing) > 5 else "")
        return f"{self.things}: {len(self.missing)} missing for now ({shown}). {self.errors[-1]}"


def told(*gatherings: Gathering, more: str = "") -> str | None:
    """The note of a whole refresh.

    Raises:
        SourceError: nothing at all could be landed or confirmed although something was asked for.
    """
    failed = [gathering for gathering in gatherings if gathering.errors]
    if failed and not any(gathering.landed for gathering in gatherings):
        error = failed[0].errors[-1]
        cure = " ".join([error.cure, *(gathering.note for gathering in failed[1:])])
        last = type(error)(error.address, error.expected, error.found, cure)
        last.status, last.may_pass = error.status, error.may_pass
        raise last from error
    return " ".join(words for words in (*(gathering.note for gathering in gatherings), more) if words) or None
