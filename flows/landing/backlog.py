"""What a source wants and does not hold yet: asked for one after the other until a limit, with a word on how far it is.

One thing that fails does not stop the others. A limit, a broken network, a spent quota and the end of the source's time
do: asking on would be useless or impolite, and the next refresh goes on.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from ..errors import NetworkError, Paused, SourceError
from . import rota

log = logging.getLogger(__name__)
T = TypeVar("T")
Found = TypeVar("Found")


def is_limit(error: SourceError, gone: Collection[int] = (404, 410)) -> bool:
    """Whether asking on would be useless or impolite: no network, or a status other than that of a thing not there."""
    return isinstance(error, NetworkError) or (error.status is not None and error.status not in gone)


def is_no_answer(error: SourceError) -> bool:
    """Whether nothing answers: where what is wrong with one thing says nothing about the others."""
    return isinstance(error, NetworkError)


class Backlog(Generic[T]):
    """One walk through what a source wants.

    Args:
        things: what is asked for, in words, as in "months of tags".
        wanted: all that the source should hold in the end, in the order in which it is asked for.
        is_held: whether one of them is held by now; true of one that this walk has landed.
        name: what a thing is called; once one has failed, others of its name are left out of this walk.
        stops: whether an error ends the walk.
        patience: so many errors before anything was landed end it too: the service has changed, not the things.

    Attributes:
        landed: how many were landed or confirmed.
        errors: what went wrong, by name.
        stopped_by: what ended the walk early.
    """

    def __init__(
        self,
        things: str,
        wanted: Callable[[], Iterable[T]] = tuple,
        is_held: Callable[[T], bool] = lambda _: False,
        *,
        name: Callable[[T], str] = str,
        stops: Callable[[SourceError], bool] = is_limit,
        patience: int | None = None,
    ) -> None:
        self.things, self.landed = things, 0
        self.errors: dict[str, SourceError] = {}
        self.stopped_by: SourceError | None = None
        self._wanted, self._is_held, self._name, self._stops, self._patience = wanted, is_held, name, stops, patience
        self._missing: dict[str, None] = {}

    @property
    def pause(self) -> Paused | None:
        """The end of a quota or of the source's time, if that has ended the walk: nothing wrong."""
        return self.stopped_by if isinstance(self.stopped_by, Paused) else None

    @property
    def failure(self) -> SourceError:
        """What the operator has to know of a walk that brought nothing: what went wrong before a pause is its cause."""
        faults = list(self.errors.values())
        return self.stopped_by if self.stopped_by and not (self.pause and faults) else faults[-1]

    def left(self) -> list[T]:
        """What is wanted and not held."""
        return [one for one in self._wanted() if not self._is_held(one)]

    def work(self, ask: Callable[[T], object], most: int | None = None) -> None:
        """Ask for what is left, at most so much of it in this walk."""
        self.each(self.left()[:most], ask)

    def revisit(self, seen_at: Callable[[T], datetime | None], now: datetime, ask: Callable[[T], object]) -> None:
        """Ask again for those of what is held whose turn has come (rota.py), unless the walk has ended early."""
        if not self.stopped_by:
            self.each(rota.due([one for one in self._wanted() if self._is_held(one)], seen_at, now), ask)

    def each(self, things: Iterable[T], ask: Callable[[T], object]) -> None:
        """Ask for one after the other."""
        for one in things:
            if self._name(one) in self.errors:
                self._missing[self._name(one)] = None
            else:
                self.ask(one, ask)

    def ask(self, one: T, fetch: Callable[[T], Found]) -> Found | None:
        """Fetch one thing; None if it is missing now."""
        name = self._name(one)
        try:
            if self.stopped_by:
                raise self.stopped_by
            found = fetch(one)
        except SourceError as error:
            self._missing[name] = None
            if not self.stopped_by:
                log.info("%s", error)
                self._note(name, error)
            return None
        self.landed += 1
        return found

    def forgive(self, one: T) -> None:
        """Forget that one was asked for: that it is missing is no fault."""
        del self.errors[self._name(one)], self._missing[self._name(one)]
        self.stopped_by = None

    @property
    def note(self) -> str:
        """What is missing and why, for the operator; empty when nothing went wrong."""
        if not self.errors:
            return ""
        missing, error = list(self._missing), list(self.errors.values())[-1]
        shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        return f"{_sentence(self.things)}: {len(missing)} missing for now ({shown}). {error}"

    def progress(self, most: int | None = None) -> str:
        """Why it had to stop, how far it is, and how many more refreshes it takes, at most so many each."""
        wanted, left = len(list(self._wanted())), len(self.left())
        reason = f"{_sentence(self.pause.found)}." if self.pause else ""
        if not left:
            return reason
        words = f"{wanted - left} of {wanted} {self.things} are held; the next refresh goes on with the others"
        if most:
            more = -(-left // most)
            words += f", which take about {more} more {'refresh' if more == 1 else 'refreshes'}"
        return f"{reason} {words}.".lstrip()

    def _note(self, name: str, error: SourceError) -> None:
        if not isinstance(error, Paused):
            self.errors[name] = error
        is_hopeless = not self.landed and len(self.errors) == self._patience
        if isinstance(error, Paused) or is_hopeless or self._stops(error):
            self.stopped_by = error


def told(*backlogs: Backlog[Any], more: Iterable[str] = (), is_confirmed: bool | None = None) -> str | None:
    """The note of a whole refresh.

    Args:
        backlogs: that were worked on.
        more: further sentences; empty ones are left out.
        is_confirmed: whether what we hold is as new as today; otherwise it is where anything was landed or confirmed.

    Raises:
        SourceError: something failed and nothing is confirmed.
    """
    failed = [backlog for backlog in backlogs if backlog.errors or backlog.stopped_by]
    if failed and not (any(backlog.landed for backlog in backlogs) if is_confirmed is None else is_confirmed):
        error, pause = failed[0].failure, failed[0].pause
        late = [f"{_sentence(pause.found)}."] if pause and error is not pause else []
        raise error.reworded(cure=" ".join([error.cure, *late, *(backlog.note for backlog in failed[1:])])) from error
    return " ".join(words for words in (*(backlog.note for backlog in backlogs), *more) if words) or None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
