"""PyPI downloads: how often each package is fetched, from ClickHouse's public copy of the log and from pypistats.org.

The Python Package Index publishes its download log; ClickHouse keeps a public copy since 2016 that anyone may query,
and pypistats.org gives the last 180 days by day without the mirrors.

What it cannot tell: who downloads. Automated builds dominate, and one person may download a hundred times a day.
PyTorch's CUDA wheels come from an index of its own and are not counted. ClickHouse counts every installer and mirror
in every month, other than the embedded lists, which count pip alone until 2024-10.
Licence: PyPI public download data, none stated.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from ..engine import duckdb
from ..landing import rota
from ..landing.backlog import Backlog, told
from ..landing.documents import Document
from ..landing.landing import JSON, LandedFile, Landing, landed_files
from ..landing.loading import insert_from, json_reader
from ..months import closed_month, month_after, month_before
from ..network.pace import Pace
from ..network.probing import Probe
from ..reference.frameworks import further_names, main_names
from ..settings import Settings
from ..sql_text import quoted

NAME = "pypi_downloads"
CLICKHOUSE, PYPISTATS = "sql-clickhouse.clickhouse.com", "pypistats.org"
HOSTS = (CLICKHOUSE, PYPISTATS)
PACES = {CLICKHOUSE: Pace(10, 60), PYPISTATS: Pace(30, 60, a_second=5)}

QUERY_URL = f"https://{CLICKHOUSE}/?user=demo&default_format=JSON"
DAYS_URL = f"https://{PYPISTATS}/api/packages/{{package}}/overall?mirrors=false"
# By the table of days, so that a month that is short of days tells it.
COUNTED = (
    "SELECT project, toStartOfMonth(date) AS month, sum(count) AS download_count, uniqExact(date) AS day_count "
    "FROM pypi.pypi_downloads_per_day "
)
PROBES = (
    Probe(
        QUERY_URL,
        {
            "meta": list,
            "rows": int,
            "statistics": dict,
            "data": [{"project": str, "month": str, "download_count": str, "day_count": str}],
        },
        data=f"{COUNTED}WHERE project = 'numpy' AND month = '{{month}}' GROUP BY project, month",
    ),
    Probe(
        DAYS_URL.format(package="cntk"),
        {"data": [{"category": str, "date": str, "downloads": int}], "package": str, "type": str},
    ),
)
FIRST_MONTH = date(2016, 1, 1)
# A month is asked for two days after its end, when the log has come in, and once more when it has settled.
COMPLETE_DAYS, SETTLED_DAYS = 2, 7
LONGEST_MONTH = 31

TABLES = {
    "pypi_downloads_months": dict.fromkeys(("project", "month", "download_count", "day_count"), "VARCHAR"),
    "pypi_downloads_days": {"package": "VARCHAR", "category": "VARCHAR", "date": "VARCHAR", "downloads": "VARCHAR"},
}


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land the months that ended since the last time, and of each main package the days without mirrors."""
    last = closed_month(landing.now, COMPLETE_DAYS)
    held = {file.card.name: file for file in landed_files(settings, NAME)}
    main = list(main_names(settings, "pypi_package"))
    every = [*main, *further_names(settings, "pypi_variant", "pypi_companion")]
    months = Backlog[str](f"months at {CLICKHOUSE}")
    unknown: list[str] = []
    # The newest month stays open, so it is a question of its own: asked again, it has the same answer until it grows.
    newest = months.ask(f"{last:%Y-%m}", _query(landing, every, last, last))
    for first, projects in sorted(_open(held.values(), every, last, landing).items()):
        until = month_before(last)
        of = f" of {', '.join(projects)}" if len(projects) <= 3 else ""
        file = months.ask(f"{first:%Y-%m} to {until:%Y-%m}{of}", _query(landing, projects, first, until))
        if file and newest and first == FIRST_MONTH:
            counted = _counted(file, newest)
            unknown += [project for project in projects if project not in counted]
    told_now = {*_counted(newest, month=f"{last:%Y-%m}"), *unknown} if newest else set(every)
    lost = [project for project in every if project not in told_now]
    names = {package: f"days-{package}-to-{last:%Y-%m}.json" for package in main}
    days = Backlog(f"packages at {PYPISTATS}", lambda: main, lambda package: names[package] in held)
    days.work(lambda package: _download_days(landing, package, names[package]))
    notes = [f"No downloads are known of {', '.join(unknown)}: check the names in data/reference."] if unknown else []
    if lost:
        notes.append(f"{CLICKHOUSE} tells no downloads of {', '.join(lost)} in {last:%Y-%m}: refresh again later.")
    return told(months, days, more=notes)


def _counted(*files: LandedFile, month: str = "") -> set[str]:
    """Packages that answers of ClickHouse have counts of."""
    rows = [row for file in files for row in Document(QUERY_URL, file.path, NAME).body["data"]]
    return {row["project"] for row in rows if row["month"].startswith(month)}


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.pypi_downloads_months and raw.pypi_downloads_days, one row per count, as text."""
    months = [file for file in landed if file.card.name.startswith("months-")]
    read = json_reader({"data": "STRUCT(project VARCHAR, month VARCHAR, download_count VARCHAR, day_count VARCHAR)[]"})
    columns = {name: f"counted.{name}" for name in TABLES["pypi_downloads_months"]}
    insert_from(con, "pypi_downloads_months", months, columns, f"{read} cross join unnest(data) as rows (counted)")
    days = [file for file in landed if file.card.name.startswith("days-")]
    kind = "STRUCT(category VARCHAR, date VARCHAR, downloads VARCHAR)[]"
    read = json_reader({"package": "VARCHAR", "data": kind})
    columns = {"package": "package"} | {name: f"counted.{name}" for name in ("category", "date", "downloads")}
    insert_from(con, "pypi_downloads_days", days, columns, f"{read} cross join unnest(data) as rows (counted)")


def _open(held: Iterable[LandedFile], projects: list[str], last: date, landing: Landing) -> dict[date, list[str]]:
    """Packages by the first month before the last one that they still need: what has settled rests."""
    needed = dict.fromkeys(projects, FIRST_MONTH)
    answers = [file for file in held if file.card.name.startswith("months-")]
    for file in sorted(answers, key=lambda file: file.card.details["first"]):
        seen = landing.seen_at(file.card.name) or file.card.fetched_at
        # Months that were counted short were put right years later: one wide question asks for all of them again.
        if landing.now - seen > rota.TURN:
            continue
        first, until = (date.fromisoformat(file.card.details[end]) for end in ("first", "last"))
        settled = min(until, closed_month(seen, SETTLED_DAYS), month_before(last))
        for project in file.card.details["projects"].split():
            if first <= needed.get(project, date.min) <= settled:
                needed[project] = month_after(settled)
    found: dict[date, list[str]] = {}
    for project, first in needed.items():
        if first < last:
            found.setdefault(first, []).append(project)
    return found


def _query(landing: Landing, projects: list[str], first: date, last: date) -> Callable[[str], LandedFile]:
    """One query for all packages and months; the same one again takes the place of its earlier answer."""
    sql = (
        f"{COUNTED}WHERE project IN ({', '.join(quoted(project) for project in projects)}) "
        f"AND month BETWEEN '{first}' AND '{last}' "
        "GROUP BY project, month ORDER BY project, month"
    )
    digest = hashlib.sha256(sql.encode()).hexdigest()[:8]

    def check(path: Path) -> None:
        answer = Document(QUERY_URL, path, NAME)
        rows = answer.rows("data", ("project", "month", "download_count"))
        # The status is sent before the rows: what goes wrong later stands in the body.
        if "exception" in answer.body:
            raise answer.refusal("an answer to its end", str(answer.body["exception"]))
        if answer.body.get("rows", len(rows)) != len(rows):
            raise answer.refusal(f"the {answer.body['rows']} rows that it speaks of", f"{len(rows)}")
        for row in rows:
            answer.past_day(row["month"], landing.now)
            days = str(row.get("day_count", 1))
            if not re.fullmatch("[0-9]{1,2}", days) or not 1 <= int(days) <= LONGEST_MONTH:
                raise answer.refusal("the days of a month that were counted", f"day_count {days[:40]!r}")
        answer.one_count_each(rows, ("project", "month"), "download_count")

    return lambda _: landing.download(
        QUERY_URL,
        name=f"months-{first:%Y-%m}-to-{last:%Y-%m}-{digest}.json",
        expect=JSON,
        check=check,
        details={"request": sql, "projects": " ".join(projects), "first": f"{first}", "last": f"{last}"},
        data=sql,
        says=lambda path: Document(QUERY_URL, path, NAME).body["data"],  # beside it stands how long the query took
    )


def _download_days(landing: Landing, package: str, name: str) -> LandedFile:
    address = DAYS_URL.format(package=package)

    def check(path: Path) -> None:
        answer = Document(address, path, NAME)
        rows = answer.rows("data", ("category", "date", "downloads"))
        if answer.body.get("package") != package:
            raise answer.refusal(f"downloads of {package}", f"those of {answer.body.get('package')}")
        for row in rows:
            answer.past_day(row["date"], landing.now)
        answer.one_count_each(rows, ("category", "date"), "downloads")

    return landing.download(address, name=name, expect=JSON, check=check)
