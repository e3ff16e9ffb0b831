"""Surveys as people bring them: saved by R, pandas or a spreadsheet, pasted twice, one-hot, merged, zipped, unnamed."""

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.command import imports
from flows.errors import SettingsError, SourceError
from flows.landing.landing import landed_files
from flows.settings import Settings
from flows.sources.surveys import kaggle_survey, stack_overflow_survey
from flows.sources.surveys.table import MISSING
from tests.flows.sources.surveys.survey_files import (
    LEARNING,
    MEMBER,
    PROFESSIONAL,
    csv_text,
    raw_database,
    so_text,
    zip_bytes,
)
from tests.shared_data import shared

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
DURATION = "Duration (in seconds)"
Q17 = [f"Q17_{number}" for number in range(1, 16)]
COLUMNS = [DURATION, *Q17, "Q23"]
QUESTIONS = {column: f"Which of the following? - Selected Choice - {column}" for column in COLUMNS}


def kaggle(missing: str = "", count: int = 20, columns: list[str] = COLUMNS, **answers: str) -> str:
    """Respondents of 2022, each with seconds of their own: three in five of the first half ticked PyTorch."""
    rows = []
    for number in range(count):
        row = {DURATION: str(100 + number), "Q23": "Data Scientist"} | answers
        if number < count // 2:
            row |= {"Q17_4": " PyTorch "} if number % 5 < 3 else {"Q17_2": "  TensorFlow "}
        rows.append(row)
    return csv_text(columns, [QUESTIONS, *rows], default=missing)


@pytest.fixture
def bring(settings: Settings, tmp_path: Path) -> Callable[..., str]:
    """Import a file with this text, naming no source."""

    def bring(text: str | bytes, *options: str, name: str = "file.csv") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return imports.run(settings, [str(path), *options], NOW)

    return bring


@pytest.fixture
def answered(settings: Settings) -> Iterator[Callable[[], tuple[int, int, int]]]:
    """Respondents, those who answered, and those who ticked PyTorch, as the raw table has them."""
    with raw_database(settings, kaggle_survey, kaggle_survey.FORMS) as con:

        def count() -> tuple[int, int, int]:
            kaggle_survey.load(landed_files(settings, "kaggle_survey"), con)
            cells = "[trim(cell) for cell in cells if trim(cell) <> '']"
            (found,) = con.execute(
                f"select count(*), count(*) filter (where len({cells}) > 0), "
                f"count(*) filter (where list_contains({cells}, 'PyTorch')) from raw.kaggle_survey_answers"
            ).fetchall()
            return found  # type: ignore[return-value]

        yield count


@pytest.mark.parametrize("missing", ["", " ", *(word for word in MISSING if word and word != "None")])
def test_missing_in_every_spelling(
    bring: Callable[..., str], answered: Callable[[], tuple[int, int, int]], missing: str
) -> None:
    assert "20 respondents, 10 of whom answered on frameworks, of the Kaggle survey 2022" in bring(kaggle(missing))
    assert answered() == (20, 10, 6)


def test_none_is_an_answer_where_the_form_has_it(
    bring: Callable[..., str], answered: Callable[[], tuple[int, int, int]]
) -> None:
    bring(kaggle("NA", Q17_14="None"))
    assert answered() == (20, 20, 6)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text.replace(",", ";"), id="semicolons"),
        pytest.param(lambda text: text.replace(",", "\t"), id="tabs"),
        pytest.param(lambda text: "\ufeff" + text.replace("\n", "\r\n"), id="a spreadsheet's mark and line ends"),
        pytest.param(lambda text: text.replace(DURATION, "Duration..in.seconds."), id="names that R makes"),
        pytest.param(
            lambda text: "".join(f"{number},{line}" for number, line in enumerate(text.splitlines(True))),
            id="row numbers",
        ),
        pytest.param(lambda text: text.replace(",", "|"), id="bars"),
        pytest.param(lambda text: "sep=,\n" + text, id="a spreadsheet's note"),
        pytest.param(lambda text: "\n\n" + text, id="empty lines above"),
        pytest.param(lambda text: text.replace(DURATION, "duration_in_seconds").replace("Q", "q"), id="tidied names"),
        pytest.param(
            lambda text: re.sub(r"(?m)^(1\d\d),", r'"1,\1",', text), id="seconds with a separator of thousands"
        ),
        pytest.param(lambda text: zip_bytes({"my answers.csv": text}), id="zip of another name"),
        pytest.param(lambda text: gzip.compress(text.encode()), id="gzip without its name"),
        pytest.param(
            lambda text: zip_bytes({"kaggle_survey_2022_responses.csv": text, "questions.pdf": b"%PDF"}), id="zip"
        ),
    ],
)
def test_as_programs_save_it(
    bring: Callable[..., str], answered: Callable[[], tuple[int, int, int]], spoil: Callable[[str], str | bytes]
) -> None:
    bring(spoil(kaggle()))
    assert answered() == (20, 10, 6)


REFUSED = {
    "pasted twice": (
        kaggle() + kaggle().partition("\n")[2].partition("\n")[2],
        "expected each respondent once, found 10 of 20 rows that repeat another row in every cell",
    ),
    "a tenth pasted twice": (
        kaggle(count=200) + "".join(line + "\n" for line in kaggle(count=200).splitlines()[2:14]),
        "found 12 of 112 rows that repeat",
    ),
    "one-hot, 0 and 1": (
        csv_text(COLUMNS, [{DURATION: "1", "Q17_4": "1"}, {DURATION: "2", "Q17_2": "1"}], default="0"),
        "expected the text of the option, or nothing, in Q17_1 and the others, found marks such as 0 and 1",
    ),
    "one-hot, true and false": (
        csv_text(COLUMNS, [{DURATION: "1", "Q17_4": "True"}, {DURATION: "2", "Q17_2": "True"}], default="False"),
        "found marks such as 0 and 1",
    ),
    "a word for missing cells that is none": (
        kaggle("-1"),
        "expected the text of one option, or nothing, in Q17_1, found '-1', as in other columns. Leave cells without",
    ),
    "two texts in one column": (kaggle(Q17_5="Fast.ai").replace("Fast.ai", "n. a.", 1), "in Q17_5, found"),
    "None for every missing cell": (kaggle("None"), "in Q17_1, found 'none', as in other columns"),
    "crosses": (kaggle().replace(" PyTorch ", "x").replace("  TensorFlow ", "x"), "in Q17_2, found 'x', as in other"),
    "codes of factors": (kaggle().replace(" PyTorch ", "4").replace("  TensorFlow ", "2"), "in Q17_2, found '2'"),
    "answers of numbers": (
        so_text(2024, {"worked_with": "0"}, {"worked_with": "PyTorch"}),
        "expected names of options, or nothing, in .*, found cells such as '0'",
    ),
    "a workbook": (zip_bytes({"xl/workbook.xml": "x"}), "found a spreadsheet's workbook. Save it as CSV in UTF-8"),
    "a zip in a zip": (zip_bytes({"a.zip": "x"}), "found a zip of a.zip"),
    "UTF-16": ("a,b\n1,2\n".encode("utf-16"), "found text in UTF-16. Save it as CSV in UTF-8"),
    "a table of R": (b"RDX3\nX\n", "found an R data file"),
    "None lost by pandas": (
        kaggle(count=2400),
        "expected some answers None, which the form of 2022 has, found none among 1,200: a program such as pandas",
    ),
    "nobody answered": (kaggle(count=1), "expected respondents of 2022 who answered on frameworks"),
    "a zip of something else": (zip_bytes({"a.csv": "x"}), "expected an export of Google Trends, a table of a survey"),
    "another table": ("a,b\n1,2\n", "expected an export of Google Trends, a table of a survey, or a folder of lists"),
    "a page": ("<html><title>Sign in</title>", r"conference papers, found an HTML page \('Sign in'\)"),
    "an export with a fault": ("Month,pytorch\n2024-01,100\n2024-03,1\n", "expected one row per month, in order"),
    "related searches": ("Category: All categories\n\nTOP\na,100\nb,90\n", "such as a list of related searches"),
    "a survey with lost columns": (
        csv_text([DURATION, *Q17[:9]], [{DURATION: "1"}]),
        r"that .*Q17_10, .*are missing",
    ),
    "a Stack Overflow survey with lost columns": (
        so_text(2024, {}).replace("MainBranch", "x"),
        r"that MainBranch are missing|columns are those of none",
    ),
}


@pytest.mark.parametrize(("text", "found"), REFUSED.values(), ids=REFUSED)
def test_refused_with_the_reason(bring: Callable[..., str], settings: Settings, text: str | bytes, found: str) -> None:
    with pytest.raises((SourceError, SettingsError), match=found):
        bring(text)
    assert landed_files(settings, "kaggle_survey") == []


def test_a_file_that_is_not_there(settings: Settings) -> None:
    for arguments in (["nowhere.csv"], ["--year", "2022", "nowhere.csv"]):
        with pytest.raises(
            SourceError, match=r"nowhere\.csv: expected a file, or one of google-trends, .* found neither"
        ):
            imports.run(settings, arguments, NOW)


def test_few_answers_without_none_are_told(bring: Callable[..., str]) -> None:
    assert "warning: no answer None among 150: if a program such as pandas" in bring(kaggle(count=300))
    assert "warning" not in bring(kaggle(count=200))


def test_a_merged_file_gives_every_edition_in_it(
    bring: Callable[..., str], settings: Settings, answered: Callable[[], tuple[int, int, int]]
) -> None:
    columns = ["Year", *COLUMNS]
    rows = [
        {"Year": year, DURATION: str(100 * number + place), "Q17_4": " PyTorch "}
        for number, year in enumerate(("2019", "2020.0", "2020", "2022"))
        for place in range(3)
    ]
    said = bring(csv_text(columns, rows, default="NA"))
    assert "taken for the Kaggle survey (several editions under the columns of 2022)" in said
    assert [file.card.details["year"] for file in landed_files(settings, "kaggle_survey")] == ["2019", "2020", "2022"]
    assert answered() == (12, 12, 12)


SURVEY = so_text(
    2024,
    {"branch": PROFESSIONAL, "worked_with": "TensorFlow;Torch/PyTorch", "wanted": "Torch/PyTorch"},
    {"branch": LEARNING},
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SURVEY, id="as published"),
        pytest.param(SURVEY.replace("NA", ""), id="pandas"),
        pytest.param(SURVEY.replace("NA", "NaN").replace("\n1,", "\n1.0,").replace("\n2,", "\n2.0,"), id="floats"),
        pytest.param(SURVEY.replace(";", "#").replace(",", ";").replace("#", "\x00").replace("\x00", ","), id="x"),
        pytest.param(gzip.compress(SURVEY.encode()), id="gzip"),
        pytest.param(zip_bytes({f"a/{MEMBER}": SURVEY}), id="zip"),
    ],
)
def test_the_stack_overflow_survey_finds_its_year(
    bring: Callable[..., str], settings: Settings, text: str | bytes, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.id == "x":
        text = "".join(
            ";".join(f'"{cell}"' if ";" in cell else cell for cell in line.split(",")) + "\n"
            for line in SURVEY.splitlines()
        )
    said = bring(text)
    assert "taken for the Stack Overflow survey of 2024" in said
    with raw_database(settings, stack_overflow_survey, stack_overflow_survey.YEARS) as con:
        stack_overflow_survey.load(landed_files(settings, "stack_overflow_survey"), con)
        columns = "year, respondent, branch, worked_with, wanted"
        assert con.execute(f"select {columns} from raw.stack_overflow_survey_answers order by 2").fetchall() == [
            (2024, 1, PROFESSIONAL, "TensorFlow;Torch/PyTorch", "Torch/PyTorch"),
            (2024, 2, LEARNING, None, None),
        ]


def test_a_year_that_the_columns_do_not_tell_is_asked_for(bring: Callable[..., str]) -> None:
    text = so_text(2022, {"branch": PROFESSIONAL, "worked_with": "TensorFlow"})
    with pytest.raises(SettingsError, match=r"its columns are those of 2021 or 2022 or 2023\. Say which.*--year"):
        bring(text)
    assert "of the Stack Overflow Developer Survey 2021" in bring(text, name="stack-overflow-developer-survey-2021.csv")
    assert "of the Stack Overflow Developer Survey 2022" in bring(text, "--year", "2022")


def test_a_sample_is_told_before_it_takes_the_place_of_full_counts(
    settings: Settings, tmp_path: Path, embedded: Settings
) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    settings.current.symlink_to(embedded.current.resolve())
    path = tmp_path / "file.csv"
    path.write_text(kaggle())
    said = imports.run(settings, [str(path)], NOW)
    assert "20 respondents" in said
    assert "of 23,997 respondents of 2022: its figures are marked as a sample" in said
    assert "warning: a sample takes the place of full counts: " in said
    assert "ml_frameworks_used, all respondents, 2022-01 (reference, full)" in said


CASES = {
    "survey_missing_words/2022_as_published.csv": (200, 100, 60),
    "survey_missing_words/2022_saved_by_R_write_csv.csv": (200, 100, 60),
    "kaggle_shapes/2022_one_hot_0_1.csv": "one-hot",
    "kaggle_shapes/2022_pasted_twice.csv": "pasted twice",
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("arguments", [["kaggle-survey", "FILE", "--year", "2022"], ["FILE"]])
def test_the_cases_that_failed_before(
    settings: Settings, answered: Callable[[], tuple[int, int, int]], name: str, arguments: list[str]
) -> None:
    path, expected = shared("..") / "cases" / name, CASES[name]
    words = [str(path) if word == "FILE" else word for word in arguments]
    if isinstance(expected, str):
        with pytest.raises(SourceError, match=expected):
            imports.run(settings, words, NOW)
        return
    imports.run(settings, words, NOW)
    assert answered() == expected


def test_every_case_is_tried() -> None:
    cases = shared("..") / "cases"
    folders = ("survey_missing_words", "kaggle_shapes")
    assert {f"{name}/{path.name}" for name in folders for path in (cases / name).iterdir()} == set(CASES)
    assert {path.name for path in cases.iterdir()} == {*folders, "google_trends_exports", "README.md"}
