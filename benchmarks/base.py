"""The code that today's is held against: a commit of this repository, taken out of its history once."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import INPUTS, Line
from flows.settings import PROJECT

COMMIT = "817ec3a"
EMBEDDED, EMBEDDED_BEFORE = "warehouse of the embedded data", f"warehouse of the embedded data at {COMMIT}"
WAREHOUSE_BEFORE = f"warehouse alone: every model at {COMMIT}"


def folder() -> Path:
    """A folder with the files of that commit."""
    place = INPUTS / COMMIT
    if not place.exists():
        part = place.with_suffix(".part")
        part.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(["git", "archive", COMMIT], cwd=PROJECT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(part)], input=archive, check=True)
        part.rename(place)
    return place


def lines(work: Path, full: dict[str, str]) -> list[Line]:
    """Both on the embedded tables alone, and that commit on all that is landed, once, for the size of its file.

    Args:
        work: folder for what they make.
        full: environment of a data folder in which everything is landed.
    """
    empty = {**os.environ, "TRENDS_DATA": str(work / "empty")}
    includes = "load the reference tables, every model, rules"
    return [
        _line(EMBEDDED, work / "embedded.duckdb", includes, empty, PROJECT),
        _line(EMBEDDED_BEFORE, work / "embedded_before.duckdb", includes, empty, folder()),
        _line(WAREHOUSE_BEFORE, work / "before.duckdb", "once, for the size of its file", full, folder(), most_runs=1),
    ]


def _line(what: str, made: Path, includes: str, environ: dict[str, str], code: Path, most_runs: int = 99) -> Line:
    command = [sys.executable, "-m", "benchmarks.lineage", "all", str(made)]
    # Both keep what Python compiles: today's code mostly has it, and that commit would compile its own at every run.
    environ = environ | {"PYTHONDONTWRITEBYTECODE": ""}
    return Line(what, command, includes, environ=environ, folder=code, makes=made, most_runs=most_runs)
