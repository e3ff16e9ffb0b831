"""Small survey files in the publishers' formats, with rows of our own."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from flows.reference import tables as reference
from flows.release.loaders import raw_tables
from flows.settings import Settings
from flows.sources import Source
from flows.sql_text import insert_rows
from flows.warehouse.runner import create_table
from tests.sql.support import database

ARCHIVE_HOST = "media.githubusercontent.com"
ARCHIVE_PATH = "/media/StackExchange/Survey/main/packages/archive/{}/results.csv"
SO_HOST = "survey.stackoverflow.co"
SO_PATH = "/datasets/stack-overflow-developer-survey-{}.zip"
MEMBER = "survey_results_public.csv"

# The real columns around those that are read: MainBranch is the second of 2023, the questions stand in the middle.
SO_COLUMNS = {
    2018: ("Respondent", "Hobby", "FrameworkWorkedWith", "FrameworkDesireNextYear", "OperatingSystem"),
    2019: ("Respondent", "MainBranch", "MiscTechWorkedWith", "MiscTechDesireNextYear", "DevEnviron"),
    2020: ("Respondent", "MainBranch", "MiscTechDesireNextYear", "MiscTechWorkedWith", "NEWCollabToolsWorkedWith"),
    2021: ("ResponseId", "MainBranch", "MiscTechHaveWorkedWith", "MiscTechWantToWorkWith", "SurveyEase"),
    2022: ("ResponseId", "MainBranch", "MiscTechHaveWorkedWith", "MiscTechWantToWorkWith", "SurveyEase"),
    2023: ("ResponseId", "Q120", "MainBranch", "MiscTechHaveWorkedWith", "MiscTechWantToWorkWith", "SurveyEase"),
    2024: (
        "ResponseId",
        "MainBranch",
        "MiscTechHaveWorkedWith",
        "MiscTechWantToWorkWith",
        "MiscTechAdmired",
        "SurveyEase",
    ),
    2025: ("ResponseId", "MainBranch", "LanguageHaveWorkedWith", "LanguageWantToWorkWith"),
}
PROFESSIONAL = "I am a developer by profession"
LEARNING = "I am learning to code"


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], default: str = "NA") -> str:
    """A table whose cells that a row leaves out hold `default`."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, default) for column in columns] for row in rows)
    return file.getvalue()


def zip_bytes(members: Mapping[str, bytes | str]) -> bytes:
    """A zip with these members, in this order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return file.getvalue()


def so_row(year: int, number: int, **answers: str) -> dict[str, Any]:
    """A respondent: `branch`, `worked_with`, `wanted` and `admired` go to the columns of the year."""
    columns = SO_COLUMNS[year]
    pick = {
        "branch": "MainBranch",
        "worked_with": next((c for c in columns if c.endswith("WorkedWith") and c[0] in "FM"), ""),
        "wanted": next((c for c in columns if ("Want" in c or "Desire" in c) and c[0] in "FM"), ""),
        "admired": "MiscTechAdmired",
    }
    return {columns[0]: number} | {pick[name]: value for name, value in answers.items()}


def so_text(year: int, *answers: Mapping[str, str]) -> str:
    """The table of a year."""
    return csv_text(SO_COLUMNS[year], [so_row(year, number, **one) for number, one in enumerate(answers, start=1)])


def so_zip(year: int, *answers: Mapping[str, str]) -> bytes:
    """The zip of a year as published: the table, its schema, and what macOS adds."""
    return zip_bytes(
        {
            "README_2023.txt": "The zip of a year.",
            "__MACOSX/._survey_results_public.csv": b"\0\5\x16\7",
            MEMBER: so_text(year, *answers),
            "survey_results_schema.csv": "Column,QuestionText\n",
        }
    )


@contextmanager
def raw_database(settings: Settings, source: Source, *named: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The raw tables of one source, and the named reference tables that it reads, filled."""
    with database() as con:
        fill_raw(con, settings, source, *named)
        yield con


def fill_raw(con: duckdb.DuckDBPyConnection, settings: Settings, source: Source, *named: str) -> None:
    """Make them in a database that has the schema."""
    tables = raw_tables()
    for table in (*source.TABLES, *(f"reference_{name}" for name in named)):
        create_table(con, table, tables[table])
    for name in named:
        rows = reference.read_rows(settings.reference, name)
        cells = [[cell or None for cell in row.values()] + [line] for line, row in enumerate(rows, start=1)]
        insert_rows(con, f"raw.reference_{name}", cells)
