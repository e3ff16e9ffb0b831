"""What was measured, as Markdown and as a chart; the targets beside what was reached."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import base, program
from benchmarks.alternatives import (
    DBT,
    DBT_AGAIN,
    DBT_ALL,
    DBT_CHANGED,
    DBT_UNTESTED,
    OURS,
    OURS_AGAIN,
    PANDAS,
    PANDAS_INTERVALS,
    POLARS,
    POLARS_INTERVALS,
    requirements,
)
from benchmarks.growth import EVERY, Grown
from benchmarks.measuring import Line, Measured
from flows.settings import PROJECT

FILE, CHART = PROJECT / "benchmarks" / "RESULTS.md", "results.svg"
COVERAGE = "# How often the intervals hold the truth"
LABELS = "# Labels of repositories"
SCALE = "# Beyond one machine"
LARGEST = "# Beyond one machine, at the largest size"
HEADINGS = (COVERAGE, LABELS, SCALE, LARGEST)
INTRODUCTION = """# How fast it is

Made by `make benchmark`; do not edit. Ratios are what these figures are for: seconds are those of one machine on one
day and promise nothing. Every line is a process of its own with its children, run in turn with all the others; the
figures are medians, and of one run where no target names a line. Peak is that of the largest process of a line.
"""
EXACT = """The marts are shares, head to head and crossovers of Papers With Code, from one landed Parquet file of links.
Before any time was taken, those of pandas, polars and dbt were found the same as ours: the same rows, the same
counts, shares and their intervals to 1e-9. pandas and polars check no rules, keep no comments and make no other table;
how sure the date of a crossing is they say in lines of their own, by the curve that we ask too. dbt runs our SQL.
"""
GROWTH = """From so many links and no other source: the three marts by each tool, and our whole warehouse with every
rule. Figures of ten times the links are medians of three, those of the whole warehouse and of other sizes of one run. A
tool without figures would not have had the memory, judged by what it took for fewer links.
"""


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
        shown = f"{found:,.0f}" if found >= 100 else f"{found:.2f}"
        words = "met" if met else "**not met**"
        why = "" if met else self.why
        return f"| {self.words} | {sign} {self.limit:g}{self.unit} | {shown}{self.unit} | {words} | {why} |"


def _ratio(above: str, *below: str) -> Callable[[dict[str, Measured], dict[int, Grown]], float]:
    return lambda results, _: results[above].wall / sum(results[name].wall for name in below)


def _at_ten(above: str, below: str) -> Callable[[dict[str, Measured], dict[int, Grown]], float]:
    return lambda _, grown: grown[10].of(above).wall / grown[10].of(below).wall


# What profiles say of each, printed where it is missed.
WHY = {
    "few links": "of 3.1 s of processor time 0.4 are loading, which keeps every text (reading the Parquet is 0.08), "
    "0.4 imports and reading the models, 0.5 links, papers and repositories, 0.2 the draw of repositories to look "
    "into, 0.6 pairs, shares and leads with their intervals, 0.3 the curves that date crossings, 0.3 setting up 62 "
    "tables and views of sources that have nothing here, 0.2 writing the file, 0.2 rules; one core has little to do "
    "while curves are fitted. polars fits no curve, checks no rule and keeps no record",
    "many links": "of 14.8 s of processor time 3.7 are loading, which keeps every text, 2.9 dating links, 2.1 the draw "
    "of repositories to look into, which the others do not make, 1.6 counting papers and repositories, 0.6 curves. "
    "Reading the landed file in place took 0.69 of the time in a trial on the code before, but readers of the "
    "warehouse would lose the addresses of papers and repositories",
    "memory": "building took 670 MB with an engine kept to 400 (360 now); then pages take some 250 and exports 185 "
    "beside the 320 that the process has by then",
    "dbt": "dbt runs our SQL in the same engine: two thirds of its time are its own, the rest cannot be saved here",
    "dbt all": "dbt is given the raw tables, whose loading is a third of our processor time, and runs our SQL in the "
    "same engine: at full size the large tables take most of the time, and they take as long in both",
    "month": "of 29 s of processor time (40 before changes were stopped where rows are equal) 14 are models: the month "
    "reaches every pair of its source, and tables of all sources are written whole; 14 are exports, pages and history, "
    "6 of them packing one mart of 864,000 rows, which dbt does not do. Models of one source alone would save 4 more",
    "refresh": "of 53 s of processor time on two cores 26 are models, 5 loading, 14 exports, pages and history, 2 "
    "packing, 6 fetching, hashing and checking 0.9 GB; the floor parses the same bytes once, and makes no table",
    "nothing": "of 0.19 s of processor time 0.12 are importing requests and the command and asking, as in the floor; "
    "the rest are 75 further modules, 24 requests within their paces, cards of what is landed, telling, and 0.01 "
    "hashing the code; 6 files and folders reach the disk, of which the work waits for 2; no engine is started",
    "embedded": "of 3.6 s of processor time 1.5 are 222 tables and views of few rows, 0.7 curves, rates, weightings "
    "and forecasts, 0.25 2,500 comments of 0.1 ms, none of which can speak of two columns, 0.2 rules, 0.2 imports, "
    "0.2 commits and writing",
}

TARGETS = (
    Target("three marts: polars against ours, 300,161 links", 1.1, _ratio(POLARS, OURS), at_least=True,
           why=WHY["few links"]),
    Target("three marts: pandas against ours, 300,161 links", 2, _ratio(PANDAS, OURS), at_least=True,
           why=WHY["few links"]),
    Target("three marts: polars against ours, 3 million links", 1.8, _at_ten(POLARS, OURS), at_least=True,
           why=WHY["many links"]),
    Target("three marts: pandas against ours, 3 million links", 4, _at_ten(PANDAS, OURS), at_least=True,
           why=WHY["many links"]),
    Target("three marts: dbt with tests against ours with rules", 6, _ratio(DBT, OURS), at_least=True, why=WHY["dbt"]),
    Target("every model: dbt with tests against ours with rules", 2.2, _ratio(DBT_ALL, program.WAREHOUSE),
           at_least=True, why=WHY["dbt all"]),
    Target("a month of PyPI changed: dbt building the changed models and their children against our refresh to "
           "published", 3, _ratio(DBT_CHANGED, program.CHANGED), at_least=True, why=WHY["month"]),
    Target("refresh against the floor: scanning the same bytes, and start-up", 2.2,
           _ratio(program.REFRESH, program.SCAN, program.START), why=WHY["refresh"]),
    Target("refresh with nothing new against start-up and its requests", 1.6,
           _ratio(program.NOTHING_NEW, program.ASKED), why=WHY["nothing"]),
    Target(f"warehouse of the embedded data: processor time against that at {base.COMMIT}", 0.8,
           lambda results, _: results[base.EMBEDDED].cpu / results[base.EMBEDDED_BEFORE].cpu, why=WHY["embedded"]),
    Target("peak memory of the refresh", 750, lambda results, _: results[program.REFRESH].peak_mb, unit=" MB",
           why=WHY["memory"]),
    Target("peak memory of the three marts from 9 million links", 1200, lambda _, grown: grown[30].of(OURS).peak_mb,
           unit=" MB"),
    Target(f"warehouse file at full size against that at {base.COMMIT}", 0.5,
           lambda results, _: results[program.WAREHOUSE].file_mb / results[base.WAREHOUSE_BEFORE].file_mb),
    Target("`trends query` against importing duckdb and the query", 1.4, _ratio(program.QUERIED, program.QUERY_FLOOR)),
    Target("time of every model from 30 times the links", 30,
           lambda _, grown: grown[30].of(EVERY).wall / grown[1].of(EVERY).wall),
)  # fmt: skip


# Words, and the lines whose times are divided; some favour the other tool, since it does less there.
RATIOS = (
    ("pandas against ours, the same marts", PANDAS, OURS),
    ("polars against ours, the same marts", POLARS, OURS),
    ("pandas with the intervals of crossings too against ours", PANDAS_INTERVALS, OURS),
    ("polars with the intervals of crossings too against ours", POLARS_INTERVALS, OURS),
    ("dbt against ours, the same models and rules", DBT, OURS),
    ("dbt against ours, every model and rule; dbt need not load", DBT_ALL, program.WAREHOUSE),
    ("dbt against ours, a month changed; ours publishes pages and exports too", DBT_CHANGED, program.CHANGED),
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
        first = OURS if OURS in results else lines[0].what
        parts.append("## Times\n" + (f"\n{EXACT}\n![Ratios]({CHART})\n" if OURS in results else ""))
        rows = [_row(line, results[line.what], results[first]) for line in lines]
        head = f"what | includes | wall s | CPU s | peak MB | file MB | wall, {first} = 1"
        parts.append(_table(head, "---|---|---:|---:|---:|---:|---:", rows))
        rows = [
            _ratio_row(words, results[above], results[below])
            for words, above, below in RATIOS
            if above in results and below in results
        ]
        if rows:
            parts.append("## Ratios\n\n" + _table("the first against the second | wall | CPU", "---|---:|---:", rows))
    if grown:
        rows = [_growth_row(what, one, grown) for _, one in sorted(grown.items()) for what in one.measured]
        head = "links | what | wall s | CPU s | peak MB | file MB | times the wall of the fewest | wall, ours = 1"
        parts.append(f"## Growth\n\n{GROWTH}\n" + _table(head, "---:|---|" + "|".join(["---:"] * 6), rows))
    return "\n".join(parts)


def _figures(one: Measured) -> str:
    size = f"{one.file_mb:,.0f}" if one.file_mb else ""
    return f"{one.wall:.2f} | {one.cpu:.2f} | {one.peak_mb:,.0f} | {size}"


def _row(line: Line, one: Measured, base: Measured) -> str:
    return f"| {line.what} | {line.includes} | {_figures(one)} | {one.wall / base.wall:.2f} |"


def _ratio_row(words: str, above: Measured, below: Measured) -> str:
    return f"| {words} | {above.wall / below.wall:.2f} | {above.cpu / below.cpu:.2f} |"


def _growth_row(what: str, one: Grown, grown: dict[int, Grown]) -> str:
    found, first = one.measured[what], grown[min(grown)].measured[what]
    if not found or not first:
        return f"| {one.links:,} | {what} | not run: more memory than there is | | | | | |"
    beside = f"{found.wall / one.of(OURS).wall:.2f}" if what != EVERY else ""
    return f"| {one.links:,} | {what} | {_figures(found)} | {found.wall / first.wall:.1f} | {beside} |"


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
        if line.rstrip("\n") in HEADINGS:
            at = line.rstrip("\n")
            parts[at] = ""
        else:
            parts[at] += line
    parts[heading] = text
    found = [f"{name}\n\n{parts[name].strip()}".strip() for name in ("", *HEADINGS) if name in parts]
    FILE.write_text("\n\n".join(found) + "\n", encoding="utf-8")
