"""How time and memory grow with the number of links, from 1, 3, 10 and 30 times the archive.

The three marts by us, polars and pandas, each as far as it fits into memory, and our whole warehouse.
"""

import os
import shutil
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks import archive
from benchmarks.alternatives import OURS, PANDAS, POLARS, frames
from benchmarks.lineage import landed
from benchmarks.measuring import INPUTS, Line, Measured, alternate, measure, say
from flows.landing.cards import card_path, sha256_of
from flows.settings import Settings

# In a process of its own, which may take gigabytes.
MAKE = "import sys, pathlib, benchmarks.archive as a; a.make(pathlib.Path(sys.argv[1]), int(sys.argv[2]))"
EVERY = "ours: every model"
LINEAGE = [sys.executable, "-m", "benchmarks.lineage"]
# Sizes by which a tool is judged are measured so often, the others once: the largest takes minutes.
JUDGED, RUNS = (10,), 3


@dataclass(frozen=True)
class Grown:
    """One size: its number of links, and what each tool took; None for one that would not have had the memory."""

    links: int
    measured: dict[str, Measured | None]

    def of(self, what: str) -> Measured:
        """What one tool took; KeyError where it was not measured."""
        if found := self.measured.get(what):
            return found
        raise KeyError(what)


def grow(work: Path, factors: list[int], scale: float, runs: int) -> dict[int, Grown]:
    """Measure the sizes, the smallest first."""
    grown: dict[int, Grown] = {}
    for factor in sorted(factors):
        links = int(archive.LINKS * scale) * factor
        say(f"making inputs: {links:,} links")
        lines = [line for line in _lines(work / f"growth-{factor}", links, scale) if _fits(line, links, grown)]
        most = min(runs, RUNS) if factor in JUDGED else 1
        found = alternate([replace(line, most_runs=1 if line.what == EVERY else most) for line in lines], most)
        grown[factor] = Grown(links, {what: found.get(what) for what in (EVERY, OURS, POLARS, PANDAS)})
        shutil.rmtree(work / f"growth-{factor}")
    return grown


def _fits(line: Line, links: int, grown: dict[int, Grown]) -> bool:
    """Whether a tool that holds all in memory has the room, judged by what it took for fewer links."""
    if line.what not in (POLARS, PANDAS) or not grown:
        return True
    before = grown[max(grown)]
    if (took := before.measured[line.what]) is None:
        return False
    return took.peak_mb * links / before.links < _available_mb()


def _available_mb() -> float:
    words = Path("/proc/meminfo").read_text().split()
    return int(words[words.index("MemAvailable:") + 1]) / 1024


def _lines(data: Path, links: int, scale: float) -> list[Line]:
    folder = INPUTS if scale == 1 else INPUTS / f"scale-{scale:g}"
    measure([sys.executable, "-c", MAKE, str(folder), str(links)])
    place = data / "raw" / "papers_with_code" / "2026-01-01T000000Z"
    place.mkdir(parents=True)
    path = place / "links.parquet"
    path.symlink_to(folder / f"links-{links}.parquet")
    card_path(path).write_text(replace(landed(path).card, sha256=sha256_of(path)).as_json())
    environ = {**os.environ, "TRENDS_DATA": str(data), "TRENDS_BUILD_SECONDS": "7200"}
    every, ours = data / "warehouse.duckdb", data / "ours.duckdb"
    gone = partial(ours.unlink, missing_ok=True)
    return [
        Line(EVERY, [*LINEAGE, "all", str(every)], environ=environ, makes=every),
        Line(OURS, [*LINEAGE, "three", str(path), str(ours)], before=gone, makes=ours),
        *(frames(what, data, path.resolve(), Settings(), ours) for what in (POLARS, PANDAS)),
    ]
