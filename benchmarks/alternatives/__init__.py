"""The same three marts by other tools, each in a virtual environment of its own that is made once."""

import os
import shutil
import sys
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb

from benchmarks.alternatives import dbt_project
from benchmarks.alternatives.compare import INTERVALS, assert_same
from benchmarks.lineage import MARTS, chosen, landed, load, load_everything
from benchmarks.measuring import INPUTS, Line, measure, nothing, say
from flows.settings import PROJECT, Settings
from flows.warehouse.analysis import Computed
from flows.warehouse.models import Model

Chosen = tuple[list[Model], list[Computed]]

HERE = Path(__file__).parent
WAREHOUSE, BEFORE, ONE = "warehouse.duckdb", "before.duckdb", "marts.head_to_head"
OURS, PANDAS, POLARS = (f"{name}: the three marts" for name in ("ours", "pandas", "polars"))
PANDAS_INTERVALS, POLARS_INTERVALS = (f"{name}, dates of crossings with their intervals" for name in (PANDAS, POLARS))
DBT, DBT_UNTESTED, DBT_ALL = "dbt: the three marts", "dbt: the three marts, without tests", "dbt: every model"
DBT_CHANGED = "dbt: a month of PyPI changed"
MONTHS = "raw.pypi_downloads_months"
OURS_AGAIN, DBT_AGAIN = (f"{name}: one mart again (head to head)" for name in ("ours", "dbt"))


def environment(name: str) -> Path:
    """The folder with the programs of a tool's virtual environment, made anew when its requirements change."""
    folder, wanted = INPUTS / "environments" / name, HERE / f"with_{name}" / "requirements.txt"
    ready = folder / "requirements.txt"
    if not ready.exists() or ready.read_text() != wanted.read_text():
        say(f"making the virtual environment of {name} (once)")
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "-r", str(wanted)]
        for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], pip):
            measure(command)  # which shows what it said only when it fails
        ready.write_text(wanted.read_text())
        say()
    return folder / "bin"


def lines(work: Path, links: Path, settings: Settings) -> list[Line]:
    """What to measure; a tool whose three marts are not ours stops the benchmark after its first run.

    Args:
        work: folder for their results.
        links: the landed file that all of them read.
        settings: of a data folder in which every source is landed and published.
    """
    ours = work / "ours.duckdb"
    lineage = [sys.executable, "-m", "benchmarks.lineage"]
    with closing(duckdb.connect()) as con:
        three, every = chosen(settings.sql, con, MARTS), chosen(settings.sql, con)
    includes = f"load the links, {len(three[0])} models, rules"
    gone = partial(ours.unlink, missing_ok=True)
    return [
        Line(OURS, [*lineage, "three", str(links), str(ours)], includes, gone, makes=ours),
        *(frames(what, work, links, settings, ours) for what in (PANDAS, POLARS, PANDAS_INTERVALS, POLARS_INTERVALS)),
        *dbt_three(work / "dbt", links, settings, three, ours),
        *dbt_all(work / "dbt_all", settings, every),
        Line(OURS_AGAIN, [*lineage, "one", str(ours), ONE], "one process, rules", most_runs=1),
    ]


def frames(what: str, work: Path, links: Path, settings: Settings, ours: Path) -> Line:
    """A script with a frame library; in two of its lines it also says how sure the dates of crossings are."""
    name, has_intervals = what.partition(":")[0], what in (PANDAS_INTERVALS, POLARS_INTERVALS)
    folder = work / f"{name}_intervals" if has_intervals else work / name
    folder.mkdir()
    script = str(HERE / f"with_{name}" / "marts.py")
    command = [str(environment(name) / "python"), script, str(links), str(settings.reference), str(folder)]
    includes = "five columns of the links, three marts to Parquet, no rules"
    environ = {**os.environ, "PYTHONPATH": str(HERE)}
    if has_intervals:
        agrees = partial(assert_same, ours, folder, INTERVALS)
        return Line(what, [*command, "intervals"], f"{includes}; our curve, called", environ=environ, agrees=agrees)
    return Line(what, command, includes, environ=environ, agrees=partial(assert_same, ours, folder))


def dbt_three(folder: Path, links: Path, settings: Settings, chosen: Chosen, ours: Path) -> list[Line]:
    """The three marts in dbt: with tests, without, and one of them again."""
    dbt_project.write(folder, settings, *chosen, links)
    with closing(duckdb.connect(str(folder / BEFORE))) as con:
        load(con, settings, [landed(links)], whole=False)
        con.execute(f"drop table {dbt_project.LINKS}")
    includes = f"load the links, {len(chosen[0])} models, rules as tests"
    again = ["run", "--select", ONE.replace(".", "__")]
    return [
        _dbt(folder, DBT, ["build"], includes, ours),
        replace(_dbt(folder, DBT_UNTESTED, ["run"], "the same, no rules", ours), most_runs=1),
        replace(_dbt(folder, DBT_AGAIN, again, "one process, no rules", ours), before=nothing, most_runs=1),
    ]


def dbt_all(folder: Path, settings: Settings, chosen: Chosen) -> list[Line]:
    """Every model in dbt, which gets the raw tables for nothing; then what is made from a month that changed."""
    dbt_project.write(folder, settings, *chosen)
    with closing(duckdb.connect(str(folder / BEFORE))) as con:
        load_everything(con, settings)
    published = folder / "published.duckdb"
    shutil.copyfile(settings.current / WAREHOUSE, published)
    again = ["build", "--select", f"source:{MONTHS}+"]
    changed = _dbt(
        folder, DBT_CHANGED, again, "the month given, its models and their children, rules as tests", published
    )
    return [
        _dbt(folder, DBT_ALL, ["build"], "raw tables given, every model, rules and checks as tests", published),
        replace(changed, before=partial(change_month, folder / WAREHOUSE), agrees=nothing),
    ]


def change_month(warehouse: Path) -> None:
    """One download more of each package in the newest month, in a warehouse that dbt has built."""
    with closing(duckdb.connect(str(warehouse))) as con:
        con.execute(
            f"update {MONTHS} set download_count = download_count::bigint + 1 "
            f"where month = (select max(month) from {MONTHS})"
        )


def _dbt(folder: Path, what: str, words: list[str], includes: str, ours: Path) -> Line:
    command = [str(environment("dbt") / "dbt"), "--no-version-check", "--quiet", *words]
    environ = {**os.environ, "PYTHONPATH": str(PROJECT), "DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "0"}
    given = partial(shutil.copyfile, folder / BEFORE, folder / WAREHOUSE)
    agrees = partial(assert_same, ours, folder / WAREHOUSE)
    return Line(what, command, includes, given, environ, folder, agrees=agrees)


def requirements() -> list[str]:
    """Versions of the tools, as pinned."""
    words = " ".join(path.read_text() for path in sorted(HERE.glob("with_*/requirements.txt"))).split()
    return sorted({word.replace("==", " ") for word in words if "==" in word})
