"""conda downloads: how often each conda package is fetched, by channel, from the counts that Anaconda publishes.

One Parquet file per month since 2017-01, some weeks after the month's end. Files are large and hold every package; only
the rows of our packages are read, with versions and platforms summed.

What it cannot tell: who downloads; installations by pip in a conda environment; the channel pytorch before 2023-01,
whose downloads are in no file, so that PyTorch is under-counted until then. Nothing was logged from 2018-04-05 to
2018-04-10: that month's mean is over the days that were.
Licence: CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from ..engine import duckdb
from ..errors import SourceError
from ..landing.backlog import Backlog, is_limit, told
from ..landing.landing import PARQUET, LandedFile, Landing, landed_files
from ..landing.loading import insert_from, looking
from ..months import closed_month, newest_first
from ..network.pace import Pace
from ..network.probing import Probe
from ..settings import Settings
from ..sql_text import first_line, parquet, quoted
from .filling import FirstFill

NAME = "conda_downloads"
HOST = "anaconda-package-data.s3.amazonaws.com"
HOSTS = (HOST,)
PACES = {HOST: Pace(4, 1)}

URL = f"https://{HOST}/conda/monthly/{{month:%Y}}/{{month:%Y-%m}}.parquet"
PROBES = (Probe(URL, begins=b"PAR1"),)
FIRST_MONTH = date(2017, 1, 1)
COLUMNS = ("data_source", "time", "pkg_name", "counts")
# S3 answers 403 for a file that is not there. A month may come out late, but no later than this.
GONE, LATE_MONTHS = (403, 404), 3

TABLES = {
    "conda_downloads_months": {
        "data_source": "VARCHAR",
        "time": "VARCHAR",
        "pkg_name": "VARCHAR",
        "counts": "DOUBLE",
        "file_month": "DATE",
    }
}


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land the newest month if it has changed, and months that are not held yet, newest first, some at a time."""
    held = {file.card.name for file in landed_files(settings, NAME)}

    def land(month: date) -> LandedFile:
        file = _download(landing, month)
        held.add(_name(month))
        return file

    months = Backlog(
        f"months at {HOST}",
        lambda: newest_first(last, FIRST_MONTH),
        lambda month: _name(month) in held,
        name=lambda month: f"{month:%Y-%m}",
        stops=lambda error: is_limit(error, GONE),
    )
    last = _newest(months, closed_month(landing.now), land)
    months.work(land, settings.conda_months_per_refresh)
    months.revisit(lambda month: landing.seen_at(_name(month)), landing.now, land)
    return told(months, more=[months.progress(settings.conda_months_per_refresh)])


def first_fill(settings: Settings, now: datetime) -> FirstFill:
    """A file per month."""
    return FirstFill(len(list(newest_first(closed_month(now), FIRST_MONTH))), settings.conda_months_per_refresh)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.conda_downloads_months with our packages, versions and platforms summed: a file holds all packages."""
    names = con.execute("select distinct conda_package from raw.reference_frameworks where conda_package is not null")
    packages = ", ".join(quoted(name) for (name,) in names.fetchall()) or "null"
    read = (
        "(select filename, data_source::varchar as data_source, time::varchar as time, pkg_name::varchar as pkg_name, "
        "sum(counts::double) as counts "
        "from read_parquet({files}, hive_partitioning = false, filename = true, union_by_name = true) "
        f"where pkg_name in ({packages}) group by all)"
    )
    columns = {name: name for name in TABLES["conda_downloads_months"]}
    months = [date.fromisoformat(f"{file.card.name[:7]}-01") for file in landed]
    insert_from(con, "conda_downloads_months", landed, columns, read, {"file_month": months})


def _name(month: date) -> str:
    return f"{month:%Y-%m}.parquet"


def _newest(months: Backlog[date], closed: date, land: Callable[[date], LandedFile]) -> date:
    """Ask for the newest month that is published, conditionally if we hold it; return which one it is."""
    for number, month in enumerate(newest_first(closed, FIRST_MONTH)):
        error = None if months.ask(month, land) else months.errors.get(f"{month:%Y-%m}")
        if number == LATE_MONTHS or error is None or error.status not in GONE:
            return month
        # Not published yet: no error, the month before is the newest.
        months.forgive(month)
    return closed


def _download(landing: Landing, month: date) -> LandedFile:
    address = URL.format(month=month)
    return landing.download(address, name=_name(month), expect=PARQUET, check=lambda path: _check(address, path, month))


def _check(address: str, path: Path, month: date) -> None:
    """Refuse a file that lacks our columns or rows, or that is of another month than its name."""
    cure = "Compare the file with flows/sources/conda_downloads.py: the source has changed."
    read = parquet(path)
    counted = f"select count(counts), min(counts)::double from (select data_source, pkg_name, counts from {read})"
    # A file has very few times: looking for the first and the last among them is much faster than among its rows.
    times = f"select min(time)::varchar as first, max(time)::varchar as last from (select distinct time from {read})"
    wanted = f"select left(first, 7), left(last, 7), counted.* from ({counted}) as counted, ({times})"
    try:
        with looking() as con:
            first, last, rows, least = con.execute(wanted).fetchall()[0]
    except duckdb.BinderException as error:
        with looking() as con:
            found = [row[0] for row in con.execute(f"describe select * from {read}").fetchall()]
        lost = ", ".join(column for column in COLUMNS if column not in found) or first_line(error)
        words = f"that {lost} are lost; it has {', '.join(found)}"
        raise SourceError(address, f"the columns {', '.join(COLUMNS)}", words, cure) from error
    except duckdb.Error as error:
        raise SourceError(address, "a file that DuckDB can read", first_line(error), cure) from error
    if not rows:
        raise SourceError(address, "rows with counts", "none", cure)
    if (first, last) != (f"{month:%Y-%m}",) * 2:
        raise SourceError(address, f"downloads of {month:%Y-%m} alone", f"those of {first} to {last}", cure)
    if least < 0:
        raise SourceError(address, "counts from 0 up", f"{least:g}", cure)
