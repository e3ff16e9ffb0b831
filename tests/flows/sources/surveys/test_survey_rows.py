"""Rows that are kept when a survey file lands: they are what the file holds, or the file is read again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.command import imports
from flows.errors import LandingError, SourceError
from flows.landing.cards import landed_files
from flows.settings import Settings
from flows.sources.surveys import archive as survey_zip
from flows.sources.surveys import kept_rows as survey_rows
from flows.sources.surveys import stack_overflow_survey
from flows.sources.surveys.table import SurveyTable
from tests.flows.sources.surveys.survey_files import PROFESSIONAL, raw_database, so_text, so_zip

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
ANSWERS = ({"branch": PROFESSIONAL, "worked_with": "TensorFlow"}, {"wanted": "Torch/PyTorch"}, {})
ROWS = [
    (2023, 1, PROFESSIONAL, "TensorFlow", None),
    (2023, 2, None, None, "Torch/PyTorch"),
    (2023, 3, None, None, None),
]


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Path:
    """A landed zip; the folder of its rows."""
    land(settings, tmp_path / "survey.zip", so_zip(2023, *ANSWERS))
    return settings.data / "cache" / stack_overflow_survey.NAME


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the zips that a load unpacks."""
    names: list[str] = []
    unpack = survey_zip.unpack

    def noted(path: Path, *rest: Any) -> Path:
        names.append(path.name)
        return unpack(path, *rest)

    monkeypatch.setattr(survey_zip, "unpack", noted)
    return names


def land(settings: Settings, path: Path, body: bytes, year: int = 2023) -> None:
    path.write_bytes(body)
    imports.run(settings, ["stack-overflow-survey", str(path), "--year", str(year)], NOW)


def loaded(settings: Settings) -> list[tuple[Any, ...]]:
    with raw_database(settings, stack_overflow_survey, stack_overflow_survey.YEARS) as con:
        stack_overflow_survey.load(landed_files(settings, stack_overflow_survey.NAME), con)
        columns = "year, respondent, branch, worked_with, wanted"
        return con.execute(f"select {columns} from raw.stack_overflow_survey_answers").fetchall()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_that_landed_is_not_unpacked_again(settings: Settings, kept: Path, unpacked: list[str]) -> None:
    assert loaded(settings) == ROWS
    assert unpacked == []


def test_a_table_without_a_zip_is_kept_too(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    land(settings, tmp_path / "survey.csv", so_text(2023, *ANSWERS).encode())
    monkeypatch.setattr(SurveyTable, "open", None)
    assert loaded(settings) == ROWS


@pytest.mark.parametrize("harm", ["lost", "cut", "other bytes", "rows of another file"])
def test_rows_that_are_not_those_that_were_kept(
    settings: Settings, tmp_path: Path, kept: Path, unpacked: list[str], harm: str
) -> None:
    (path,) = kept.iterdir()
    if harm == "lost":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif harm == "other bytes":
        path.write_bytes(path.read_bytes().replace(b"TensorFlow", b"TensorFlaw"))
    else:
        duckdb.execute(f"copy (select 1 as respondent) to '{path}' (format parquet)").close()
    name = path.name
    assert loaded(settings) == ROWS
    assert (unpacked, names(kept)) == (["imported-2023.zip"], [name])
    assert not list((settings.data / "tmp").iterdir())


def test_other_code_or_another_form_reads_the_file_again(
    settings: Settings, kept: Path, unpacked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names(kept)
    monkeypatch.setattr(survey_rows, "_code", lambda: "of tomorrow")
    assert loaded(settings) == ROWS
    assert (unpacked, len(names(kept))) == (["imported-2023.zip"], 1)  # those of the old code are gone
    assert names(kept) != before


def test_rows_of_a_file_that_is_refused_are_not_kept(settings: Settings, tmp_path: Path, kept: Path) -> None:
    before = names(kept)
    with pytest.raises(SourceError, match="expected one row per respondent"):
        land(settings, tmp_path / "twice.csv", (so_text(2023, {}) + so_text(2023, {}).split("\n", 1)[1]).encode())
    assert names(kept) == before


def test_rows_of_a_file_that_was_replaced_go(settings: Settings, tmp_path: Path, kept: Path) -> None:
    land(settings, tmp_path / "survey.zip", so_zip(2023, *ANSWERS[:2]))
    assert len(names(kept)) == 2
    assert loaded(settings) == ROWS[:2]
    assert len(names(kept)) == 1


def test_a_full_disk_is_not_the_fault_of_the_file(tmp_path: Path) -> None:
    table = SurveyTable(tmp_path / "survey.csv", "survey.csv", ("a",))
    error = duckdb.IOException('Could not write all bytes to file "rows.parquet": No space left on device')
    with pytest.raises(LandingError, match=r"survey\.csv: expected room to read it, found .*No space left.*Free some"):
        table.refuse(error)
