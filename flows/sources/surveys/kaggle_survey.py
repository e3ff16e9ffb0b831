"""Kaggle's yearly survey of machine learning and data science, 2017 to 2022: which frameworks people use regularly.

The files need an account at Kaggle, so nothing is pulled: `trends import kaggle-survey FILE` takes the file of
one edition, or one that holds several editions under the column names of 2022. Each form's columns are a row of
data/reference/kaggle_survey_forms.csv.

What it cannot tell: 2017 asked for tools at work and had no PyTorch option; merged files lost the options that the 2022
form lacks. The licence is not verified, so only aggregates leave this computer.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Self

from ...engine import duckdb
from ...errors import SettingsError, SourceError
from ...landing.landing import LandedFile, Landing
from ...landing.taken import Taken
from ...reference import tables as reference
from ...settings import Settings
from ...sql_text import literal, quoted
from .archive import given, kind_of, unpack
from .kept_rows import KeptRows
from .table import SurveyTable

NAME = "kaggle_survey"
ONE_HOT = ("0", "1", "0.0", "1.0", "true", "false", "yes", "no", "t", "f", "y", "n")
FEWEST_COLUMNS = 20
# Of the real files at most 7 rows in 1,000 repeat another one, and one respondent in ten answers None.
MOST_REPEATED = 0.05
PERHAPS_SOME, SURELY_SOME = 100, 1000
HOSTS = ()

FORMS = "kaggle_survey_forms"
KNOWN_ROWS: dict[str, int] = {}  # whole files: a first landing is held against the embedded figures
TABLES = {
    "kaggle_survey_answers": {
        "year": "INTEGER",
        "form": "VARCHAR",
        "job_title": "VARCHAR",
        "cells": "VARCHAR[]",
    }
}


@dataclass(frozen=True)
class Form:
    """How a file is laid out, as its row of the forms table tells it.

    Attributes:
        form: its name.
        year: the edition; None for a layout that holds several.
        year_column: where such a layout tells the edition of a row.
        number_column: holds a number in every respondent's row, and words in rows that repeat the questions.
        option_columns: one an option, or one for all of them.
        job_title_column: the respondent's job.
        encoding: of the file.
        row_count: respondents of the edition.
        answers: options whose text stands for nothing elsewhere, such as None.
        member: base name of the table in the site's zip.
    """

    form: str
    year: int | None
    year_column: str
    number_column: str
    option_columns: tuple[str, ...]
    job_title_column: str
    encoding: str
    row_count: int | None
    answers: tuple[str, ...]
    member: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a row of the forms table."""
        return cls(
            form=row["form"],
            year=int(row["year"]) if row["year"] else None,
            year_column=row["year_column"] or "",
            number_column=row["number_column"] or "",
            option_columns=tuple(row["option_columns"].split("|")),
            job_title_column=row["job_title_column"],
            encoding=row["encoding"],
            row_count=int(row["row_count"]) if row["row_count"] else None,
            answers=tuple((row["answers"] or "").split("|")) if row["answers"] else (),
            member=row["member"] or "",
        )

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file of this form has; its jobs may have been cut off."""
        return tuple(column for column in (self.year_column, self.number_column, *self.option_columns) if column)

    def respondents(self, table: SurveyTable, year: int) -> str:
        """The condition that a row is a respondent's of this edition, and no repeated question text or header."""
        conditions = ["true"]
        if self.number_column:
            # Spreadsheets of some countries write 1,234 or 99,0.
            bare = f"translate({table.column(self.number_column)}, ', ', '')"
            conditions.append(f"try_cast({bare} as double) is not null")
        if self.year_column:
            conditions.append(f"try_cast({table.column(self.year_column)} as double) = {year}")
        return " and ".join(conditions)


def fetch(landing: Landing, settings: Settings) -> None:
    """Pull nothing: the files need an account."""


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `trends import kaggle-survey`."""
    parser.add_argument("file", type=Path, help="the responses of one edition or of several: .csv, .csv.gz or the zip")
    parser.add_argument("--year", type=int, help="edition, 2017 to 2022; left out, the columns tell it")


def recognised(path: Path, settings: Settings) -> str | None:
    """What a file is, if it has the columns of an edition."""
    header: tuple[str, ...] = ()
    forms = _forms(reference.read_rows(settings.reference, FORMS))
    try:
        with _plain(path, settings.data, str(path), forms) as plain_path:
            header = SurveyTable.open(plain_path, str(path), encoding="latin-1").header
            form = _table(plain_path, str(path), forms, None)[1]
    except (SourceError, OSError):
        # Some columns of a question are there and others are lost: what is missing is worth telling.
        known = {column for one in forms for column in one.option_columns} & set(header)
        return "the Kaggle survey" if len(known) > 1 else None
    return f"the Kaggle survey ({form.form if form.year else 'several editions under the columns of 2022'})"


def import_file(landing: Landing, args: argparse.Namespace) -> Taken:
    """Land the responses of one edition, or of each one in the file."""
    forms = _forms(reference.read_rows(landing.settings.reference, FORMS))
    years = sorted(form.year for form in forms if form.year)
    if args.year is not None and args.year not in years:
        raise SettingsError(f"--year: expected one of {', '.join(map(str, years))}, found {args.year}.")
    expect, ending = given(args.file)
    with _plain(args.file, landing.settings.data, str(args.file), forms) as path:
        table, form = _table(path, str(args.file), forms, args.year)
        told = args.year or form.year
        editions = [told] if told else _editions(table, form, years)
        counted = {year: _count(table, form, year) for year in editions}
    lines, samples = [], 0
    official = {form.year: form.row_count for form in forms}
    for year, (respondents, *said) in counted.items():
        landed = landing.take_in(args.file, name=f"{year}{ending}", expect=expect, details={"year": str(year)})
        lines.append(f"landed {landed.source_file}: {said[0]} of the Kaggle survey {year}")
        whole = official[year] or 0
        if abs(respondents - whole) > whole / 100:
            samples += 1
            lines.append(f"of {whole:,} respondents of {year}: its figures are marked as a sample")
        lines += [f"warning: {warning}" for warning in said[1:]]
    where = f"year(period_start) in ({', '.join(map(str, counted))})"
    return Taken("\n".join(lines), where, samples > 0)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.kaggle_survey_answers: the cells of each respondent's options, as they are written."""
    forms = _forms(reference.rows(con, FORMS))
    for file in landed:
        year = int(file.card.details["year"])
        with _plain(file.path, file.path.parents[3], str(file.path), forms) as path:
            table, form = _table(path, str(file.path), forms, year)
            landed_at = literal(file.card.fetched_at.astimezone(UTC))
            table.run(
                con,
                f"insert into raw.kaggle_survey_answers select {year}, {quoted(form.form)}, job_title, cells, "
                f"{landed_at}::timestamp, {quoted(file.source_file)} from ({_query(table, form, year)}) "
                "where is_respondent",
            )


def _forms(rows: Iterable[Mapping[str, Any]]) -> list[Form]:
    return [Form.of(row) for row in rows]


@contextmanager
def _plain(path: Path, data: Path, address: str, forms: list[Form]) -> Iterator[Path]:
    """The table itself, out of the site's zip if it is one."""
    if kind_of(path) != "zip":
        yield path
        return
    with KeptRows(data, NAME).workshop() as folder:
        members = {form.member for form in forms if form.member}
        yield unpack(path, folder / "table.csv", address, members, is_given=True)


def _query(table: SurveyTable, form: Form, year: int) -> str:
    """Select what the raw table keeps, and whether a row is a respondent's of the edition."""
    cells = ", ".join(table.column(column) for column in form.option_columns)
    return (
        f"select {form.respondents(table, year)} as is_respondent, {table.column(form.job_title_column)} as job_title, "
        f"[{cells}] as cells from {table.reader()}"
    )


def _table(path: Path, address: str, forms: list[Form], year: int | None) -> tuple[SurveyTable, Form]:
    """Open a file and find out by its header which form it has."""
    merged, others = [form for form in forms if form.year is None], [form for form in forms if form.year]
    wanted = [form for form in others if year in (None, form.year)]
    # Columns of the newest editions first: those of 2020 are a part of those of 2021.
    for form in (*merged, *sorted(wanted, key=lambda form: len(form.needed), reverse=True)):
        table = SurveyTable.open(path, address, encoding=form.encoding, answers=form.answers)
        if not table.missing(form.needed):
            return table, form
    found = [form.form for form in forms if not table.missing(form.needed)]
    words = f" and the columns are those of {', '.join(found)}" if found else ""
    cure = f"Name the year of the file with --year, or correct data/reference/{FORMS}.csv."
    raise table.lost(wanted[-1].needed, words, cure)


def _editions(table: SurveyTable, form: Form, years: list[int]) -> list[int]:
    """The editions that a merged file holds."""
    column = table.column(form.year_column)
    query = f"select distinct try_cast({column} as double) as year from {table.reader()}"
    (found,) = table.counted(query, "list(year) filter (where year is not null)")
    editions = [year for year in years if year in (found or [])]
    if not editions:
        expected = f"rows of an edition in the column {form.year_column}"
        raise SourceError(table.address, expected, "none", "Name the file as Kaggle gives it.")
    return editions


def _refuse_marks(table: SurveyTable, form: Form, year: int) -> None:
    """Refuse columns of options that hold something else than the text of one option: marks, or words for nothing."""
    columns = form.option_columns
    if len(columns) == 1:
        return
    cells = ", ".join(f"lower(trim({table.column(column)})) as o{place}" for place, column in enumerate(columns))
    query = f"select {cells} from {table.reader()} where {form.respondents(table, year)}"
    texts = [f"list_sort(list(distinct o{place}) filter (where o{place} <> ''))" for place in range(len(columns))]
    found = dict(zip(columns, (some or [] for some in table.counted(query, ", ".join(texts))), strict=True))
    held = [text for some in found.values() for text in some]
    for column, some in found.items():
        if len(some) > 1 or any(held.count(text) > 1 or not re.search(r"[^\W\d]", text) for text in some):
            words = " and ".join(repr(text) for text in some[:3]) + ("" if len(some) > 1 else ", as in other columns")
            cure = "Leave cells without an answer empty, and write the option's text into the others, as Kaggle does."
            raise SourceError(table.address, f"the text of one option, or nothing, in {column}", words, cure)


def _count(table: SurveyTable, form: Form, year: int) -> tuple[int, *tuple[str, ...]]:
    """Judge the rows of an edition; return how many respondents there are, and what to say about them."""
    marks = ", ".join(quoted(mark) for mark in ONE_HOT)
    every = ", ".join(f"c{place}" for place in range(len(table.header)))
    query = (
        f"select {form.respondents(table, year)} as is_respondent, "
        f"[trim(cell) for cell in [{', '.join(table.column(column) for column in form.option_columns)}] "
        f"if trim(cell) <> ''] as cells, hash({every}) as row_hash from {table.reader()}"
    )
    answered = "is_respondent and len(cells) > 0"
    rows, respondents, answers, marked, distinct, nones = table.counted(
        query,
        f"count(*), count(*) filter (where is_respondent), count(*) filter (where {answered}), "
        f"count(*) filter (where {answered} and len([cell for cell in cells if lower(cell) not in ({marks})]) = 0), "
        f"count(distinct row_hash) filter (where {answered}), "
        f"count(*) filter (where {answered} and list_has_any(cells, {list(form.answers)!r}::varchar[]))",
    )
    cure = "Name the file as Kaggle gives it."
    if not answers:
        found = f"{rows} rows, {respondents} of them respondents of {year}"
        cure = f"Name the year of the file with --year. {cure}"
        raise SourceError(table.address, f"respondents of {year} who answered on frameworks", found, cure)
    if marked == answers:
        expected = f"the text of the option, or nothing, in {form.option_columns[0]} and the others"
        raise SourceError(table.address, expected, "marks such as 0 and 1 (one-hot columns)", cure)
    _refuse_marks(table, form, year)
    repeated = answers - distinct
    # Hardly two people take the same seconds and give the same answers; a file of few columns cannot tell.
    can_tell = bool(form.number_column) or len(table.header) >= FEWEST_COLUMNS
    if can_tell and repeated > answers * MOST_REPEATED:
        found = f"{repeated:,} of {answers:,} rows that repeat another row in every cell: a file that was pasted twice"
        raise SourceError(table.address, "each respondent once", found, cure)
    lost = bool(form.answers) and not nones
    if lost and answers > SURELY_SOME:
        expected = f"some answers {' or '.join(form.answers)}, which the form of {year} has"
        found = f"none among {answers:,}: a program such as pandas has taken them for missing cells"
        cure = "Name the file as Kaggle gives it, or read it with keep_default_na=False before saving it."
        raise SourceError(table.address, expected, found, cure)
    said = [f"{respondents:,} respondents, {answers:,} of whom answered on frameworks,"]
    if lost and answers > PERHAPS_SOME:
        said.append(
            f"no answer {' or '.join(form.answers)} among {answers:,}: if a program such as pandas has saved the file, "
            "it has lost them, and shares come out too high"
        )
    if repeated and can_tell:
        said.append(f"{repeated:,} rows repeat another row in every cell")
    return int(respondents), *said
