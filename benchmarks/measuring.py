"""Measures whole processes, children included, and tells how far it is."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from flows.settings import PROJECT

INPUTS = PROJECT / "benchmarks" / "inputs"


@dataclass(frozen=True)
class Measured:
    """Wall and CPU seconds and peak memory in MB of a process and its children, and the size of the file it made."""

    wall: float
    cpu: float
    peak_mb: float
    file_mb: float = 0

    @classmethod
    def typical(cls, runs: Sequence["Measured"]) -> "Measured":
        """The median of each figure."""
        return cls(*(median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "peak_mb", "file_mb")))


def nothing() -> None:
    """Before and after most lines."""


@dataclass(frozen=True)
class Line:
    """Something to measure.

    Attributes:
        what: its name in the table.
        command: run as a process; raises SystemExit with what it said when it fails.
        includes: what the time covers, in words.
        before: makes the same state before every run; its time is not counted.
        environ: in place of the caller's.
        folder: to run in.
        makes: the file whose size is told.
        most_runs: what needs to be measured less often than the others.
        agrees: compares what the first run made with what it should be, and raises SystemExit if it differs.
    """

    what: str
    command: Sequence[str]
    includes: str = ""
    before: Callable[[], object] = nothing
    environ: Mapping[str, str] | None = None
    folder: Path = PROJECT
    makes: Path | None = None
    most_runs: int = 99
    agrees: Callable[[], object] = nothing


def measure(command: Sequence[str], environ: Mapping[str, str] | None = None, folder: Path = PROJECT) -> Measured:
    """Run a command to its end.

    A new process begins with the peak of the one that starts it, so that a small one stands between the two.
    """
    between = [sys.executable, "-m", "benchmarks.measuring", str(folder), *command]
    done = subprocess.run(between, cwd=PROJECT, env=environ, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr[-4000:]}")
    return Measured(**json.loads(done.stdout))


def run(folder: str, *command: str) -> int:
    """Run a command and print what it used; what it says itself goes to standard error."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    print(json.dumps({"wall": wall, "cpu": cpu, "peak_mb": usage.ru_maxrss / 1024}))
    return process.returncode


def alternate(lines: Iterable[Line], runs: int) -> dict[str, Measured]:
    """Measure the lines in turn, so that a slow minute of the machine falls on all of them; return the medians."""
    lines = list(lines)
    found: dict[str, list[Measured]] = {line.what: [] for line in lines}
    for number in range(1, runs + 1):
        for line in [line for line in lines if number <= line.most_runs]:
            say(f"run {number} of {runs}: {line.what}")
            line.before()
            os.sync()  # what the line before wrote is not this one's work
            measured = measure(line.command, line.environ, line.folder)
            size = line.makes.stat().st_size / 2**20 if line.makes else 0
            found[line.what].append(replace(measured, file_mb=size))
            if number == 1:
                line.agrees()
    say()
    return {what: Measured.typical(measured) for what, measured in found.items()}


def say(words: str = "") -> None:
    """Show on a terminal what is going on, in place of what was shown before."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
