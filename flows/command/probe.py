"""Asks every host one small question: what an operator runs first to see what his network and the services do."""

import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

from ..network.probing import Finding, Probe, ask
from ..network.reach import unreachable
from ..settings import Settings
from ..sources import Source

SECONDS = 18.0  # of all sources together; each has a thread


def probe(settings: Settings, sources: Sequence[Source], today: date, seconds: float = SECONDS) -> list[Finding]:
    """Ask all sources at once; one that has not answered in time is a finding too."""
    asked = [(source.NAME, one) for source in sources for one in probes_of(source)]
    hosts = tuple(sorted({one.host for _, one in asked}))
    found: dict[tuple[str, Probe], Finding] = {}
    reason = unreachable(hosts, settings)
    if reason is None:
        reason, found = f"no answer within {seconds:.0f} s", _answers(settings, sources, today, seconds)
    none = {(name, one): Finding(name, one.host, one.address, refused_by=one.host, error=reason) for name, one in asked}
    return list((none | found).values())


def probes_of(source: Source) -> tuple[Probe, ...]:
    """The questions of a source."""
    return getattr(source, "PROBES", ())


def _answers(
    settings: Settings, sources: Sequence[Source], today: date, seconds: float
) -> dict[tuple[str, Probe], Finding]:
    """What was found in time; a look-up of a name knows no limit, so its thread is left behind."""
    answers: queue.Queue[tuple[str, Probe, Finding] | None] = queue.Queue()

    def work(source: Source) -> None:
        try:
            paces = getattr(source, "PACES", {})
            for one, found in ask(source.NAME, probes_of(source), paces, settings, today, seconds):
                answers.put((source.NAME, one, found))
        finally:
            answers.put(None)

    at_work = [source for source in sources if probes_of(source)]
    for source in at_work:
        threading.Thread(target=work, args=(source,), daemon=True).start()
    found, left, end = dict[tuple[str, Probe], Finding](), len(at_work), time.monotonic() + seconds
    with suppress(queue.Empty):
        while left:
            answer = answers.get(timeout=max(0.0, end - time.monotonic()))
            if answer is None:
                left -= 1
            else:
                found[answer[:2]] = answer[2]
    return found


def is_well(found: Sequence[Finding]) -> bool:
    """Whether every host answered as its client needs it."""
    return all(one.is_reached and one.is_as_expected for one in found)


def as_rows(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """For a monitor."""
    return [asdict(one) for one in found]


def as_text(found: Sequence[Finding]) -> str:
    """For a person: a line per question, and below it what differs."""
    lines: list[str] = []
    told = ""
    for one in found:
        state = "as expected" if one.is_as_expected else "differs" if one.is_reached else "not reached"
        there = f" -> {one.redirected_to}" if one.redirected_to else ""
        lines.append(f"{one.source:26} {one.host}{there}: {state}, {one.bytes} bytes in {one.seconds:.1f} s")
        if one.refused_by and one.refused_by != one.host:
            lines.append(f"{'':26}   refused by {one.refused_by}")
        error, told = one.error if one.error != told else "", one.error  # a network that is not there is told once
        lines += [f"{'':26}   {words}" for words in (*one.differs, *one.limits, error) if words]
    good = sum(one.is_reached and one.is_as_expected for one in found)
    return "\n".join([*lines, f"{good} of {len(found)} answers are as expected."])
