"""The way through the repositories: in batches that shrink where the service cannot answer them, kept as they come."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from ...errors import Paused
from ...landing.ledger import Entry, Ledger
from .asking import Wanted, chosen_files, names_and_roots
from .reading import CALIBRATION, GONE, READ, UNANSWERED, Reading, Repository
from .service import ADDRESS, NOT_FOUND, Service

BATCH = 24
# So many whole batches in a row mean that a larger one is worth a try.
STEADY = 8
ARCHIVE_ENDS = "2025-07-28T23:59:59Z"
LOOKED_AGAIN = timedelta(days=90)
# So many batches of one repository in a row that cannot be answered: either they cannot, or the service fails.
MOST_FAILURES = 3
# What reading an answer raises that is not as GitHub's schema promises: it costs that repository alone.
AGAINST_SCHEMA = (AttributeError, KeyError, TypeError, ValueError)


class Size:
    """How many repositories the next query names: half where none was answered, and more again after a while.

    Attributes:
        now: so many.
    """

    def __init__(self) -> None:
        self.now = self._most = BATCH
        self._whole, self._is_halved = 0, False

    def learn(self, asked: int, left: int) -> None:
        """Take it from how many were asked for, and how many of them are left without an answer."""
        if left == asked == 1:  # it is this one, not the size
            self.now, self._is_halved = self._most, False
        elif left == asked:
            self.now, self._whole, self._is_halved = asked // 2, 0, True
        elif left:  # those that are left together, then as many as were answered
            self._most, self._whole = max(asked - left, asked // 2), 0
            self.now = min(left, self._most)
        else:
            self._most = self.now if self._is_halved else self._most
            self._whole += 1
            if self._whole % STEADY == 0:
                self._most = min(BATCH, 2 * self._most)
            self.now, self._is_halved = self._most, False


class Walk:
    """One run through the repositories.

    Args:
        service: is asked.
        now: the time of this run.
        answers: what is held, and where new answers go.
    """

    def __init__(self, service: Service, now: datetime, answers: Ledger) -> None:
        self._service, self._now, self._answers = service, now, answers
        self._asked: dict[str, list[datetime]] = {}
        self._kinds: dict[str, str] = {}
        self._size = Size()
        self._doubtful: list[Repository] = []
        self._unanswered: list[str] = []
        for entry in answers.entries:
            self._learn(entry)

    def through(self, wanted: Sequence[Repository]) -> str | None:
        """Ask for all that are missing; say how far it is, and what could not be answered."""
        missing = deque(one for one in wanted if self._is_missing(one))
        first, reason = len(missing), ""
        try:
            while missing:
                self._next(missing)
            if self._doubtful:
                self._tell_apart(missing)
        except Paused as pause:
            if len(missing) + len(self._doubtful) == first:
                raise
            reason = pause.found
        left = len(missing) + len(self._doubtful)
        return self._told(len(wanted), left, first - left, reason)

    def _next(self, missing: deque[Repository]) -> None:
        """Ask for one batch, and take the size of the next from how it went."""
        batch = [missing.popleft() for _ in range(min(self._size.now, len(missing)))]
        try:
            left = self._batch(batch)
        except Paused:
            missing.extendleft(reversed(batch))
            raise
        missing.extendleft(reversed(left))
        self._size.learn(len(batch), len(left))
        if left and len(batch) == 1:
            self._doubtful.append(missing.popleft())
            if len(self._doubtful) >= MOST_FAILURES:
                self._tell_apart(missing)

    def _tell_apart(self, missing: deque[Repository]) -> None:
        """Ask for one from elsewhere: where it is answered, the service works, and the doubtful ones are at fault.

        Else nothing is kept of them, so that the next refresh asks for them again.
        """
        other = missing[-1] if missing else self._held()
        if other and self._batch([other]):
            found = f"none for {len(self._doubtful) + 1} repositories in a row, each asked for alone"
            found += self._service.trouble
            raise self._service.refusal("answers", found)
        if missing:
            missing.pop()

    def _held(self) -> Repository | None:
        subject = next((subject for subject, kind in self._kinds.items() if kind == READ), "")
        owner, _, name = subject.partition("/")
        return Repository(owner, name, "") if subject else None

    def _told(self, wanted: int, missing: int, done: int, reason: str) -> str | None:
        notes = []
        if reason:
            refreshes = -(-missing // max(done, 1))
            notes.append(
                f"{reason[:1].upper()}{reason[1:]}. {wanted - missing:,} of {wanted:,} repositories are read, "
                f"about {refreshes:,} {'refresh' if refreshes == 1 else 'refreshes'} left."
            )
        if self._service.spared:
            notes.append(f"GitHub does not know {_listed(sorted(self._service.spared))} any more: asked without.")
        if self._unanswered:
            again = f"each is asked for once more after {LOOKED_AGAIN.days} days"
            notes.append(f"GitHub could not answer for {_listed(self._unanswered)}, not even alone; {again}.")
        if self._doubtful:
            notes.append(f"GitHub did not answer for {_listed([one.subject for one in self._doubtful])}.")
        return " ".join(notes) or None

    def _is_missing(self, one: Repository) -> bool:
        """Whether it was never asked for, or once, 90 days ago, and had no code or no answer then."""
        asked = self._asked.get(one.subject)
        if not asked:
            return True
        kind = self._kinds[one.subject]
        again = kind == UNANSWERED or (kind != READ and one.purpose != CALIBRATION)
        return again and len(asked) == 1 and asked[0] + LOOKED_AGAIN <= self._now

    def _batch(self, batch: list[Repository]) -> list[Repository]:
        """Ask for a batch and keep what is whole; return those that the service could not answer this time."""
        pairs = [(one.owner, one.name) for one in batch]
        until = [ARCHIVE_ENDS if one.purpose == CALIBRATION else "" for one in batch]
        readings: dict[int, Reading] = {}
        wanted: dict[int, Wanted] = {}
        entries, left = [], []
        told = self._service.ask(lambda spared: names_and_roots(pairs, until, spared), len(batch))
        for number, (one, (node, failure)) in enumerate(zip(batch, told, strict=True)):
            if failure == NOT_FOUND:
                entries.append(self._entry(GONE, one, {}))
                continue
            try:
                reading = Reading(one, _whole(node, failure))
                if want := reading.wants():
                    wanted[number] = want
                readings[number] = reading
            except AGAINST_SCHEMA:
                left.append(number)
        left += self._files(pairs, readings, wanted)
        found = [self._entry(reading.kind, reading.repository, reading.body()) for reading in readings.values()]
        self._keep(*entries, *found)
        return [batch[number] for number in sorted(left)]

    def _files(
        self, pairs: list[tuple[str, str]], readings: dict[int, Reading], wanted: dict[int, Wanted]
    ) -> list[int]:
        """Ask for the files that are wanted; return the numbers of those that could not be answered, and drop them."""
        if not wanted:
            return []
        left = []
        mine, wants = [pairs[number] for number in wanted], list(wanted.values())
        told = self._service.ask(lambda spared: chosen_files(mine, wants, spared), len(wanted))
        for number, (node, failure) in zip(wanted, told, strict=True):
            try:
                readings[number].take(wanted[number].paths, _whole(node, failure))
            except AGAINST_SCHEMA:
                left.append(number)
                del readings[number]
        return left

    def _entry(self, kind: str, one: Repository, body: dict[str, Any]) -> Entry:
        return Entry(kind, one.subject, one.purpose, ADDRESS, ADDRESS, "", self._now, orjson.dumps(body).decode())

    def _keep(self, *entries: Entry) -> None:
        """Keep answers; since there are some, the service works, and those before it are at fault."""
        if entries:
            entries += tuple(self._entry(UNANSWERED, one, {}) for one in self._doubtful)
            self._unanswered += [one.subject for one in self._doubtful]
            self._doubtful = []
        self._answers.add(*entries)
        for entry in entries:
            self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        self._asked.setdefault(entry.subject, []).append(entry.asked_at)
        self._kinds[entry.subject] = entry.kind


def _whole(node: dict[str, Any] | None, failure: str) -> dict[str, Any]:
    if failure or node is None:
        raise ValueError(failure)
    return node


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if names[5:] else "")
