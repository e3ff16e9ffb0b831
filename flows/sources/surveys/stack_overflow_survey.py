"""Stack Overflow Developer Survey: which technologies developers worked with and want, one zip a year.

Published by Stack Overflow once a year; the public file holds one row a respondent. Each year's addresses, columns and
base are a row of data/reference/stack_overflow_survey_years.csv, so a new edition is a new row there.

What it cannot tell: an option that a form lacks was used by someone all the same; the base of the published charts is
not in the file from 2021 on; those who only want something are missing in it; 2025 dropped the question.
Licence: ODbL-1.0 for the data, to be named with every chart and kept on derived tables.
"""

import argparse
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import duckdb

from ...errors import SettingsError, SourceError
from ...landing.cards import sha256_of
from ...landing.landing import CSV, LandedFile, Landing
from ...reference import tables as reference
from ...settings import Settings
from ...sql_text import literal, quoted
from .archive import SURVEY_ZIP, plain, unpack
from .kept_rows import KeptRows, key_of
from .table import SurveyTable

log = logging.getLogger(__name__)

NAME = "stack_overflow_survey"
HOSTS = ("survey.stackoverflow.co",)

YEARS = "stack_overflow_survey_years"
NEXT_ADDRESS = "https://survey.stackoverflow.co/datasets/stack-overflow-developer-survey-{year}.zip"
MEMBER = "survey_results_public.csv"
FIRST_YEAR = 2018
GONE = re.compile(r"\bstatus (404|410)\b")

TABLES = {
    "stack_overflow_survey_answers": {
        "year": "INTEGER",
        "respondent": "BIGINT",
        "branch": "VARCHAR",
        "worked_with": "VARCHAR",
        "wanted": "VARCHAR",
        "admired": "VARCHAR",
    }
}


@dataclass(frozen=True)
class Form:
    """The questionnaire of one year, as its row of the years table tells it; an empty text is a column it lacks."""

    year: int
    row_count: int | None
    addresses: tuple[str, ...]
    respondent_column: str
    branch_column: str
    worked_with_column: str
    wanted_column: str
    admired_column: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a row of the years table."""
        texts = {name: row[name] or "" for name in cls.__dataclass_fields__ if name.endswith("_column")}
        count = row["row_count"]
        addresses = tuple((row["addresses"] or "").split("|"))
        return cls(year=int(row["year"]), row_count=int(count) if count else None, addresses=addresses, **texts)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that we read, in the order of the raw table; empty texts for those that the form lacks."""
        questions = (self.worked_with_column, self.wanted_column, self.admired_column)
        return (self.respondent_column, self.branch_column, *questions)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file of this year has."""
        return tuple(column for column in self.columns if column)


def fetch(landing: Landing, settings: Settings) -> None:
    """Land the zip of every year up to this one; a year that fails leaves the others."""
    forms = known_forms(settings)
    failures: list[SourceError] = []
    limiting: dict[str, SourceError] = {}
    landed = 0
    for year in range(min(forms), max(max(forms), landing.now.year) + 1):
        try:
            landed += _fetch_year(landing, forms, year, limiting)
        except SourceError as error:
            failures += [] if error in failures else [error]
    if failures:
        first = failures[0]
        others = "".join(f"; also {error.address}: {error.found}" for error in failures[1:])
        raise type(first)(first.address, first.expected, first.found + others, first.cure) from first
    if not landed:
        address = NEXT_ADDRESS.format(year=max(forms))
        cure = f"Open the page of the survey and put the new addresses into data/reference/{YEARS}.csv."
        raise SourceError(address, "the zip of a year", "status 404 for every year and address", cure)


def _fetch_year(landing: Landing, forms: dict[int, Form], year: int, limiting: dict[str, SourceError]) -> bool:
    """Land one year from the first of its addresses that has it; False when none has.

    A host that limits us is not asked for the years after.
    """
    name = f"{year}.zip"
    held = landing.held(name)
    addresses = forms[year].addresses if year in forms else (NEXT_ADDRESS.format(year=year),)
    # The address that gave us the file is asked first: it can say that we hold it.
    addresses = tuple(sorted(addresses, key=lambda address: held is None or address != held.card.address))
    failure: SourceError | None = None
    for address in addresses:
        host = urlsplit(address).netloc
        if host in limiting:
            failure = failure or limiting[host]
            continue
        check = _check(landing, forms, year, f"{address} ({MEMBER})", address)
        try:
            landing.download(address, name=name, expect=SURVEY_ZIP, check=check, details={"year": str(year)})
        except SourceError as error:
            if error.status == 429:
                limiting[host] = error
            if not GONE.search(error.found):
                failure = failure or error
        else:
            return True
    if failure:
        raise failure
    words = "%s: no zip of %d at %s"
    log.log(logging.INFO if year >= landing.now.year else logging.WARNING, words, NAME, year, ", ".join(addresses))
    return False


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
    expect = SURVEY_ZIP if is_zip else CSV
    table = f"{args.file} ({MEMBER})" if is_zip else str(args.file)
    check = _check(landing, forms, args.year, table, str(args.file) if is_zip else "")
    name = f"imported-{args.year}{'.zip' if is_zip else '.csv'}"
    landed = landing.take_in(args.file, name=name, expect=expect, check=check, details={"year": str(args.year)})
    return f"landed {landed.source_file}: Stack Overflow Developer Survey {args.year}"


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.stack_overflow_survey_answers from the rows that were kept when each file landed, or from the file."""
    forms = {form.year: form for form in map(Form.of, reference.rows(con, YEARS))}
    kept = KeptRows(landed[0].path.parents[3], NAME)
    keys = {file.path: key_of(file.card.sha256, _form(file, forms)) for file in landed}
    found = {path: kept.find(key) for path, key in keys.items()}
    new = [file for file in landed if not found[file.path]]
    with kept.workshop() as folder:
        for file, path in zip(new, plain([file.path for file in new], folder, MEMBER), strict=True):
            made = _read(path, str(file.path), _form(file, forms), forms, con, folder)[1]
            found[file.path] = kept.keep(keys[file.path], made)
    for file in landed:
        landed_at = literal(file.card.fetched_at.astimezone(UTC))
        columns = f"{_form(file, forms).year}, * replace (respondent::bigint as respondent), {landed_at}::timestamp"
        rows = f"select {columns}, {quoted(file.source_file)} from read_parquet({quoted(str(found[file.path]))})"
        con.execute(f"insert into raw.stack_overflow_survey_answers {rows}")
    kept.keep_only(set(keys.values()))


def known_forms(settings: Settings) -> dict[int, Form]:
    """The years table, by year."""
    return {form.year: form for form in map(Form.of, reference.read_rows(settings.reference, YEARS))}


def form_of(forms: dict[int, Form], year: int) -> Form:
    """The form of a year; a year without a row is taken to ask like the last one that had the question."""
    if year in forms:
        return forms[year]
    last = forms[max(year for year, form in forms.items() if form.worked_with_column)]
    return Form(year, None, (), *last.columns)


def _check(landing: Landing, forms: dict[int, Form], year: int, table: str, archive: str) -> Callable[[Path], None]:
    """Make the check of a file: the columns of its year, whole rows, and every respondent once; its rows are kept.

    Args:
        landing: says where they are kept.
        forms: the years table.
        year: of the survey.
        table: what to call the table in errors.
        archive: what to call the zip around it; empty where the file is the table.
    """
    form, kept = form_of(forms, year), KeptRows(landing.settings.data, NAME)

    def check(path: Path) -> None:
        with kept.workshop() as folder:
            source = unpack(path, folder / "table.csv", archive, MEMBER) if archive else path
            with duckdb.connect(config={"memory_limit": "400MB", "threads": 2}) as con:
                opened, rows = _read(source, table, form, forms, con, folder)
                _judge(opened, rows, form, forms, con)
            kept.keep(key_of(sha256_of(path), form), rows)

    return check


def _read(
    path: Path, address: str, form: Form, forms: dict[int, Form], con: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[SurveyTable, Path]:
    """Read what the raw table keeps of each respondent into a Parquet file in the folder."""
    table = SurveyTable.open(path, address, null="NA")
    if table.missing(form.needed):
        raise table.lost(form.needed, _whose(table, forms), _cure(form, forms))
    rows = folder / "rows.parquet"
    table.run(con, f"copy ({_query(form, table)}) to {quoted(str(rows))} (format parquet, compression zstd)")
    return table, rows


def _judge(table: SurveyTable, path: Path, form: Form, forms: dict[int, Form], con: duckdb.DuckDBPyConnection) -> None:
    """Refuse rows that are not one a respondent, or are those of another year."""
    address, kept = table.address, f"from read_parquet({quoted(str(path))})"
    counts = (
        "count(*), count(distinct respondent), count(*) - count(try_cast(respondent as bigint)), count(worked_with)"
    )
    rows, respondents, unnumbered, answers = con.execute(f"select {counts} {kept}").fetchall()[0]
    cure = "Fetch the file again from the survey's own page."
    if not rows:
        raise SourceError(address, "rows of respondents", "a header and no row", cure)
    if unnumbered:
        found = f"{unnumbered} of {rows} rows without one, such as a second header"
        raise SourceError(address, f"a number in {form.respondent_column} in every row", found, cure)
    if respondents < rows:
        repeated = con.execute(f"select mode(respondent) {kept}").fetchall()[0][0]
        found = f"{rows} rows of {respondents} respondents, such as {repeated} twice"
        raise SourceError(address, "one row a respondent", found, cure)
    _refuse_other_year(forms, form, address, rows)
    _say(form, table, forms, rows, answers)


def _whose(table: SurveyTable, forms: dict[int, Form]) -> str:
    """Whether the header is that of other years, or none at all."""
    if table.header and table.header[0].strip().isdecimal():
        return " from the first line, which is a respondent's and no header"
    years = [str(form.year) for form in forms.values() if form.worked_with_column and not table.missing(form.needed)]
    return f" and the columns are those of {', '.join(years)}" if years else ""


def _cure(form: Form, forms: dict[int, Form]) -> str:
    if form.year in forms:
        return f"If the survey renamed a column, correct the row of {form.year} in data/reference/{YEARS}.csv."
    return f"Add a row for {form.year} to data/reference/{YEARS}.csv; leave the columns empty if the question is gone."


def _refuse_other_year(forms: dict[int, Form], form: Form, address: str, rows: int) -> None:
    """Refuse the file of another year with the same columns: its number of rows gives it away."""
    others = [other.year for other in forms.values() if other.row_count == rows and other.year != form.year]
    if others and rows != form.row_count:
        found = f"{rows} rows, which is the file of {others[0]}"
        raise SourceError(address, f"the survey of {form.year}", found, "Fetch or name the file of the right year.")


def _say(form: Form, table: SurveyTable, forms: dict[int, Form], rows: int, answers: int) -> None:
    """Tell the operator what is unusual about a good file."""
    if not form.worked_with_column:
        log.info("%s: the form of %d has no question on frameworks; no figures of it", table.address, form.year)
        asked = {other.worked_with_column for other in forms.values()} - {""}
        if back := sorted(asked & set(table.header)):
            words = "%s: has the column %s although data/reference/%s.csv says that %d did not ask"
            log.warning(words, table.address, back[0], YEARS, form.year)
    elif not answers:
        log.warning("%s: no respondent answered %s", table.address, form.worked_with_column)
    if form.year not in forms:
        words = "%s: %d has no row in data/reference/%s.csv; it is read like the year before"
        log.warning(words, table.address, form.year, YEARS)
    if form.row_count and abs(rows - form.row_count) > form.row_count / 100:
        words = "%s: %d rows, the official file of %d has %d; its figures are marked as a sample"
        log.warning(words, table.address, rows, form.year, form.row_count)


def _form(file: LandedFile, forms: dict[int, Form]) -> Form:
    return form_of(forms, int(file.card.details["year"]))


def _query(form: Form, table: SurveyTable) -> str:
    """Select what the raw table keeps of each respondent, under its names."""
    names = list(TABLES["stack_overflow_survey_answers"])[1:]
    columns = [f"{table.column(column)} as {name}" for name, column in zip(names, form.columns, strict=True)]
    return f"select {', '.join(columns)} from {table.reader()}"
