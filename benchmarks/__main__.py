"""`make benchmark`: prints wall time, CPU and peak memory of whole processes, and ratios to the pandas script."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import archive
from flows.settings import PROJECT
from flows.sources import papers_with_code
from tests.loopback import Answer, Loopback

RUNS = 5
INPUTS = PROJECT / "benchmarks" / "inputs"


@dataclass(frozen=True)
class Measured:
    """Wall and CPU seconds and peak memory in MB of one process and its children."""

    wall: float
    cpu: float
    peak_mb: float


def measure(command: list[str], environ: dict[str, str]) -> Measured:
    """Run a command to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors.decode()}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Measure, alternating with the alternative, and print a Markdown table."""
    parquet, _ = archive.make(INPUTS)
    body = parquet.read_bytes()
    with Loopback() as server, tempfile.TemporaryDirectory() as name:
        work = Path(name)
        host, _, path = papers_with_code.URL["links.parquet"].removeprefix("https://").partition("/")
        server.answer(host, f"/{path}", Answer(body=body, etag='"one"', accept_ranges=True))
        environ = {**os.environ, "TRENDS_DATA": str(work / "data"), "TRENDS_MIRROR": server.address}
        trends = [sys.executable, "-m", "flows.cli"]
        only = ["--source", "papers_with_code"]  # the other sources have no answers here
        script = [sys.executable, str(PROJECT / "benchmarks" / "pandas_refresh.py")]
        script += [f"{server.address}/{host}/{path}", str(work / "pandas")]
        results: dict[str, list[Measured]] = {}

        def add(what: str, command: list[str]) -> None:
            results.setdefault(what, []).append(measure(command, environ))

        measure([*trends, "refresh", *only], environ)  # warms the file cache and makes the Vega bundle, once
        for _ in range(RUNS):
            add("pandas: fetch, shares, pairs, one chart", script)
            for folder in ("raw", "releases", "history", "current", "status.json"):
                target = work / "data" / folder
                shutil.rmtree(target) if target.is_dir() and not target.is_symlink() else target.unlink(missing_ok=True)
            add("trends refresh: land to published", [*trends, "refresh", *only])
            add("trends refresh: nothing new", [*trends, "refresh", *only])
            add("trends build", [*trends, "build"])
            add('trends query "select 1"', [*trends, "query", "select 1"])
            add("python -c 'import duckdb'", [sys.executable, "-c", "import duckdb"])
        report(results, len(body))


def report(results: dict[str, list[Measured]], size: int) -> None:
    """Print medians and ratios."""
    pandas = median(one.wall for one in next(iter(results.values())))
    print(f"{archive.LINKS:,} links, {size / 1e6:.1f} MB of Parquet, median of {RUNS} runs, {os.cpu_count()} cores\n")
    print("| what | wall s | CPU s | peak MB | wall, pandas script = 1 |")
    print("|---|---:|---:|---:|---:|")
    for what, runs in results.items():
        wall, cpu, peak = (median(getattr(one, name) for one in runs) for name in ("wall", "cpu", "peak_mb"))
        print(f"| {what} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {wall / pandas:.2f} |")


if __name__ == "__main__":
    main()
