"""What was measured, as Markdown and as a chart; the targets beside what was reached."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import program
from benchmarks.alternatives import (
    DBT,
    DBT_AGAIN,
    DBT_ALL,
    DBT_UNTESTED,
    OURS,
    OURS_AGAIN,
    PANDAS,
    POLARS,
    requirements,
)
from benchmarks.growth import Grown
from benchmarks.measuring import Line, Measured
from flows.settings import PROJECT

FILE, CHART = PROJECT / "benchmarks" / "RESULTS.md", "results.svg"
COVERAGE = "# How often the intervals hold the truth"
LABELS = "# Labels of repositories"
HEADINGS = (COVERAGE, LABELS)
INTRODUCTION = """# How fast it is

Made by `make benchmark`; do not edit. Ratios are what these figures are for: seconds are those of one machine on one
day and promise nothing. Every line is a process of its own with its children, run in turn with all the others; the
figures are medians. Peak is that of the largest process of a line.
"""
EXACT = """The marts are shares, head to head and crossovers of Papers With Code, from one landed Parquet file of links.
Before any time was taken, those of pandas, polars and dbt were found the same as ours: the same rows, the same
counts, shares to 1e-9. pandas and polars check no rules, keep no comments and make no other table; dbt runs our SQL.
"""
GROWTH = "The whole warehouse (every model and rule) from so many links, median of three; no other source is landed."


@dataclass(frozen=True)
class Target:
    """What must be reached.

    Attributes:
        words: as the task has it.
        limit: of the ratio or size.
        found: from the results by name; KeyError when its part was not run.
        at_least: the limit is a lower one.
        unit: behind the number.
        why: what a profile says of a missed one.
    """

    words: str
    limit: float
    found: Callable[[dict[str, Measured], dict[int, Grown]], float]
    at_least: bool = False
    unit: str = " times"
    why: str = ""

    def row(self, results: dict[str, Measured], grown: dict[int, Grown]) -> str:
        """Its line in the table."""
        sign = "at least" if self.at_least else "at most"
        try:
            found = self.found(results, grown)
        except KeyError:
            return f"| {self.words} | {sign} {self.limit:g}{self.unit} | not measured in this run | | |"
        met = found >= self.limit if self.at_least else found <= self.limit
        shown = f"{found:,.0f}" if found >= 100 else f"{found:.1f}"
        words = "met" if met else "**not met**"
        why = "" if met else self.why
        return f"| {self.words} | {sign} {self.limit:g}{self.unit} | {shown}{self.unit} | {words} | {why} |"


def _seconds(*names: str) -> Callable[[dict[str, Measured]], float]:
    return lambda results: sum(results[name].wall for name in names)


def _ratio(above: str, *below: str) -> Callable[[dict[str, Measured], dict[int, Grown]], float]:
    return lambda results, _: _seconds(above)(results) / _seconds(*below)(results)


# What profiles say of each, printed where it is missed.
WHY = {
    "refresh": "of some 42 s of processor time about 7 go into landing and checking, 5 into loading, 19 into models "
    "and rules, 9 into exports and pages; the start, landing and the last checkpoint keep one core of two busy",
    "memory": "DuckDB may take 800 MB (TRENDS_MEMORY_LIMIT); the rest is Python with the rows of the pages",
    "pandas": "of 3.0 s, 0.2 are imports, 0.5 loading all ten columns (pandas reads five), 0.2 parsing, 2.0 making and "
    "checking 89 tables: 0.7 for dating and counting the links, 0.3 for the bootstrap that pandas runs too, 0.4 for 74 "
    "small tables; pandas makes three tables and checks nothing",
    "dbt": "dbt runs our SQL in the same engine: two thirds of its time are its own, the rest cannot be saved here",
    "dbt all": "dbt is given the raw tables, whose loading is a third of our processor time, and runs our SQL in the "
    "same engine: at full size the large tables take most of the time, and they take as long in both",
    "query": "30 ms go into argparse, logging, dataclasses and our own modules, 10 ms into the gate, which parses the "
    "question on a connection of its own",
    "nothing new": "50 ms more for importing duckdb, 40 ms for our modules, 25 ms for opening the warehouse that the "
    "report reads, 22 ms for 222 cards and the checksum of the code, 14 ms for threads around the requests",
}

TARGETS = (
    Target("refresh against the floor: scanning the same bytes, and start-up", 3,
           _ratio(program.REFRESH, program.SCAN, program.START), why=WHY["refresh"]),
    Target("memory of the refresh", 1024, lambda results, _: results[program.REFRESH].peak_mb, unit=" MB",
           why=WHY["memory"]),
    Target("pandas against the rebuild of the three marts", 5, _ratio(PANDAS, OURS), at_least=True, why=WHY["pandas"]),
    Target("dbt against the rebuild of the three marts", 5, _ratio(DBT, OURS), at_least=True, why=WHY["dbt"]),
    Target("dbt against the rebuild of every model", 5, _ratio(DBT_ALL, program.WAREHOUSE), at_least=True,
           why=WHY["dbt all"]),
    Target("time of 30 times the links", 30, lambda _, grown: grown[30].measured.wall / grown[1].measured.wall),
    Target("memory of 30 times the links", 4096, lambda _, grown: grown[30].measured.peak_mb, unit=" MB"),
    Target("`trends query` against importing duckdb and the query", 1.5, _ratio(program.QUERIED, program.QUERY_FLOOR),
           why=WHY["query"]),
    Target("refresh with nothing new against start-up and its requests", 2,
           _ratio(program.NOTHING_NEW, program.ASKED), why=WHY["nothing new"]),
)  # fmt: skip


# Words, and the lines whose times are divided; some favour the other tool, since it does less there.
RATIOS = (
    ("pandas against ours, the same marts", PANDAS, OURS),
    ("polars against ours, the same marts", POLARS, OURS),
    ("dbt against ours, the same models and rules", DBT, OURS),
    ("dbt against ours, every model and rule; dbt need not load", DBT_ALL, program.WAREHOUSE),
    ("one mart again: dbt without rules against ours with them", DBT_AGAIN, OURS_AGAIN),
    ("in dbt's favour: no tests there, rules here", DBT_UNTESTED, OURS),
    ("in pandas' favour: three marts there, every model of every source here", PANDAS, program.WAREHOUSE),
    ("in polars' favour: three marts there, every model of every source here", POLARS, program.WAREHOUSE),
    ("in pandas' favour: three marts there, the whole refresh here", PANDAS, program.REFRESH),
)


def markdown(lines: list[Line], results: dict[str, Measured], grown: dict[int, Grown], about: str) -> str:
    """The whole page."""
    parts = [INTRODUCTION, f"{about}\n\n{machine()}\n"]
    rows = [target.row(results, grown) for target in TARGETS]
    parts.append(
        "## Targets\n\n" + _table("target | limit | measured | | what a profile says", "---|---|---|---|---", rows)
    )
    if results:
        one = OURS if OURS in results else lines[0].what
        parts.append("## Times\n" + (f"\n{EXACT}\n![Ratios]({CHART})\n" if OURS in results else ""))
        rows = [_row(line, results[line.what], results[one]) for line in lines]
        head = f"what | includes | wall s | CPU s | peak MB | wall, {one} = 1"
        parts.append(_table(head, "---|---|---:|---:|---:|---:", rows))
        rows = [
            _ratio_row(words, results[above], results[below])
            for words, above, below in RATIOS
            if above in results and below in results
        ]
        if rows:
            parts.append("## Ratios\n\n" + _table("the first against the second | wall | CPU", "---|---:|---:", rows))
    if grown:
        rows = [_growth_row(factor, one, grown[min(grown)]) for factor, one in sorted(grown.items())]
        head = "links | wall s | CPU s | peak MB | µs a link | peak bytes a link | times the links | times the wall"
        parts.append(f"## Growth\n\n{GROWTH}\n\n" + _table(head, "|".join(["---:"] * 8), rows))
    return "\n".join(parts)


def _row(line: Line, one: Measured, base: Measured) -> str:
    figures = f"{one.wall:.2f} | {one.cpu:.2f} | {one.peak_mb:.0f} | {one.wall / base.wall:.2f}"
    return f"| {line.what} | {line.includes} | {figures} |"


def _ratio_row(words: str, above: Measured, below: Measured) -> str:
    return f"| {words} | {above.wall / below.wall:.2f} | {above.cpu / below.cpu:.2f} |"


def _growth_row(factor: int, one: Grown, first: Grown) -> str:
    measured = one.measured
    figures = (
        f"{measured.wall:.2f} | {measured.cpu:.2f} | {measured.peak_mb:.0f} | {1e6 * measured.wall / one.links:.1f}"
    )
    ratios = f"{one.links / first.links:.0f} | {measured.wall / first.measured.wall:.1f}"
    return f"| {one.links:,} | {figures} | {measured.peak_mb * 2**20 / one.links:.0f} | {ratios} |"


def _table(head: str, under: str, rows: list[str]) -> str:
    return "\n".join([f"| {head} |", f"|{under}|", *rows]) + "\n"


def machine() -> str:
    """Machine, versions and day."""
    cpu = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next(
        (row.partition(": ")[2] for row in cpu.splitlines() if row.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    tools = sorted({f"duckdb {version('duckdb')}", *requirements()})
    versions = ", ".join([f"Python {platform.python_version()}", *tools])
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB; {versions}; {datetime.now(UTC):%Y-%m-%d}; {load}."


def chart(lines: list[Line], results: dict[str, Measured]) -> str:
    """Wall time of every line as a multiple of ours, as SVG."""
    import altair as alt
    import vl_convert

    base = results[OURS].wall
    kinds = dict.fromkeys(("pandas", "polars", "dbt"), "other tools") | {"floor": "floor", "start-up": "floor"}
    rows = [
        {
            "what": line.what,
            "ratio": results[line.what].wall / base,
            "kind": kinds.get(line.what.partition(":")[0], "ours"),
        }
        for line in lines
    ]
    colours = alt.Scale(domain=["ours", "other tools", "floor"], range=["#2563a8", "#a05a2c", "#9a9a9a"])
    bars = alt.Chart(alt.Data(values=rows)).encode(
        alt.X("ratio:Q")
        .title(f"wall time, {OURS} = 1")
        .scale(type="log")
        .axis(grid=False, values=[0.01, 0.1, 1, 10, 100]),
        alt.Y("what:N").title(None).sort(None).axis(labelLimit=400),
    )
    drawn = bars.mark_bar().encode(x2=alt.datum(0.01), color=alt.Color("kind:N").title(None).scale(colours))
    text = bars.mark_text(align="left", dx=4).encode(text=alt.Text("ratio:Q").format(".2~f"))
    return vl_convert.vegalite_to_svg((drawn + text).properties(width=520, background="white").to_dict())


def keep(heading: str, text: str) -> None:
    """Put one part of the file in place of what it said before; the part without a heading of its own comes first."""
    parts, at = {"": ""}, ""
    for line in FILE.read_text(encoding="utf-8").splitlines(keepends=True):
        at = line.rstrip("\n") if line.rstrip("\n") in HEADINGS else at
        parts[at] = parts.get(at, "") + (line if line.rstrip("\n") != at else "")
    parts[heading] = text
    found = [f"{name}\n\n{parts[name].strip()}".strip() for name in ("", *HEADINGS) if name in parts]
    FILE.write_text("\n\n".join(found) + "\n", encoding="utf-8")
