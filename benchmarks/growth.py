"""How time and memory grow with the number of links: the whole warehouse, from 1, 3, 10 and 30 times the archive."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import archive
from benchmarks.lineage import landed
from benchmarks.measuring import INPUTS, Line, Measured, alternate, measure, say
from flows.landing.cards import card_path, sha256_of

# In a process of its own, which may take gigabytes.
MAKE = "import sys, pathlib, benchmarks.archive as a; a.make(pathlib.Path(sys.argv[1]), int(sys.argv[2]))"


# The largest size takes a minute or two.
RUNS = 3


@dataclass(frozen=True)
class Grown:
    """One size: its number of links and what building took."""

    links: int
    measured: Measured


def grow(work: Path, factors: list[int], scale: float, runs: int) -> dict[int, Grown]:
    """Measure each size, in turn."""
    sizes = {factor: int(archive.LINKS * scale) * factor for factor in factors}
    say("making inputs: more links")
    lines = [_line(work / f"growth-{factor}", factor, links, scale) for factor, links in sizes.items()]
    found = alternate(lines, runs)
    return {factor: Grown(links, found[str(factor)]) for factor, links in sizes.items()}


def _line(data: Path, factor: int, links: int, scale: float) -> Line:
    folder = INPUTS if scale == 1 else INPUTS / f"scale-{scale:g}"
    measure([sys.executable, "-c", MAKE, str(folder), str(links)])
    place = data / "raw" / "papers_with_code" / "2026-01-01T000000Z"
    place.mkdir(parents=True)
    path = place / "links.parquet"
    path.symlink_to(folder / f"links-{links}.parquet")
    card_path(path).write_text(replace(landed(path).card, sha256=sha256_of(path)).as_json())
    environ = {**os.environ, "TRENDS_DATA": str(data), "TRENDS_BUILD_SECONDS": "7200"}
    target = str(data / "warehouse.duckdb")
    return Line(str(factor), [sys.executable, "-m", "benchmarks.lineage", "all", target], environ=environ)
