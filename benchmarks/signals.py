"""`python -m benchmarks.signals`: the eight sources of counts, landed, loaded and modelled.

The services are a process of their own, so that their time is not ours. Waiting for a turn is counted, not waited for.
Wall time holds what the services take; CPU is all ours. Pulls and builds are made several times and medians count: what
the signals add to a build is the difference of two builds, each of which takes longer than it. Beside it stands what
the library takes for the same requests, asked for alone. Add -v for the messages of the sources.
"""

import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import requests

from benchmarks.signals_server import NOW, UNLIMITED
from flows.network.budget import Budget
from flows.network.mirror import to_mirror
from flows.network.web import Web
from flows.refresh import steps
from flows.release.inputs import read_inputs
from flows.release.loaders import loaders, raw_tables
from flows.settings import PROJECT, Settings
from flows.sources import (
    Source,
    conda_downloads,
    github_stars,
    hn_hiring,
    huggingface_created,
    huggingface_models,
    openalex_citations,
    pypi_downloads,
    stack_overflow_questions,
)
from flows.sources.papers_after_2025 import source as papers_after_2025
from flows.warehouse import build as warehouse
from flows.warehouse.runner import create_table

SIGNALS: tuple[Source, ...] = (
    pypi_downloads,
    github_stars,
    stack_overflow_questions,
    huggingface_models,
    conda_downloads,
    openalex_citations,
    hn_hiring,
    papers_after_2025,
)
TARGET_SECONDS = 2.0
RUNS = 5


class Patience:
    """A clock that jumps where somebody waits, and adds up how long."""

    def __init__(self) -> None:
        self.waited = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.waited

    def sleep(self, seconds: float) -> None:
        self.waited += seconds


class Noting(Web):
    """Notes what it asks for."""

    asked: ClassVar[list[tuple[str, str, dict[str, Any]]]] = []

    def _open(self, method: str, address: str, **request: Any) -> requests.Response:
        self.asked.append((method, address, request))
        return super()._open(method, address, **request)


@dataclass
class Took:
    """Seconds of wall time and of CPU."""

    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: "Took") -> "Took":
        return Took(self.wall + other.wall, self.cpu + other.cpu)

    def __str__(self) -> str:
        return f"{self.wall:6.2f} s wall, {self.cpu:5.2f} s CPU"


@contextmanager
def timed() -> Iterator[Took]:
    took = Took()
    wall, cpu = time.perf_counter(), time.process_time()
    yield took
    took.wall, took.cpu = time.perf_counter() - wall, time.process_time() - cpu


@contextmanager
def services(folder: Path) -> Iterator[str]:
    """The address of the services, in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.signals_server", str(folder)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()


def pull(settings: Settings, sources: Sequence[Source], now: datetime) -> dict[str, Took]:
    """Ask each source once, one after the other."""
    seconds = {}
    for source in sources:
        patience = Patience()

        def patient(settings: Settings, patience: Patience = patience, **rest: Any) -> Web:
            return Noting(settings, Budget(settings.source_seconds, patience, patience.sleep), **rest)

        steps.Web = patient  # type: ignore[assignment,misc]
        with timed() as took:
            check = steps.pull_and_note(settings, source, now, None)
        print(f"  pull {source.NAME:25} {took}, {patience.waited:4.0f} s of waiting for turns left out")
        logging.info("    %s %s", check.outcome, check.message)
        seconds[source.NAME] = took
    return seconds


def load(settings: Settings) -> dict[str, Took]:
    """Fill the raw tables of every signal that has landings."""
    inputs, seconds = read_inputs(settings, NOW), {}
    with duckdb.connect() as con:
        con.execute("create schema raw")
        for table, columns in raw_tables().items():
            create_table(con, table, columns)
        loaders(inputs)[0].fill(con)
        for source in SIGNALS:
            if landed := inputs.landed[source.NAME]:
                with timed() as took:
                    source.load(landed, con)
                print(f"  load {source.NAME:25} {took}")
                seconds[source.NAME] = took
    return seconds


def build(settings: Settings, folder: Path, *, without_signals: bool = False) -> Took:
    """Read what is landed, load it and run every model."""
    with timed() as took:
        inputs = read_inputs(settings, NOW)
        if without_signals:
            inputs = replace(inputs, landed={name: [] for name in inputs.landed})
        path = folder / "warehouse.duckdb"
        path.unlink(missing_ok=True)
        warehouse.build(settings, path, loaders(inputs))
    return took


def extra(settings: Settings, folder: Path, runs: int = RUNS) -> Took:
    """What the signals add to a build: the median of what is more than in the build without them beside it."""
    found = []
    for _ in range(runs):
        bare, whole = build(settings, folder, without_signals=True), build(settings, folder)
        found.append(Took(whole.wall - bare.wall, whole.cpu - bare.cpu))
    took = median(found)
    print(f"  load and model all of them           {took}, beside {bare.wall:.2f} s for the rest")
    return took


def median(found: Sequence[Took]) -> Took:
    return Took(statistics.median(one.wall for one in found), statistics.median(one.cpu for one in found))


def first_refresh(settings: Settings, folder: Path) -> tuple[list[Took], Took]:
    """Pull all signals, each time into an empty folder, and load and model them; what each pull and the rest took."""
    pulls = []
    for number in range(RUNS):
        os.sync()
        fresh = replace(settings, data=folder / f"polite-{number}")
        pulls.append(sum(pull(fresh, SIGNALS, NOW).values(), Took()))
    return pulls, extra(fresh, folder)


def asked_alone(settings: Settings) -> Took:
    """Ask for what a first refresh asked for, by the library alone: one session, bodies read and left."""
    with requests.Session() as plain, timed() as took:
        for method, address, request in Noting.asked:
            plain.request(method, to_mirror(str(settings.mirror), address), timeout=60, **request)
    return took


def landed_mb(settings: Settings) -> float:
    return sum(file.stat().st_size for file in settings.raw.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    """Print seconds by step, the target, and ratios to the pandas script."""
    with tempfile.TemporaryDirectory() as name, services(Path(name)) as address:
        folder = Path(name)
        polite = Settings(data=folder / "polite", mirror=address)
        print("A refresh of all signals on an empty folder, with the limits and quotas that hold by default:")
        pulls, added = first_refresh(polite, folder)
        total = median(pulls) + added
        asked = len(Noting.asked) // RUNS
        del Noting.asked[asked:]
        alone = median([asked_alone(polite) for _ in range(RUNS)])
        polite = replace(polite, data=folder / "polite-0")
        print(f"  {landed_mb(polite):.0f} MB landed; {asked} requests by requests alone: {alone}")
        print("The next one, six hours later:")
        again = sum(pull(polite, SIGNALS, NOW + timedelta(hours=6)).values(), Took())
        later = again + build(polite, folder)
        print("The whole history at once:")
        whole = replace(
            polite,
            data=folder / "whole",
            user_agent=UNLIMITED,
            source_seconds=1e6,
            conda_months_per_refresh=1000,
            hiring_threads_per_refresh=1000,
        )
        stack_overflow_questions.QUOTA = huggingface_created.MOST_ASKED = 100_000
        pulled = pull(whole, SIGNALS, NOW)
        print(f"  {landed_mb(whole):.0f} MB landed")
        loaded = load(whole)
        everything = sum(pulled.values(), Took()) + extra(whole, folder)
        command = [sys.executable, "-m", "benchmarks.pandas_signals", address, str(folder / "pandas")]
        script = json.loads(subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout)
        print("\nTarget: all signals pulled politely, loaded and modelled in under 2 s of our own time")
        for words, took in (
            ("first refresh, loaded and modelled", total),
            ("next refresh and a whole build", later),
            ("whole history, loaded and modelled", everything),
        ):
            print(f"  {words:36} {took}  {'met' if took.cpu < TARGET_SECONDS else 'MISSED'} (CPU)")
        print(f"  its pulls: {', '.join(f'{one.cpu:.2f}' for one in pulls)} s CPU, of which requests alone {alone}")
        for source, (wall, cpu) in script.items():
            ours = pulled[source] + loaded[source]
            print(
                f"  {source}: ours {ours}; requests and pandas {Took(wall, cpu)}: "
                f"{wall / ours.wall:.1f} times the wall time, {cpu / ours.cpu:.1f} times the CPU"
            )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO if "-v" in sys.argv else logging.ERROR, format="%(message)s")
    main()
