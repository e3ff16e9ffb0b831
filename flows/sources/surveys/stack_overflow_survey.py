"""Stack Overflow Developer Survey: which technologies developers worked with and want, one table per year.

Published by Stack Overflow once a year; the public table holds one row per respondent. It lies in the survey's archive;
the older zips stand in where that has none. Each year's addresses, columns and base are a row of
data/reference/stack_overflow_survey_years.csv, so a new edition is a new row there, also one that asked nothing.

What it cannot tell: an option that a form lacks was used by someone all the same; the base of the published charts is
not in the table from 2021 on (the archive's own counts have it); those who only want something are missing in it; 2025
dropped the question.
Licence: ODbL-1.0 for the data, to be named with every chart and kept on derived tables.
"""

import argparse
import logging
import re
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from ...errors import Paused, SettingsError, SourceError
from ...landing.landing import CSV, JSON, LandedFile, Landing
from ...reference import tables as reference
from ...settings import Settings
from ...sql_text import literal, quoted
from . import aggregates
from .archive import SURVEY_ZIP, plain
from .editions import ARCHIVE, YEARS, Form, form_of, known_forms
from .kept_rows import KeptRows
from .respondents import MEMBER, checker, read, row_key

log = logging.getLogger(__name__)

NAME = "stack_overflow_survey"
HOSTS = (
    *("media.githubusercontent.com", "raw.githubusercontent.com", "survey.stackoverflow.co"),
    *("info.stackoverflowsolutions.com", "cdn.stackoverflow.co", "cdn.sanity.io"),
)

FIRST_YEAR = 2018
GONE = re.compile(r"\bstatus (404|410)\b")
ENDINGS = (".csv", ".zip")
SHOWN = 2

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


@dataclass
class Round:
    """What one refresh has come to.

    Attributes:
        landed: editions whose table was landed or confirmed.
        gone: those that no address has.
        waiting: those that the time did not reach.
        failed: what went wrong, by edition.
        without_aggregates: editions whose published counts the archive does not have.
        limiting: hosts that want us to stay away.
    """

    landed: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    failed: dict[int, SourceError] = field(default_factory=dict)
    without_aggregates: list[int] = field(default_factory=list)
    limiting: dict[str, SourceError] = field(default_factory=dict)

    def note(self, total: int) -> str:
        """What the operator should know."""
        words = []
        if self.gone:
            words.append(
                f"No address has the table of {_years(self.gone)}: figures of it are not confirmed. "
                f"Put its new address into data/reference/{YEARS}.csv."
            )
        if self.waiting:
            done = total - len(self.waiting)
            words.append(f"{done} of {total} tables are done; the next refresh goes on with {_years(self.waiting)}.")
        words += [f"{year} is missing for now. {error}" for year, error in self.failed.items()]
        if self.without_aggregates:
            years = _years(self.without_aggregates)
            words.append(f"The archive has no counts of its own for {years}: bases there follow from the rows.")
        return " ".join(words)


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land the table of every edition that asked, newest first, and the publisher's own counts."""
    forms = known_forms(settings)
    newest = max(max(forms), landing.now.year)
    years = [year for year in range(newest, min(forms) - 1, -1) if form_of(forms, year).is_asked]
    _tell_first_fill(landing, forms, years)
    done = Round()
    for number, year in enumerate(years):
        try:
            _fetch_year(landing, forms, year, done)
        except Paused:
            done.waiting += years[number:]
            break
    if not done.landed:
        raise _nothing(done, years)
    return done.note(len(years)) or None


def _tell_first_fill(landing: Landing, forms: dict[int, Form], years: list[int]) -> None:
    """Say before a first fill what it will take."""
    missing = [year for year in years if year in forms and not _held(landing, year)]
    size = sum(forms[year].published_files[0][1] for year in missing if forms[year].published_files)
    if size:
        words = "%s: %d tables are to be fetched, %.0f MB; what does not fit into one refresh is left for the next"
        log.info(words, NAME, len(missing), size / 1e6)


def _fetch_year(landing: Landing, forms: dict[int, Form], year: int, done: Round) -> None:
    """Land the table of a year from the first of its addresses that has it, then the counts beside it."""
    held = _held(landing, year)
    try:
        is_landed = _table(landing, forms, year, held, done)
    except Paused:
        raise
    except SourceError as error:
        is_landed, done.failed[year] = False, error
    if is_landed:
        done.landed.append(year)
    elif held:  # what we hold stays in use, but nobody has confirmed it
        check = landing.checks.get(held.card.name)
        if check:
            landing.checks[held.card.name] = replace(check, outcome="unconfirmed")
    if not is_landed and year not in done.failed and year in forms:
        done.gone.append(year)
    if year in forms:
        _aggregates(landing, forms[year], done)


def _table(landing: Landing, forms: dict[int, Form], year: int, held: LandedFile | None, done: Round) -> bool:
    """Land one table; False when no address has it. A host that limits us is not asked for the other years."""
    # The address that gave us the file is asked first: it can say that we hold it.
    addresses = sorted(form_of(forms, year).addresses, key=lambda address: held is None or address != held.card.address)
    failure: SourceError | None = None
    for address in addresses:
        host = urlsplit(address).netloc
        if host in done.limiting:
            failure = failure or done.limiting[host]
            continue
        is_zip = address.endswith(".zip")
        check = checker(landing.settings, NAME, forms, year, address, is_zip=is_zip, is_official=True)
        name, expect = f"{year}{'.zip' if is_zip else '.csv'}", SURVEY_ZIP if is_zip else CSV
        try:
            landing.download(address, name=name, expect=expect, check=check, details={"year": str(year)})
        except Paused:
            raise
        except SourceError as error:
            if error.status == 429:
                done.limiting[host] = error
            if not GONE.search(error.found):
                failure = failure or error
        else:
            return True
    if failure:
        raise failure
    log.info("%s: no table of %d at %s", NAME, year, ", ".join(addresses))
    return False


def _aggregates(landing: Landing, form: Form, done: Round) -> None:
    """Land the publisher's own counts of an edition; that the archive has none is worth a note and no failure."""
    for address in form.aggregates:
        try:
            landing.download(
                address,
                name=f"{form.year}-counts.json",
                expect=JSON,
                check=partial(aggregates.check, address, form),
                details={"year": str(form.year)},
            )
            return
        except Paused:
            raise
        except SourceError as error:
            log.info("%s", error)
    if form.aggregates:
        done.without_aggregates.append(form.year)


def _nothing(done: Round, years: list[int]) -> SourceError:
    """The error of a refresh that confirmed no table at all."""
    if done.failed:
        first, *others = done.failed.values()
        seen = [f"; also {error.address}: {error.found}" for error in others if error != first]
        more = f"; and {len(seen) - SHOWN} more" if len(seen) > SHOWN else ""
        failure = type(first)(first.address, first.expected, first.found + "".join(seen[:SHOWN]) + more, first.cure)
        failure.status, failure.may_pass = first.status, first.may_pass
        return failure
    cure = f"Open the page of the survey and put the new addresses into data/reference/{YEARS}.csv."
    return SourceError(
        ARCHIVE.format(year=years[0]), "the table of a year", "status 404 for every year and address", cure
    )


def _held(landing: Landing, year: int) -> LandedFile | None:
    """The newest table of a year that was downloaded."""
    found = [file for ending in ENDINGS if (file := landing.held(f"{year}{ending}"))]
    return max(found, key=lambda file: file.card.fetched_at, default=None)


def _years(years: list[int]) -> str:
    return ", ".join(map(str, sorted(years)))


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `trends import stack-overflow-survey`."""
    parser.add_argument("file", type=Path, help=f"the official zip of a year, or its {MEMBER}")
    parser.add_argument("--year", type=int, required=True, help="edition of the survey")


def import_file(landing: Landing, args: argparse.Namespace) -> str:
    """Land the zip or CSV file of one year."""
    forms = known_forms(landing.settings)
    if not FIRST_YEAR <= args.year <= landing.now.year:
        raise SettingsError(f"--year: expected {FIRST_YEAR} to {landing.now.year}, found {args.year}.")
    is_zip = args.file.suffix.lower() == ".zip"
    check = checker(landing.settings, NAME, forms, args.year, str(args.file), is_zip=is_zip, is_official=False)
    name, expect = f"imported-{args.year}{'.zip' if is_zip else '.csv'}", SURVEY_ZIP if is_zip else CSV
    landed = landing.take_in(args.file, name=name, expect=expect, check=check, details={"year": str(args.year)})
    return f"landed {landed.source_file}: Stack Overflow Developer Survey {args.year}"


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
        rows = f"select {columns}, {quoted(file.source_file)} from read_parquet({quoted(str(found[file.path]))})"
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
