"""The program's own commands at full size, and the floor under them."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import base
from benchmarks.inputs import Made, land_newest_month
from benchmarks.measuring import Line, measure, say
from benchmarks.mirror import mirror
from flows.landing.status import read_status
from flows.settings import Settings
from flows.sources import papers_with_code
from flows.sources.surveys import stack_overflow_survey
from flows.sources.surveys.editions import known_forms

FLOOR = [sys.executable, "-m", "benchmarks.floor"]
QUERY = "select count(*) from marts.framework_shares"
REFRESH, NOTHING_NEW = "trends refresh: land to published", "trends refresh: nothing new"
CHANGED = "trends refresh: a month of PyPI changed"
BUILD, SITE, QUERIED = "trends build", "trends site", "trends query"
START, SCAN = "start-up: python -c 'import duckdb'", "floor: DuckDB scans the same bytes"
ASKED, QUERY_FLOOR = "floor: start-up and conditional requests", "floor: import duckdb and the query"
WAREHOUSE = "warehouse alone: every model"


@dataclass(frozen=True)
class Program:
    """A data folder in which everything is landed and published, and a mirror that serves it.

    Attributes:
        made: the inputs.
        data: the folder.
        address: of the mirror.
    """

    made: Made
    data: Path
    address: str

    @property
    def environ(self) -> dict[str, str]:
        """Of the commands."""
        # What was made has the sizes of the published files, and neither their hashes nor their figures.
        mine = {"TRENDS_DATA": str(self.data), "TRENDS_MIRROR": self.address, "TRENDS_EXPECT_SIZES": "0"}
        return os.environ | mine | {"TRENDS_PAPERS_WITH_CODE_ABSTRACTS": "1"}

    @property
    def settings(self) -> Settings:
        """What the commands see."""
        return Settings.from_env(self.environ)

    def forget(self) -> None:
        """Delete what a refresh lands and publishes."""
        for name in (papers_with_code.NAME, stack_overflow_survey.NAME):
            shutil.rmtree(self.data / "raw" / name, ignore_errors=True)
        for path in set(self.data.iterdir()) - {self.data / "raw", self.data / "cache"}:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        self.forget_rows()
        (self.data / "cache" / "verified.json").unlink(missing_ok=True)

    def forget_rows(self) -> None:
        """Delete what was kept of the surveys, so that their files are read."""
        shutil.rmtree(self.data / "cache" / stack_overflow_survey.NAME, ignore_errors=True)

    def lines(self, work: Path) -> list[Line]:
        """What to measure; `work` is a folder for what stands apart."""
        asked = [f"{address}#{path.name}" for address, path in self.made.served.items()]
        # Nobody made counts of the survey's editions; a refresh asks for them at every address all the same.
        asked += [address for form in known_forms(Settings()).values() for address in form.aggregates]
        target, current = self.data / "alone.duckdb", str(self.data / "current" / "warehouse.duckdb")
        alone = [sys.executable, "-m", "benchmarks.lineage", "all", str(target)]
        everything = "load every source, every model, rules"
        own = [
            Line(REFRESH, self.refresh, f"fetch, check, {everything}, exports, pages, publish", self.forget),
            Line(NOTHING_NEW, self.refresh, "conditional requests, fingerprint of what is landed"),
            Line(
                CHANGED,
                self.refresh,
                "the tables made from that month, their rules, exports, pages, publish",
                lambda: land_newest_month(self.settings),
            ),
            Line(
                BUILD,
                _trends("build"),
                "nothing changed: take over tables and exports, draw pages, publish",
                most_runs=1,
            ),
            Line(WAREHOUSE, alone, everything, self.forget_rows, makes=target),
            Line(SITE, _trends("site"), "draw and publish all pages", most_runs=1),
            Line(QUERIED, _trends("query", QUERY), "one question to the published warehouse"),
            Line(START, [sys.executable, "-c", "import duckdb"], "interpreter and engine"),
            Line(SCAN, [*FLOOR, "scan", str(self.data / "raw")], "unpack, parse and hash every column; keep nothing"),
            Line(
                ASKED,
                [*FLOOR, "ask", self.address, *asked],
                "import flows.command.cli and requests; answers 304 and 404",
            ),
            Line(QUERY_FLOOR, [*FLOOR, "query", current, QUERY], "no gate, no limits, no table"),
        ]
        return [replace(line, environ=self.environ) for line in own] + base.lines(work, self.environ)

    @property
    def refresh(self) -> list[str]:
        """Asks the sources that the mirror serves; the others are used as landed."""
        return _trends("refresh", "--strict", "--source", papers_with_code.NAME, "--source", stack_overflow_survey.NAME)


def _trends(*words: str) -> list[str]:
    return [sys.executable, "-m", "flows.command.cli", *words]


@contextmanager
def published(made: Made, work: Path) -> Iterator[Program]:
    """Land and publish everything once, beside a mirror that goes on serving."""
    data = work / "data"
    shutil.copytree(made.landed, data / "raw")
    with mirror(made.served) as address:
        program = Program(made, data, address)
        say("a first refresh")
        measure(program.refresh, program.environ)
        say()
        if held := read_status(program.settings).quarantined:
            raise SystemExit(f"made inputs are held back, so that they would not be measured: {held}")
        yield program
