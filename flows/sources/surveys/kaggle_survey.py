"""Kaggle's yearly survey of machine learning and data science, 2017 to 2022: which frameworks people use regularly.

The files need an account at Kaggle, so nothing is pulled: `trends import kaggle-survey FILE --year Y` takes the file of
one edition, or one that holds several editions under the column names of 2022. Each form's columns are a row of
data/reference/kaggle_survey_forms.csv.

What it cannot tell: 2017 asked for tools at work and had no PyTorch option; merged files lost the options that the 2022
form lacks. The licence is not verified, so only aggregates leave this computer.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Self

import duckdb

from ...errors import SettingsError, SourceError
from ...landing.landing import LandedFile, Landing
from ...network.expect import CSV, GZIP, Expect
from ...reference import tables as reference
from ...settings import Settings
from ...sql_text import literal, quoted
from .table import SurveyTable

NAME = "kaggle_survey"
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
    """

    form: str
    year: int | None
    year_column: str
    number_column: str
    option_columns: tuple[str, ...]
    job_title_column: str
    encoding: str

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
        )

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file of this form has; its jobs may have been cut off."""
        return tuple(column for column in (self.year_column, self.number_column, *self.option_columns) if column)

    def respondents(self, table: SurveyTable, year: int) -> str:
        """The condition that a row is a respondent's of this edition, and no repeated question text or header."""
        conditions = ["true"]
        if self.number_column:
            conditions.append(f"try_cast({table.column(self.number_column)} as double) is not null")
        if self.year_column:
            conditions.append(f"trim({table.column(self.year_column)}) = '{year}'")
        return " and ".join(conditions)


def fetch(landing: Landing, settings: Settings) -> None:
    """Pull nothing: the files need an account."""


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `trends import kaggle-survey`."""
    parser.add_argument("file", type=Path, help="the responses of one edition, .csv or .csv.gz")
    parser.add_argument("--year", type=int, required=True, help="edition of the survey, 2017 to 2022")


def import_file(landing: Landing, args: argparse.Namespace) -> str:
    """Land the responses of one edition."""
    forms = [Form.of(row) for row in reference.read_rows(landing.settings.reference, FORMS)]
    years = sorted(form.year for form in forms if form.year)
    if args.year not in years:
        raise SettingsError(f"--year: expected one of {', '.join(map(str, years))}, found {args.year}.")
    expect: Expect = GZIP if args.file.suffix == ".gz" else CSV
    name = f"{args.year}.csv{'.gz' if expect is GZIP else ''}"
    details = {"year": str(args.year)}
    rows = 0

    def check(path: Path) -> None:
        nonlocal rows
        rows = _count(*_table(path, str(args.file), forms, args.year), args.year)

    landed = landing.take_in(args.file, name=name, expect=expect, check=check, details=details)
    return f"landed {landed.source_file}: {rows:,} respondents of the Kaggle survey {args.year}"


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.kaggle_survey_answers: the cells of each respondent's options, as they are written."""
    forms = [Form.of(row) for row in reference.rows(con, FORMS)]
    for file in landed:
        year = int(file.card.details["year"])
        table, form = _table(file.path, str(file.path), forms, year)
        landed_at = literal(file.card.fetched_at.astimezone(UTC))
        table.run(
            con,
            f"insert into raw.kaggle_survey_answers select {year}, {quoted(form.form)}, job_title, cells, "
            f"{landed_at}::timestamp, {quoted(file.source_file)} from ({_query(table, form, year)}) "
            "where is_respondent",
        )


def _query(table: SurveyTable, form: Form, year: int) -> str:
    """Select what the raw table keeps, and whether a row is a respondent's of the edition."""
    cells = ", ".join(table.column(column) for column in form.option_columns)
    return (
        f"select {form.respondents(table, year)} as is_respondent, {table.column(form.job_title_column)} as job_title, "
        f"[{cells}] as cells from {table.reader()}"
    )


def _table(path: Path, address: str, forms: list[Form], year: int) -> tuple[SurveyTable, Form]:
    """Open a file and find out by its header which form it has."""
    own = next(form for form in forms if form.year == year)
    merged = [form for form in forms if form.year is None]
    table = SurveyTable.open(path, address, encoding=own.encoding, answers=("None",))
    for form in (*merged, own):
        if not table.missing(form.needed):
            return table, form
    others = [form.form for form in forms if not table.missing(form.needed)]
    found = f" and the columns are those of {', '.join(others)}" if others else ""
    cure = f"Name the year of the file with --year, or correct data/reference/{FORMS}.csv."
    raise table.lost(own.needed, found, cure)


def _count(table: SurveyTable, form: Form, year: int) -> int:
    """Count the respondents, and refuse a file without any of this edition."""
    rows, respondents, answers = table.counted(
        _query(table, form, year),
        "count(*), count(*) filter (where is_respondent), "
        "count(*) filter (where is_respondent and len([cell for cell in cells if trim(cell) <> '']) > 0)",
    )
    if not answers:
        found = f"{rows} rows, {respondents} of them respondents of {year}"
        cure = "Name the year of the file with --year, and the file as Kaggle gives it."
        raise SourceError(table.address, f"respondents of {year} who answered on frameworks", found, cure)
    return int(respondents)
