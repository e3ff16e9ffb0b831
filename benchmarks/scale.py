"""`python -m benchmarks scale`: record-level counts by a Dask cluster beside one DuckDB process, on made links.

The links are Parquet parts in a local folder, the lake a PostgreSQL and a folder on this machine. Counts are compared
to the row before any time counts. The cluster and Prefect's server are up before; what is timed is a run from its
beginning to the counts put together. Each side is a process of its own; the peak is that of its largest.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.measuring import Measured, measure, say
from tests.flows.lake import services
from tests.flows.lake.made import made_links

LINKS_PER_PART = 1_500_000
SEED = 20261130


def main() -> None:
    """Measure one size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--links", type=int, default=30_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--buckets", type=int, default=8, help="parts of each key")
    parser.add_argument("--workers", default="2,1", help="numbers of workers to measure, joined by commas")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trends-scale-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "links").mkdir()
        count = max(4, args.links // LINKS_PER_PART)
        files = made_links(folder / "links", args.links, count)
        size = sum(Path(file).stat().st_size for file in files)
        say(f"{args.links:,} links in {count} parts, {size / args.links:.1f} bytes a row")
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
    """Run both sides in turn; print the table."""
    sides = {"one process, 2 threads": 0} | {f"{n} worker{'s' * (n > 1)}": n for n in map(int, args.workers.split(","))}
    runs: dict[str, list[Measured]] = {side: [] for side in sides}
    peaks: dict[str, float] = {}
    for _ in range(args.runs):
        for side, workers in sides.items():
            said = folder / f"{workers}.json"
            with _cluster(folder, environ, workers) as cluster:
                command = [sys.executable, "-m", "benchmarks.scale_run", str(said), str(args.buckets), *files]
                address = {"TRENDS_CLUSTER": cluster.address} if cluster else {}
                runs[side].append(measure(command, environ | address))
                if cluster:
                    peaks[side] = max(peaks.get(side, 0), *(_peak_mb(worker.pid) for worker in cluster.workers))
            say(f"{side}: {runs[side][-1].wall:.1f} s")
    counts = {side: json.loads((folder / f"{workers}.json").read_text())["digest"] for side, workers in sides.items()}
    same = len(set(counts.values())) == 1
    print(f"{args.links:,} links, median of {args.runs}; counts {'equal to the row' if same else 'DIFFER'}\n")
    print("| what | wall s | peak MB of the largest process |\n| --- | --- | --- |")
    for side in sides:
        peak = peaks.get(side, max(run.peak_mb for run in runs[side]))
        print(f"| {side} | {median(run.wall for run in runs[side]):.1f} | {peak:.0f} |")
    walls = {workers: median(run.wall for run in runs[side]) for side, workers in sides.items()}
    if 2 in walls:
        print(f"\n2 workers: {walls[2] / walls[0]:.2f} times one process")
    if {1, 2} <= walls.keys():
        print(f"1 worker: {walls[1] / walls[2]:.2f} times 2 workers")
    if not same:
        raise SystemExit("The counts differ.")


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
