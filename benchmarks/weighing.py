"""`python -m benchmarks weighing`: what every weighting of every year takes, beside the build that it is part of.

Processor time of one process, as a share of a build of the embedded data; a tenth is meant to be enough.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.release.inputs import read_inputs
from flows.release.loaders import loaders
from flows.settings import Settings
from flows.warehouse.analysis import acceptability, weightings
from flows.warehouse.build import build

RUNS = 5
COMPUTED = (acceptability.PAIRS, acceptability.RANKS, acceptability.ORDERS, acceptability.PRESETS)


def main() -> None:
    """Print one line: seconds of all years, of the build, and their ratio; medians."""
    own, whole = zip(*(_measured() for _ in range(RUNS)), strict=True)
    years, build_of_all = statistics.median(own), statistics.median(whole)
    share = f"{years:.2f} s of {build_of_all:.2f} s of a build"
    print(f"every weighting of every year: {share}: {years / build_of_all:.3f} (at most 0.1)")


def _measured() -> tuple[float, float]:
    """Seconds of processor time: the tables of weightings made once more, and the build that they stand in."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(data=Path(name))
        warehouse = settings.data / "warehouse.duckdb"
        inputs = read_inputs(settings, datetime.now(UTC))
        whole = _seconds(lambda: build(settings, warehouse, loaders(inputs)))
        with duckdb.connect(warehouse, read_only=True) as connection:
            own = _seconds(lambda: [computed.compute(connection) for computed in COMPUTED])
    return own, whole


def _seconds(work: Callable[[], object]) -> float:
    # Both keep what they have drawn; neither may live on what the other, or the run before, has kept.
    acceptability._ordered.cache_clear()
    weightings._weights.cache_clear()
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
