"""From answers of the Stack Overflow survey to counts and bases."""

import csv
import math
from datetime import date
from typing import Any

import duckdb
import pytest

from flows.settings import Settings
from flows.sources.surveys import stack_overflow_survey
from flows.sql_text import insert_rows
from tests.flows.sources.surveys.survey_files import LEARNING, PROFESSIONAL, fill_raw
from tests.sql.support import created

SIDE = "I am not primarily a developer, but I write code sometimes as part of my work"
STUDENT = "I am a student who is learning to code"
MODELS = (
    "staging/reference__frameworks",
    "staging/reference__stack_overflow_survey_years",
    "staging/stack_overflow_survey__answers",
    "intermediate/stack_overflow_survey_answers",
    "intermediate/stack_overflow_survey_bases",
    "staging/stack_overflow_survey__aggregates",
    "intermediate/stack_overflow_survey_official",
)
BASES = ("published_base", "fitted_base", "fitted_base_low", "fitted_base_high")
OBSERVATIONS = "intermediate/stack_overflow_survey_observations"

Answers = list[tuple[str | None, ...]]


@pytest.fixture
def raw(con: duckdb.DuckDBPyConnection, settings: Settings) -> duckdb.DuckDBPyConnection:
    """The project's own frameworks and years, and no answers yet."""
    fill_raw(con, settings, stack_overflow_survey, "frameworks", "stack_overflow_survey_years")
    return con


def answered(con: duckdb.DuckDBPyConnection, year: int, answers: Answers, *, whole: bool = True) -> None:
    """Land answers: branch, worked_with, wanted, admired; `whole` makes them all rows there are."""
    rows = [
        (year, number, *answer, *[None] * (4 - len(answer)), None, f"{year}.zip")
        for number, answer in enumerate(answers, start=1)
    ]
    insert_rows(con, "raw.stack_overflow_survey_answers", rows)
    if whole:
        bases = ", ".join(f"{name} = if({name} is null, null, least({name}, {len(answers)}))" for name in BASES)
        con.execute(
            f"update raw.reference_stack_overflow_survey_years set row_count = {len(answers)}, {bases} "
            f"where year = {year}"
        )


def shares(con: duckdb.DuckDBPyConnection, series: str, population: str = "all respondents") -> dict[str, Any]:
    """Value, base and quality by framework."""
    for model in MODELS:
        created(con, model)
    return {
        row["framework"]: (row["value"], row["base"], row["quality"])
        for row in created(con, OBSERVATIONS)
        if (row["series"], row["population"]) == (series, population)
    }


def test_base_of_2019_is_answered_and_not_only_other(raw: duckdb.DuckDBPyConnection) -> None:
    answers: Answers = [
        (PROFESSIONAL, "TensorFlow;Pandas"),
        (PROFESSIONAL, "Other(s):"),
        (SIDE, "Torch/PyTorch;Other(s):"),
        (STUDENT, "Node.js"),
        (STUDENT, None),
        ("I code primarily as a hobby", "TensorFlow"),
    ]
    answered(raw, 2019, answers)
    of_chart = shares(raw, "worked_with")
    assert of_chart == {
        "tensorflow": (2, 4, "full"),
        "pytorch": (1, 4, "full"),
        "pandas": (1, 4, "full"),
    }
    assert shares(raw, "worked_with_of_answers")["tensorflow"] == (2, 5, "full")
    assert shares(raw, "worked_with_of_rows")["tensorflow"] == (2, 6, "full")
    # Professional developers of that year were also those who write code as part of their work.
    assert shares(raw, "worked_with", "professional developers")["pytorch"] == (1, 2, "full")
    # Nobody who learns chose it, but the form offered it: 0, not missing.
    assert shares(raw, "worked_with", "learning to code")["tensorflow"] == (0, 1, "full")


def test_base_of_2020_is_non_empty_answers(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2020, [(PROFESSIONAL, "TensorFlow"), (SIDE, "Node.js"), (STUDENT, None), (None, "Keras;TensorFlow")])
    assert shares(raw, "worked_with") == {
        "tensorflow": (2, 3, "full"),
        "keras": (1, 3, "full"),
        "pytorch": (0, 3, "full"),
    }
    assert shares(raw, "worked_with", "professional developers")["tensorflow"] == (1, 1, "full")


@pytest.mark.parametrize(("year", "base"), [(2023, 67_231), (2024, 45_841)])
def test_a_base_that_the_chart_prints_is_for_all_respondents_of_the_whole_file(
    raw: duckdb.DuckDBPyConnection, year: int, base: int
) -> None:
    table = "raw.reference_stack_overflow_survey_years"
    assert raw.execute(f"select published_base from {table} where year = {year}").fetchall() == [(base,)]
    answered(raw, year, [(PROFESSIONAL, "TensorFlow"), (LEARNING, "Keras"), (LEARNING, None), (LEARNING, None)])
    raw.execute(f"update {table} set published_base = 3 where year = {year}")
    assert shares(raw, "worked_with")["tensorflow"] == (1, 3, "full")
    assert shares(raw, "worked_with", "professional developers") == {}


def test_base_of_2018_is_non_empty_answers(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2018, [(None, "TensorFlow"), (None, "Spark"), (None, None)])
    assert shares(raw, "worked_with")["tensorflow"] == (1, 2, "full")


def test_professionals_of_2018_are_not_known(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2018, [(None, "TensorFlow")])
    assert shares(raw, "worked_with_of_answers", "professional developers") == {}


def test_fitted_base_is_for_all_respondents_of_the_whole_file(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2022, [(PROFESSIONAL, "TensorFlow"), (LEARNING, "Keras"), (LEARNING, None), (LEARNING, None)])
    table = "raw.reference_stack_overflow_survey_years"
    raw.execute(f"update {table} set fitted_base = 3, fitted_base_low = 3, fitted_base_high = 3 where year = 2022")
    assert shares(raw, "worked_with")["tensorflow"] == (1, 3, "fitted_base")
    assert shares(raw, "worked_with_of_answers")["tensorflow"] == (1, 2, "full")
    assert shares(raw, "worked_with", "professional developers") == {}


@pytest.mark.parametrize(("year", "base"), [(2022, (45874, 45875, 45877)), (2023, (67208, 67226, 67244))])
def test_fitted_bases_round_to_every_published_share(
    raw: duckdb.DuckDBPyConnection, year: int, base: tuple[int, int, int]
) -> None:
    """The bounds follow from the counts and printed shares of the reference table: 100 c / (p +- 0.005).

    That of 2023 is known by now (67,231 printed, five beside the middle of the fit): the method holds.
    """
    [row] = [row for row in created(raw, MODELS[1]) if row["edition_year"] == year]
    if year == 2022:
        assert (row["fitted_base_low"], row["fitted_base"], row["fitted_base_high"]) == base
    else:
        assert base[0] <= row["published_base"] <= base[2]
    counted, printed = (
        {row["framework"]: float(row["value"]) for row in reference_rows(year, series)}
        for series in ("worked_with", "worked_with_published")
    )
    low = max(100 * counted[name] / (share + 0.005) for name, share in printed.items())
    high = min(100 * counted[name] / (share - 0.005) for name, share in printed.items())
    assert (math.ceil(low), math.floor(high)) == (base[0], base[2])


def aggregated(con: duckdb.DuckDBPyConnection, year: int, rows: list[tuple[str, int, str, int | None, float]]) -> None:
    """Land counts of the publisher's own: group, responses, option, frequency, percent."""
    insert_rows(
        con, "raw.stack_overflow_survey_aggregates", [(year, *row, None, f"{year}-counts.json") for row in rows]
    )


def test_the_publishers_own_counts_come_before_those_of_the_rows(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2023, [(PROFESSIONAL, "TensorFlow"), (LEARNING, "Keras")])
    aggregated(
        raw,
        2023,
        [
            ("All Respondents", 67_231, "TensorFlow", 6405, 9.53),
            ("All Respondents", 67_231, "Torch/PyTorch", 5884, 8.75),
            ("Learning to Code", 3482, "Scikit-learn ", 342, 9.82),
            ("Other Coders", 3843, "TensorFlow", 500, 13.01),
        ],
    )
    assert shares(raw, "worked_with") == {"tensorflow": (6405, 67_231, "full"), "pytorch": (5884, 67_231, "full")}
    assert shares(raw, "worked_with", "learning to code") == {"scikit-learn": (342, 3482, "full")}
    assert shares(raw, "worked_with_of_rows")["tensorflow"] == (1, 2, "full")


def test_a_printed_number_of_responses_that_its_percents_do_not_fit_is_no_base(raw: duckdb.DuckDBPyConnection) -> None:
    """2021: 59,921 responses are printed, and the percents are of 48,596 to 48,600."""
    counts = {
        "TensorFlow": (8034, 16.53),
        "Keras": (4930, 10.14),
        "Torch/PyTorch": (4808, 9.89),
        "NumPy": (16445, 33.84),
    }
    aggregated(raw, 2021, [("All Respondents", 59_921, option, *told) for option, told in counts.items()])
    value, base, quality = shares(raw, "worked_with")["pytorch"]
    assert (value, quality) == (4808, "fitted_base")
    assert 48_590 <= base <= 48_604


def test_counts_of_charts_that_print_percents_only(raw: duckdb.DuckDBPyConnection) -> None:
    """Four decimals of 51,620 give the count back. 2018 does not say whom it took for a professional."""
    aggregated(
        raw,
        2018,
        [
            ("All Respondents", 51_620, "TensorFlow", None, 7.7993),
            ("All Respondents", 51_620, "Torch/PyTorch", None, 1.6815),
            ("Professional Developers", 49_665, "TensorFlow", None, 7.605),
        ],
    )
    assert shares(raw, "worked_with") == {"tensorflow": (4026, 51_620, "full"), "pytorch": (868, 51_620, "full")}
    assert shares(raw, "worked_with", "professional developers") == {}


def reference_rows(year: int, series: str) -> list[dict[str, str]]:
    with (Settings().reference / "stack_overflow_survey.csv").open(encoding="utf-8", newline="") as file:
        return [
            row
            for row in csv.DictReader(file)
            if (row["series"], row["population"], row["period"]) == (series, "all respondents", f"{year}-01-01")
        ]


def test_a_file_with_too_few_rows_is_a_sample_without_a_fitted_base(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2023, [(PROFESSIONAL, "TensorFlow")], whole=False)
    assert shares(raw, "worked_with") == {}
    assert shares(raw, "worked_with_of_rows")["tensorflow"] == (1, 1, "sample")


def test_options_are_compared_whole_and_counted_once(raw: duckdb.DuckDBPyConnection) -> None:
    answered(
        raw,
        2023,
        [
            (PROFESSIONAL, "Torch/PyTorch Lightning;Scikit-Learn;.NET (5+) "),
            (PROFESSIONAL, " TensorFlow ; TensorFlow;.NET"),
            (PROFESSIONAL, "Scikit-learn;Scikit-Learn"),
            (PROFESSIONAL, ";"),
        ],
        whole=False,
    )
    found = shares(raw, "worked_with_of_answers")
    assert {framework: value for framework, (value, *_) in found.items()} == {
        "dotnet": 2,
        "huggingface-transformers": 0,
        "jax": 0,
        "keras": 0,
        "pytorch": 0,
        "scikit-learn": 2,
        "tensorflow": 1,
    }
    assert {base for _, base, _ in found.values()} == {3}  # the cell of one ; is no answer


def test_an_option_that_no_form_offered_is_no_row(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2021, [(PROFESSIONAL, "NumPy"), (PROFESSIONAL, "TensorFlow")])
    assert sorted(shares(raw, "worked_with_of_answers")) == ["keras", "numpy", "pytorch", "tensorflow"]


def test_wanted_and_admired(raw: duckdb.DuckDBPyConnection) -> None:
    answered(
        raw,
        2022,
        [
            (PROFESSIONAL, "TensorFlow;Keras", "TensorFlow"),
            (PROFESSIONAL, "TensorFlow", "Torch/PyTorch"),
            (LEARNING, None, "TensorFlow"),
        ],
        whole=False,
    )
    assert shares(raw, "wanted")["tensorflow"] == (2, 3, "sample")
    assert shares(raw, "admired") == {"tensorflow": (1, 2, "sample"), "keras": (0, 1, "sample")}
    assert shares(raw, "wanted", "learning to code")["tensorflow"] == (1, 1, "sample")


def test_admired_of_2024_is_its_own_column(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2024, [(PROFESSIONAL, "TensorFlow;Keras", "TensorFlow;Keras", "Keras")])
    assert shares(raw, "admired") == {"tensorflow": (0, 1, "full"), "keras": (1, 1, "full")}


def test_the_series_ends_with_2024(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2025, [(PROFESSIONAL, None), (LEARNING, None)])
    answered(raw, 2024, [(PROFESSIONAL, "TensorFlow")])
    for model in MODELS:
        created(raw, model)
    assert {row["period_start"] for row in created(raw, OBSERVATIONS)} == {date(2024, 1, 1)}
    [row] = raw.execute(
        "select row_count, has_question from intermediate.stack_overflow_survey_bases "
        "where edition_year = 2025 and population = 'all respondents'"
    ).fetchall()
    assert row == (2, False)


def test_a_year_without_a_row_is_taken_to_ask(raw: duckdb.DuckDBPyConnection) -> None:
    answered(raw, 2027, [(PROFESSIONAL, "TensorFlow", "TensorFlow"), (PROFESSIONAL, None)])
    assert shares(raw, "worked_with") == {}
    assert shares(raw, "worked_with_of_answers") == {"tensorflow": (1, 1, "full")}
    assert shares(raw, "admired") == {"tensorflow": (1, 1, "full")}


def test_a_new_framework_is_one_row(raw: duckdb.DuckDBPyConnection) -> None:
    columns = "framework, label, is_framework, is_compared, stack_overflow_survey_tokens"
    for row in ("'burn', 'Burn', true, false, 'Burn|Burn (Rust)'", "'unheard', 'Unheard', true, false, null"):
        raw.execute(f"insert into raw.reference_frameworks ({columns}) values ({row})")
    answered(raw, 2021, [(PROFESSIONAL, "Burn (Rust);TensorFlow", "Burn"), (PROFESSIONAL, "Burn")])
    found = shares(raw, "worked_with_of_answers")
    assert found["burn"] == (2, 2, "full")
    assert shares(raw, "wanted")["burn"] == (1, 2, "full")
    assert "unheard" not in found
