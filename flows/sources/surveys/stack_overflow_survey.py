"""Stack Overflow Developer Survey: which technologies developers worked with and want, one table per year.

Published by Stack Overflow once a year; the public table holds one row per respondent. It lies in the survey's archive;
the older zips stand in where that has none. Each year's addresses, columns and base are a row of
data/reference/stack_overflow_survey_years.csv, so a new edition is a new row there, also one that asked nothing.

What it cannot tell: an option that a form lacks was used by someone all the same; the base of the published charts is
not in the table from 2021 on (the archive's own counts have it); those who only want something are missing in it; 2025
dropped the question.
Licence: ODbL-1.0 for the data, to be named with every chart and kept on derived tables.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from ...engine import duckdb
from ...errors import Paused, SettingsError, SourceError
from ...landing.backlog import Backlog, told
from ...landing.landing import CSV, JSON, LandedFile, Landing
from ...landing.taken import Taken
from ...network.probing import Probe
from ...reference import tables as reference
from ...settings import Settings
from ...sql_text import literal, parquet, quoted
from .. import github_files
from ..filling import FirstFill
from . import aggregates
from .archive import SURVEY_ZIP, given, plain
from .editions import ARCHIVE, ARCHIVE_COUNTS, YEARS, Form, form_of, known_forms
from .kept_rows import KeptRows
from .respondents import MEMBER, Checker, possible_years, read, row_key

log = logging.getLogger(__name__)

NAME = "stack_overflow_survey"
HOSTS = ("media.githubusercontent.com", github_files.HOST)
PACES = {github_files.HOST: github_files.PACE}
# The zips of before: where the archive has no table of a year.
OPTIONAL = ("survey.stackoverflow.co", "info.stackoverflowsolutions.com", "cdn.stackoverflow.co", "cdn.sanity.io")
PROBES = (
    Probe(ARCHIVE.format(year=2024), begins=b"ResponseId,"),
    Probe(ARCHIVE_COUNTS.format(year=2024), begins=b"{"),
)

FIRST_YEAR = 2018
BYTES_A_SECOND = 3_000_000  # for the estimate of a first fill
GONE = (404, 410)
ENDINGS = (".csv", ".zip", ".gz")

KNOWN_ROWS: dict[str, int] = {}  # whole files: a first landing is held against the embedded figures
TABLES = {
    "stack_overflow_survey_answers": {
        "year": "INTEGER",
        "respondent": "BIGINT",
        "branch": "VARCHAR",
        "worked_with": "VARCHAR",
        "wanted": "VARCHAR",
        "admired": "VARCHAR",
    },
    aggregates.TABLE: aggregates.COLUMNS,
}


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land the table of every edition that asked, newest first, and the publisher's own counts of it."""
    forms = known_forms(settings)
    newest = max(max(forms), landing.now.year)
    years = [year for year in range(newest, min(forms) - 1, -1) if form_of(forms, year).is_asked]
    gone: list[int] = []
    uncounted: list[int] = []

    def wanted() -> list[int]:
        return [year for year in years if year in forms and year not in gone]

    tables = Backlog("tables of the survey", wanted, lambda year: _held(landing, year) is not None, stops=_never)
    _tell_first_fill(forms, tables.left())
    counts: Backlog[int] = Backlog("the publisher's own counts", stops=_never)
    limiting: dict[str, SourceError] = {}
    for year in years:
        tables.ask(year, lambda year: _table(landing, forms, year, limiting))
        failure = tables.errors.get(str(year))
        if failure:
            _note_unconfirmed(landing, year)
        if failure and failure.status in GONE:
            tables.forgive(year)
            gone += [year] if year in forms else []  # that the next edition is not out yet is no fault
        if form_of(forms, year).aggregates and not tables.stopped_by:
            counts.ask(year, lambda year: _counts(landing, forms[year]))
            if (lacking := counts.errors.get(str(year))) and lacking.status in GONE:
                counts.forgive(year)
                uncounted.append(year)
    if gone and not tables.landed and not tables.errors:
        cure = f"Open the page of the survey and put the new addresses into data/reference/{YEARS}.csv."
        found = "status 404 for every year and address"
        raise SourceError(ARCHIVE.format(year=years[0]), "the table of a year", found, cure)
    return told(
        tables, counts, more=[tables.progress(), _gone(gone), _uncounted(uncounted)], is_confirmed=tables.landed > 0
    )


def _never(_: SourceError) -> bool:
    """What is wrong with one edition says nothing about another: each has addresses at several hosts."""
    return False


def _tell_first_fill(forms: dict[int, Form], missing: list[int]) -> None:
    """Say before a first fill what it will take."""
    size = sum(forms[year].published_files[0][1] for year in missing if forms[year].published_files)
    if size:
        words = "%s: %d tables are to be fetched, %.0f MB; what does not fit into one refresh is left for the next"
        log.info(words, NAME, len(missing), size / 1e6)


def _gone(years: list[int]) -> str:
    cure = f"Put the new address into data/reference/{YEARS}.csv."
    words = f"No address has the table of {_listed(years)}: figures of it are not confirmed. {cure}"
    return words if years else ""


def _uncounted(years: list[int]) -> str:
    words = f"The archive has no counts of its own for {_listed(years)}: bases there follow from the rows."
    return words if years else ""


def _listed(years: list[int]) -> str:
    return ", ".join(map(str, sorted(years)))


def _note_unconfirmed(landing: Landing, year: int) -> None:
    """Note that what we hold of a year stays in use, but that nobody has confirmed it."""
    held = _held(landing, year)
    if held and (check := landing.checks.get(held.card.name)):
        landing.checks[held.card.name] = replace(check, outcome="unconfirmed")


def _table(landing: Landing, forms: dict[int, Form], year: int, limiting: dict[str, SourceError]) -> LandedFile:
    """Land one table from the first of its addresses that has it.

    A host that limits us is not asked for the other years. Where no address has it, the error's status is 404.
    """
    held, failure = _held(landing, year), None
    # The address that gave us the file is asked first: it can say that we hold it.
    addresses = sorted(form_of(forms, year).addresses, key=lambda address: held is None or address != held.card.address)
    for address in addresses:
        host = urlsplit(address).netloc
        if host in limiting:
            failure = failure or limiting[host]
            continue
        is_zip = address.endswith(".zip")
        check = Checker(landing.settings, NAME, forms, year, address, is_zip=is_zip, is_official=True)
        name, expect = f"{year}{'.zip' if is_zip else '.csv'}", SURVEY_ZIP if is_zip else CSV
        try:
            return landing.download(address, name=name, expect=expect, check=check, details={"year": str(year)})
        except Paused:
            raise
        except SourceError as error:
            if error.status == 429:
                limiting[host] = error
            if error.status not in GONE:
                failure = failure or error
    if failure is None:
        failure = SourceError(addresses[0], f"the table of {year}", "status 404 at every address", "Look for it.")
        failure.status = 404
    raise failure


def _counts(landing: Landing, form: Form) -> LandedFile:
    """Land the publisher's own counts of an edition from the first address that has them."""
    for number, address in enumerate(form.aggregates, start=1):
        try:
            return landing.download(
                address,
                name=f"{form.year}-counts.json",
                expect=JSON,
                check=partial(aggregates.check, address, form),
                details={"year": str(form.year)},
            )
        except SourceError as error:
            if error.status not in GONE or number == len(form.aggregates):
                raise
    raise AssertionError("an edition without addresses of counts is not asked for them")


def _held(landing: Landing, year: int) -> LandedFile | None:
    """The newest table of a year that was downloaded."""
    found = [file for ending in ENDINGS if (file := landing.held(f"{year}{ending}"))]
    return max(found, key=lambda file: file.card.fetched_at, default=None)


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `trends import stack-overflow-survey`."""
    parser.add_argument("file", type=Path, help=f"the official zip of a year, or its {MEMBER}, plain or .gz")
    parser.add_argument("--year", type=int, help="edition; left out, columns and number of rows tell it")


def recognised(path: Path, settings: Settings) -> str | None:
    """What a file is, if it has the columns of an edition."""
    try:
        years = possible_years(path, settings, NAME, known_forms(settings))
    except (SourceError, OSError):
        return None
    of = f" of {' or '.join(map(str, years))}" if years else ""
    return f"the Stack Overflow survey{of}" if years is not None else None


def import_file(landing: Landing, args: argparse.Namespace) -> Taken:
    """Land the zip or CSV file of one year."""
    forms = known_forms(landing.settings)
    if args.year is not None and not FIRST_YEAR <= args.year <= landing.now.year:
        raise SettingsError(f"--year: expected {FIRST_YEAR} to {landing.now.year}, found {args.year}.")
    expect, ending = given(args.file)
    year = args.year or _told_year(args.file, landing.settings, forms)
    check = Checker(landing.settings, NAME, forms, year, str(args.file), is_zip=ending == ".zip", is_official=False)
    name, details = f"imported-{year}{ending}", {"year": str(year)}
    landed = landing.take_in(args.file, name=name, expect=expect, check=check, details=details)
    said = f"landed {landed.source_file}: {check.rows:,} respondents of the Stack Overflow Developer Survey {year}"
    official = form_of(forms, year).row_count
    if is_sample := bool(official and abs(check.rows - official) > official / 100):
        said += f" of {official:,}: its figures are marked as a sample"
    return Taken(said, f"year(period_start) = {year}", is_sample)


def _told_year(path: Path, settings: Settings, forms: dict[int, Form]) -> int:
    """The edition of a file, by its columns and rows, or by its name where several asked alike."""
    years = possible_years(path, settings, NAME, forms) or []
    named = [year for year in years if str(year) in path.name]
    if len(years) != 1 and len(named) != 1:
        listed = " or ".join(map(str, years)) or "none that we know"
        raise SettingsError(
            f"{path}: this looks like the Stack Overflow survey, and its columns are those of {listed}. "
            "Say which edition it is with --year."
        )
    return (named or years)[0]


def first_fill(settings: Settings, now: datetime) -> FirstFill:
    """The tables of all editions that asked the question, a gigabyte, and the publisher's counts beside them."""
    forms = [form for form in known_forms(settings).values() if form.is_asked]
    size = sum(form.published_files[0][1] for form in forms if form.published_files)
    files = sum(1 + bool(form.aggregates) for form in forms)
    refreshes = max(1, round(size / (BYTES_A_SECOND * settings.source_seconds) + 0.5))
    words = f"{size / 1e9:.1f} GB, at {BYTES_A_SECOND / 1e6:.0f} MB a second"
    return FirstFill(files, -(-files // refreshes), words)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill the raw tables from the rows that were kept when each file landed, or from the files."""
    forms = {form.year: form for form in map(Form.of, reference.rows(con, YEARS))}
    tables = _one_per_edition([file for file in landed if file.path.suffix in ENDINGS])
    kept = KeptRows(landed[0].path.parents[3], NAME)
    keys = {file.path: row_key(file.card.sha256, _form(file, forms)) for file in tables}
    found = {path: kept.find(key) for path, key in keys.items()}
    new = [file for file in tables if not found[file.path]]
    with kept.workshop() as folder:
        for file, path in zip(new, plain([file.path for file in new], folder, MEMBER), strict=True):
            made = read(path, str(file.path), _form(file, forms), forms, con, folder)[1]
            found[file.path] = kept.keep(keys[file.path], made)
    for file in tables:
        landed_at = literal(file.card.fetched_at.astimezone(UTC))
        columns = f"{_form(file, forms).year}, * replace (respondent::bigint as respondent), {landed_at}::timestamp"
        rows = f"select {columns}, {quoted(file.source_file)} from {parquet(str(found[file.path]))}"
        con.execute(f"insert into raw.stack_overflow_survey_answers {rows}")
    kept.keep_only(set(keys.values()))
    aggregates.load([file for file in landed if file.path.suffix == ".json"], forms, con)


def _one_per_edition(tables: list[LandedFile]) -> list[LandedFile]:
    """Leave out an older download of an edition that was downloaded again from another address."""
    newest = {(file.card.kind, file.card.details["year"]): file for file in sorted(tables, key=_fetched_at)}
    return [file for file in tables if file in newest.values()]


def _fetched_at(file: LandedFile) -> float:
    return file.card.fetched_at.timestamp()


def _form(file: LandedFile, forms: dict[int, Form]) -> Form:
    return form_of(forms, int(file.card.details["year"]))
