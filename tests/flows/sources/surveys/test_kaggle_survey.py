"""Kaggle's responses: native and merged files, padded cells, repeated question texts, wrong files."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.command import imports
from flows.errors import SettingsError, SourceError
from flows.landing.landing import landed_files
from flows.settings import Settings
from flows.sources.surveys import kaggle_survey
from tests.flows.sources.surveys.survey_files import csv_text, raw_database

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
TIME = "Time from Start to Finish (seconds)"
DURATION = "Duration (in seconds)"
Q19 = [f"Q19_Part_{number}" for number in range(1, 20)]
Q28 = [f"Q28_Part_{number}" for number in range(1, 13)]
Q16_2020 = [f"Q16_Part_{number}" for number in range(1, 16)]
Q17 = [f"Q17_{number}" for number in range(1, 16)]


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with raw_database(settings, kaggle_survey, kaggle_survey.FORMS) as made:
        yield made


def taken_in(settings: Settings, path: Path, year: int, now: datetime = NOW) -> str:
    return imports.run(settings, ["kaggle-survey", str(path), "--year", str(year)], now)


def loaded(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    kaggle_survey.load(landed_files(settings, kaggle_survey.NAME), con)
    kept = "[cell for cell in cells if cell is not null]"
    return con.execute(f"select year, form, job_title, {kept} from raw.kaggle_survey_answers").fetchall()


def question(columns: list[str], number: str) -> dict[str, str]:
    return {column: f"Which of these, column {column}? - Selected Choice" for column in columns} | {number: number}


NATIVE = {
    2018: csv_text(
        [TIME, "Q6", *Q19, "Q19_OTHER_TEXT"],
        [
            question([*Q19, "Q6"], TIME),
            {TIME: 710, "Q6": "Data Scientist", "Q19_Part_2": "TensorFlow", "Q19_OTHER_TEXT": -1},
            {TIME: 434, "Q6": "Student", "Q19_Part_18": "None", "Q19_OTHER_TEXT": -1},
            {TIME: 99, "Q19_OTHER_TEXT": -1},
        ],
        default="",
    ),
    2019: csv_text(
        [TIME, "Q5", *Q28, "Q28_OTHER_TEXT"],
        [question(Q28, TIME), {TIME: 510, "Q5": "Data Scientist", "Q28_Part_2": "  TensorFlow "}],
        default="",
    ),
    2020: csv_text(
        [TIME, "Q5", *Q16_2020, "Q16_OTHER"],
        [question(Q16_2020, TIME), {TIME: 1838, "Q5": "Student", "Q16_Part_15": "None", "Q16_OTHER": "Other"}],
        default="",
    ),
    2022: csv_text(
        [DURATION, *Q17, "Q23"],
        [question(Q17, DURATION), {DURATION: 121, "Q17_1": "  Scikit-learn ", "Q17_14": "None", "Q23": "Engineer"}],
        default="",
    ),
}


def test_native_files(settings: Settings, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    for year, text in NATIVE.items():
        path = tmp_path / f"{year}.csv"
        path.write_text(text)
        assert f"kaggle_survey/2026-11-21T141500Z/{year}.csv: {text.count(chr(10)) - 2} respondents" in taken_in(
            settings, path, year
        )
    assert loaded(settings, con) == [
        (2018, "2018", "Data Scientist", ["TensorFlow"]),
        (2018, "2018", "Student", ["None"]),
        (2018, "2018", None, []),
        (2019, "2019", "Data Scientist", ["  TensorFlow "]),
        (2020, "2020", "Student", ["None", "Other"]),
        (2022, "2022", "Engineer", ["  Scikit-learn ", "None"]),
    ]


def test_2017_is_one_column_in_latin_1(settings: Settings, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = [
        {"GenderSelect": "Größe", "CurrentJobTitleSelect": "Data Scientist", "WorkToolsSelect": "R,TensorFlow,Other"},
        {"GenderSelect": "", "CurrentJobTitleSelect": "Statisticien diplômé"},
    ]
    text = csv_text(["GenderSelect", "CurrentJobTitleSelect", "WorkToolsSelect"], rows, default="")
    (tmp_path / "multipleChoiceResponses.csv").write_bytes(text.encode("latin-1"))
    taken_in(settings, tmp_path / "multipleChoiceResponses.csv", 2017)
    assert loaded(settings, con) == [
        (2017, "2017", "Data Scientist", ["R,TensorFlow,Other"]),
        (2017, "2017", "Statisticien diplômé", []),
    ]


def test_a_merged_file_gives_the_rows_of_its_year(
    settings: Settings, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    columns = ["Year", DURATION, *Q17, "Q23"]
    repeated = {"Year": "Year", **question(Q17, DURATION)}
    rows = [
        repeated,
        {"Year": 2019, DURATION: 510, "Q17_2": "  TensorFlow ", "Q23": "Data Scientist"},
        repeated,
        {"Year": 2020, DURATION: 1838, "Q17_4": " PyTorch "},
        {"Year": "2020.0", DURATION: 11, "Q17_4": " PyTorch "},
    ]
    (tmp_path / "merged.csv.gz").write_bytes(gzip.compress(csv_text(columns, rows, default="").encode()))
    taken_in(settings, tmp_path / "merged.csv.gz", 2020)
    assert loaded(settings, con) == [(2020, "merged", None, [" PyTorch "])] * 2  # pandas makes 2020.0 of 2020
    with pytest.raises(
        SourceError, match=r"respondents of 2022 who answered.*found 5 rows, 0 of them respondents of 20"
    ):
        taken_in(settings, tmp_path / "merged.csv.gz", 2022)


BAD = {
    "another year": (
        NATIVE[2018],
        r"expected the columns Time from.*and the columns are those of 2018; it has Q19_Part_",
    ),
    "renamed column": (
        NATIVE[2019].replace("Q28_Part_2", "Q28_B"),
        r"that Q28_Part_2 are missing; it has .*Q28_B, .*Name the year of the file with --year",
    ),
    "cut mid-row": (NATIVE[2019][:-6], r"expected rows of 15 cells, found a row of \d+ cells on line 3"),
    "cut inside quotes": (NATIVE[2019] + '1,"Data', r"found a quoted cell that never ends on line 4"),
    "missing header": (NATIVE[2019].partition("\n")[2], r"columns .*, found that Q28_Part_1, .* are missing; it has "),
    "pointer": ("version https://git-lfs.github.com/spec/v1\n", r"expected a CSV file, found a Git LFS pointer"),
    "page": ("<!doctype html><title>Kaggle</title>", r"found an HTML page \('Kaggle'\)"),
    "no answers": (
        csv_text([TIME, "Q5", *Q28], [question(Q28, TIME), {TIME: 12}], default=""),
        "respondents of 2019 who answered on frameworks, found 2 rows, 1 of them respondents",
    ),
    "wrong encoding": (
        NATIVE[2019].replace("Data Scientist", "Größe").encode("latin-1"),
        r"expected text in utf-8, found bytes of another encoding in a row on line 3",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_clear_error_and_leaves_what_was_held(settings: Settings, tmp_path: Path, kind: str) -> None:
    body, words = BAD[kind]
    path = tmp_path / "multiple_choice_responses.csv"
    path.write_text(NATIVE[2019])
    taken_in(settings, path, 2019)
    held = landed_files(settings, kaggle_survey.NAME)
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    with pytest.raises(SourceError, match=words) as caught:
        taken_in(settings, path, 2019, NOW + timedelta(days=1))
    assert str(caught.value).startswith(str(path))
    assert landed_files(settings, kaggle_survey.NAME) == held


def test_a_cut_gzip_and_an_unknown_year(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "2019.csv.gz"
    path.write_bytes(gzip.compress(NATIVE[2019].encode())[:-9])
    with pytest.raises(SourceError, match="a cut gzip"):
        taken_in(settings, path, 2019)
    with pytest.raises(SettingsError, match="--year: expected one of 2017, 2018, 2019, 2020, 2021, 2022, found 2023"):
        taken_in(settings, path, 2023)


def test_nothing_is_pulled() -> None:
    assert kaggle_survey.HOSTS == ()
