"""`python -m benchmarks links`: the archive of links alone, from its download to the pages, beside a pandas script."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import archive
from benchmarks.measuring import INPUTS, Line, Measured, alternate, measure
from benchmarks.mirror import mirror
from flows.settings import PROJECT
from flows.sources import papers_with_code

RUNS = 5
KEPT = ("cache",)
TRENDS = [sys.executable, "-m", "flows.command.cli"]
REFRESH = [*TRENDS, "refresh", "--source", papers_with_code.NAME]  # nobody answers for the other sources here


def lines(address: str, work: Path) -> list[Line]:
    """What to measure."""
    data = work / "data"
    environ = {**os.environ, "TRENDS_DATA": str(data), "TRENDS_MIRROR": address, "TRENDS_EXPECT_SIZES": "0"}

    def forget() -> None:
        for path in data.iterdir():
            if path.name not in KEPT:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    measure(REFRESH, environ)  # warms the file cache and makes the bundle of the charts, once
    outside = papers_with_code.URL["links.parquet"].removeprefix("https://")
    script = [sys.executable, str(PROJECT / "benchmarks" / "pandas_refresh.py")]
    own = [
        Line("pandas: fetch, shares, pairs, one chart", [*script, f"{address}/{outside}", str(work / "pandas")]),
        Line("trends refresh: land to published", REFRESH, before=forget),
        Line("trends refresh: nothing new", REFRESH),
        Line("trends build --full: every table", [*TRENDS, "build", "--full"]),
        Line("trends build: tables taken over", [*TRENDS, "build"]),
        Line('trends query "select 1"', [*TRENDS, "query", "select 1"]),
        Line("python -c 'import duckdb'", [sys.executable, "-c", "import duckdb"]),
    ]
    return [Line(line.what, line.command, before=line.before, environ=environ) for line in own]


def report(found: dict[str, Measured], size: int) -> None:
    """Print medians and ratios."""
    pandas = next(iter(found.values())).wall
    print(f"{archive.LINKS:,} links, {size / 1e6:.1f} MB of Parquet, median of {RUNS} runs, {os.cpu_count()} cores\n")
    print("| what | wall s | CPU s | peak MB | wall, pandas script = 1 |\n|---|---:|---:|---:|---:|")
    for what, run in found.items():
        print(f"| {what} | {run.wall:.2f} | {run.cpu:.2f} | {run.peak_mb:.0f} | {run.wall / pandas:.2f} |")


def main() -> None:
    """Measure in turn, and print a Markdown table."""
    links = archive.make(INPUTS)
    with tempfile.TemporaryDirectory() as name, mirror({papers_with_code.URL["links.parquet"]: links}) as address:
        report(alternate(lines(address, Path(name)), RUNS), links.stat().st_size)


if __name__ == "__main__":
    main()
