"""From ticked options of the Kaggle survey to counts and bases."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pytest

from flows.settings import Settings
from flows.sources.surveys import kaggle_survey
from flows.sql_text import quoted
from tests.flows.sources.surveys.survey_files import fill_raw
from tests.sql.support import created

MODELS = (
    "staging/reference__frameworks",
    "staging/reference__kaggle_survey_forms",
    "staging/kaggle_survey__answers",
)
SCIENTIST = "Data Scientist"


@pytest.fixture
def raw(con: duckdb.DuckDBPyConnection, settings: Settings) -> duckdb.DuckDBPyConnection:
    fill_raw(con, settings, kaggle_survey, "frameworks", "kaggle_survey_forms")
    return con


def ticked(
    con: duckdb.DuckDBPyConnection, year: int, rows: Sequence[tuple[str, list[str | None]]], form: str | None = None
) -> None:
    for job, cells in rows:
        listed = ", ".join("null" if cell is None else quoted(cell) for cell in cells)
        con.execute(
            f"insert into raw.kaggle_survey_answers values ({year}, '{form or year}', {quoted(job)}, "
            f"[{listed}]::varchar[], null, '{year}.csv')"
        )
    con.execute(f"update raw.reference_kaggle_survey_forms set row_count = {len(rows)} where year = {year}")


def shares(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, Any]]:
    """Value and base by framework, by series and population."""
    for model in MODELS:
        created(con, model)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in created(con, "intermediate/kaggle_survey_observations"):
        cell = (row["value"], row["base"], row["quality"])
        found.setdefault((row["series"], row["population"]), {})[row["framework"]] = cell
    return found


ROWS: list[tuple[str, list[str | None]]] = [
    (SCIENTIST, ["  TensorFlow ", None, " PyTorch "]),
    (SCIENTIST, [None, None, None]),
    ("Student", ["  TensorFlow ", None, None, "None"]),
    ("Student", ["  ", None, " PyTorch Lightning "]),
    ("Student", [None, None, None, " Prophet "]),
]


def test_padded_cells_none_is_an_answer_and_bases(raw: duckdb.DuckDBPyConnection) -> None:
    ticked(raw, 2022, ROWS)
    found = shares(raw)
    # Prophet is an answer although we do not follow it; PyTorch Lightning is not PyTorch.
    assert found["ml_frameworks_used", "all respondents"] == {
        "tensorflow": (2, 4, "full"),
        "pytorch": (1, 4, "full"),
        "pytorch-lightning": (1, 4, "full"),
        "none": (1, 4, "full"),
    }
    assert found["ml_frameworks_used", "data scientists"] == {
        "tensorflow": (1, 1, "full"),
        "pytorch": (1, 1, "full"),
        "pytorch-lightning": (0, 1, "full"),
        "none": (0, 1, "full"),
    }
    assert found["ml_frameworks_used_of_rows", "all respondents"]["tensorflow"] == (2, 5, "full")
    assert found["ml_frameworks_used_of_rows", "data scientists"]["tensorflow"] == (1, 2, "full")


def test_tools_at_work_of_2017_are_joined_by_commas(raw: duckdb.DuckDBPyConnection) -> None:
    rows: list[tuple[str, list[str | None]]] = [
        (SCIENTIST, ["R,TensorFlow,Spark / MLlib"]),
        ("Statistician", ["C/C++, TensorFlow "]),
        ("Statistician", [None]),
        ("Statistician", ["TensorFlow Lite,SQL"]),
    ]
    ticked(raw, 2017, rows)
    assert shares(raw) == {
        ("work_tools_used", "all respondents"): {"tensorflow": (2, 3, "full")},
        ("work_tools_used", "data scientists"): {"tensorflow": (1, 1, "full")},
    }


def test_a_merged_file_of_2018_gives_no_series_over_all_rows(raw: duckdb.DuckDBPyConnection) -> None:
    ticked(raw, 2018, ROWS, form="merged")
    assert {series for series, _ in shares(raw)} == {"ml_frameworks_used"}


def test_a_file_with_too_few_rows_is_a_sample(raw: duckdb.DuckDBPyConnection) -> None:
    ticked(raw, 2022, ROWS)
    raw.execute("update raw.reference_kaggle_survey_forms set row_count = 23997 where year = 2022")
    assert shares(raw)["ml_frameworks_used", "all respondents"]["tensorflow"] == (2, 4, "sample")


def test_a_new_framework_is_one_row(raw: duckdb.DuckDBPyConnection) -> None:
    columns = "framework, label, is_framework, is_compared, kaggle_tokens"
    for row in ("'prophet', 'Prophet', true, false, 'prophet|Prophet'", "'unheard', 'Unheard', true, false, null"):
        raw.execute(f"insert into raw.reference_frameworks ({columns}) values ({row})")
    ticked(raw, 2022, ROWS)
    found = shares(raw)["ml_frameworks_used", "all respondents"]
    assert found["prophet"] == (1, 4, "full")
    assert "unheard" not in found
