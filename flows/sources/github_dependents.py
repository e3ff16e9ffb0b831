"""GitHub dependents: how many public repositories declare each package, as GitHub counts them on the pages "Used by".

GitHub offers no such count by its API. The weekly lists of Best-of Machine Learning carry it; the original ended in
October 2025, and a copy of it is still run every Thursday. Of each month its last list counts.

What it cannot tell: private code; whether what is declared is used; a repository may declare both of a pair. GitHub
counts otherwise since June 2025. The copy is one person's: a list that was never taken in is missing for ever.
Licence: CC-BY-SA-4.0.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

from ..engine import duckdb
from ..errors import SourceError
from ..landing.backlog import Backlog, told
from ..landing.landing import CSV, LandedFile, Landing, landed_files
from ..landing.loading import insert_from, looking
from ..months import closed_month, month_after, newest_first
from ..network.probing import Probe
from ..settings import Settings
from ..sql_text import paths
from . import github_files

NAME = "github_dependents"
HOST = github_files.HOST
HOSTS = (HOST,)
PACES = {HOST: github_files.PACE}

LISTS = f"https://{HOST}/dsanr/best-of-ML/main"
URL = f"{LISTS}/history/{{day}}_projects.csv"
PROBES = (Probe(f"{LISTS}/README.md", begins=b"<"),)
# The embedded table has the months before, from the original and its copies.
FIRST_MONTH = date(2025, 11, 1)
THURSDAY, NEAR = 3, timedelta(days=8)  # a list older than that says too little of the end of its month
LEAST_KEPT = 0.75  # of the projects of the list before: lists grow and shrink by a few a month
COLUMNS = ("github_url", "github_dependent_project_count")

TABLES = {"github_dependents_lists": {"month": "DATE", "list_date": "DATE", **dict.fromkeys(COLUMNS, "VARCHAR")}}


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land the last list of each month that is over and not held, newest first."""
    held = {file.card.name: file for file in landed_files(settings, NAME)}

    def land(month: date) -> LandedFile:
        before = held.get(_name(month)) or (held[max(held)] if held else None)
        least = _projects(before.path) * LEAST_KEPT if before else 1
        held[_name(month)] = _land(landing, month, least)
        return held[_name(month)]

    months = Backlog(
        "months of lists",
        lambda: newest_first(closed_month(landing.now), FIRST_MONTH),
        lambda month: _name(month) in held,
        name=lambda month: f"{month:%Y-%m}",
    )
    months.work(land)
    months.revisit(lambda month: landing.seen_at(_name(month)), landing.now, land)
    # What is held stays right: a list that was not taken in yet is a note.
    is_waiting = bool(held) and all(error.status == 404 for error in months.errors.values()) and not months.stopped_by
    return told(months, is_confirmed=bool(months.landed) or is_waiting)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.github_dependents_lists with the projects whose dependents are told, as text."""
    read = f"(select filename, {', '.join(COLUMNS)} from {_reader('{files}')} where {COLUMNS[1]} is not null)"
    facts = {name: [file.card.details[name] for file in landed] for name in ("month", "list_date")}
    columns = {name: f"{name}::{kind}" for name, kind in TABLES["github_dependents_lists"].items()}
    insert_from(con, "github_dependents_lists", landed, columns, read, facts)


def thursdays(month: date) -> list[date]:
    """Days near the end of a month on which the copy is brought up to date, newest first."""
    last = month_after(month) - timedelta(days=1)
    days = [last - timedelta(days=number) for number in range(NEAR.days)]
    return [day for day in days if day.weekday() == THURSDAY]


def _name(month: date) -> str:
    return f"{month:%Y-%m}.csv"


def _land(landing: Landing, month: date, least: float) -> LandedFile:
    """Land the last list of a month that is there."""
    *later, first = thursdays(month)
    for day in later:
        try:
            return _download(landing, month, day, least)
        except SourceError as error:
            if error.status != 404:
                raise
    return _download(landing, month, first, least)


def _download(landing: Landing, month: date, day: date, least: float) -> LandedFile:
    address = URL.format(day=day)
    check, details = partial(_check, address, least), {"month": f"{month}", "list_date": f"{day}"}
    return landing.download(address, name=_name(month), expect=CSV, check=check, details=details)


def _projects(path: Path) -> int:
    """Projects of a list whose dependents are told."""
    with looking() as con:
        counted = con.execute(f"select count({COLUMNS[1]}) from {_reader(paths(path))}").fetchall()
    return int(counted[0][0])


def _check(address: str, least: float, path: Path) -> None:
    """Refuse a list without our columns, or with dependents of far fewer projects than the one that we hold."""
    cure = "Compare the list with flows/sources/github_dependents.py: its form has changed."
    counted = f"select count(*), count(try_cast({COLUMNS[1]} as double)), count({COLUMNS[1]})"
    try:
        with looking() as con:
            rows, numbers, told_ = con.execute(f"{counted} from {_reader(paths(path))}").fetchall()[0]
    except duckdb.Error as error:
        words = f"a list with the columns {' and '.join(COLUMNS)}"
        raise SourceError(address, words, str(error).splitlines()[0][:300], cure) from error
    if told_ < least:
        raise SourceError(address, f"the dependents of at least {least:.0f} projects", f"those of {told_}", cure)
    if not numbers or numbers < told_:
        raise SourceError(address, "numbers of dependents", f"{numbers} in {told_} of {rows} rows", cure)


def _reader(files: str) -> str:
    return (
        f"read_csv({files}, hive_partitioning = false, header = true, all_varchar = true, filename = true, "
        "union_by_name = true)"
    )
