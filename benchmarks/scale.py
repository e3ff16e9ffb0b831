"""`python -m benchmarks scale`: record-level counts by a Dask cluster beside one DuckDB process, on made links.

The links are Parquet parts in a local folder, the lake a PostgreSQL and a folder on this machine. Counts are compared
to the row before any time counts. The cluster and Prefect's server are up before; what is timed is a run from its
beginning to the counts put together. Each side is a process of its own; the peak is that of its largest. Processor time
is that of the process and of the workers: on a machine that is not quiet it tells more than the clock does. The table
is kept in benchmarks/RESULTS.md from ten million links on, that of a hundred million beside it: below, it tells of
beginning and ending alone.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import results
from benchmarks.measuring import Measured, measure, say
from tests.flows.lake import services
from tests.flows.lake.made import made_links

LINKS_PER_PART = 1_500_000
KEPT_FROM = 10_000_000
LARGEST_FROM = 100_000_000


def main() -> None:
    """Measure one size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--links", type=int, default=30_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--buckets", type=int, help="parts of each key; by the number of links without")
    parser.add_argument("--workers", default="2,1", help="numbers of workers to measure, joined by commas")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trends-scale-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "links").mkdir()
        count = max(4, args.links // LINKS_PER_PART)
        files = made_links(folder / "links", args.links, count)
        say(f"{args.links:,} links in {count} parts")
        with services.postgres(folder / "postgres") as postgres:
            environ = os.environ | {
                "TRENDS_LAKE": postgres.database("lake"),
                "TRENDS_LAKE_DATA": str(folder / "data"),
                "PREFECT_HOME": str(folder / "prefect"),
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "DO_NOT_TRACK": "1",
            }
            with services.prefect(folder, environ) as api:
                measured(folder, files, environ | {"PREFECT_API_URL": api}, args)


def measured(folder: Path, files: list[str], environ: dict[str, str], args: argparse.Namespace) -> None:
    """Run both sides in turn; print the table, and keep it."""
    sides = {"one process, 2 threads": 0} | {f"{n} worker{'s' * (n > 1)}": n for n in map(int, args.workers.split(","))}
    runs: dict[str, list[Measured]] = {side: [] for side in sides}
    for _ in range(args.runs):
        for side, workers in sides.items():
            runs[side].append(_run(folder, files, environ, workers, args.buckets))
            say(f"{side}: {runs[side][-1].wall:.1f} s")
    counts = {side: json.loads((folder / f"{workers}.json").read_text())["digest"] for side, workers in sides.items()}
    same = len(set(counts.values())) == 1
    middle = {side: Measured.typical(of_side) for side, of_side in runs.items()}
    size = sum(Path(file).stat().st_size for file in files) / args.links
    lines = [
        f"{args.links:,} made links in {len(files)} Parquet parts, {size:.1f} bytes a row; median of {args.runs}; "
        f"counts {'equal to the row' if same else 'DIFFER'}. Load of the machine at the end: {os.getloadavg()[2]:.0f}.",
        "",
        "| what | wall s | processor s | peak MB of the largest process |",
        "| --- | --- | --- | --- |",
        *(f"| {side} | {one.wall:.1f} | {one.cpu:.1f} | {one.peak_mb:.0f} |" for side, one in middle.items()),
        "",
        *_ratios(dict(zip(sides.values(), middle.values(), strict=True))),
    ]
    print("\n".join(lines))
    if not same:
        raise SystemExit("The counts differ.")
    if args.links >= KEPT_FROM:
        heading = results.LARGEST if args.links >= LARGEST_FROM else results.SCALE
        results.keep(heading, "\n".join([*lines, ""]))


def _ratios(middle: dict[int, Measured]) -> list[str]:
    """Each number of workers beside one process, and one worker beside two."""
    lines = [
        f"{workers} worker{'s' * (workers > 1)}: {one.wall / middle[0].wall:.2f} times one process by the clock, "
        f"{one.cpu / middle[0].cpu:.2f} times in processor time; the largest process has "
        f"{one.peak_mb / middle[0].peak_mb:.2f} of its memory."
        for workers, one in middle.items()
        if workers
    ]
    if {1, 2} <= middle.keys():
        lines.append(f"1 worker: {middle[1].wall / middle[2].wall:.2f} times 2 workers by the clock.")
    return lines


def _run(folder: Path, files: list[str], environ: dict[str, str], workers: int, buckets: int | None) -> Measured:
    """Measure one side once, its workers with it."""
    command = [sys.executable, "-m", "benchmarks.scale_run", str(folder / f"{workers}.json"), str(buckets or 0), *files]
    with _cluster(folder, environ, workers) as cluster:
        if not cluster:
            return measure(command, environ)
        pids = [worker.pid for worker in cluster.workers]
        before = sum(map(_cpu, pids))
        found = measure(command, environ | {"TRENDS_CLUSTER": cluster.address})
        peak = max(found.peak_mb, *map(_peak_mb, pids))
        return Measured(found.wall, found.cpu + sum(map(_cpu, pids)) - before, peak)


def _cpu(pid: int) -> float:
    """Processor seconds that a process has had (Linux)."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _cluster(folder: Path, environ: dict[str, str], workers: int) -> Iterator[services.Cluster | None]:
    if not workers:
        yield None
        return
    with services.cluster(folder, environ, workers) as started:
        yield started


def _peak_mb(pid: int) -> float:
    """Most memory that a process has had (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


if __name__ == "__main__":
    main()
