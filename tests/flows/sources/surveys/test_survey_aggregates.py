"""The publisher's own counts: read in both shapes beside the rows, and a note where the archive has none."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.errors import SourceError
from flows.landing.landing import landed_files
from flows.settings import Settings
from flows.sources.surveys import aggregates as survey_aggregates
from flows.sources.surveys import stack_overflow_survey
from flows.sources.surveys.editions import known_forms
from tests.flows.sources.surveys.survey_files import ARCHIVE_HOST, raw_database
from tests.flows.sources.surveys.test_stack_overflow_survey import ASKED, refresh, serve
from tests.loopback import Answer, Loopback
from tests.shared_data import shared
from tests.sql.support import created

RAW_HOST = "raw.githubusercontent.com"
RAW_PATH = "/StackExchange/Survey/main/packages/archive/{}/json/{}.json"
NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)


def counts(name: str, responses: int, **options: tuple[int, float]) -> dict[str, Any]:
    """A group of respondents in the shape of 2021 to 2024; frequencies and fractions by option."""
    data = [{"response": option, "frequency": count, "percent": part} for option, (count, part) in options.items()]
    return {"name": name, "total_respondents": responses, "plot_type": "bar", "data": data}


OF_2023 = {
    "Language": {"qname": "Language", "datasets": {"Language": counts("All Respondents", 87585, TensorFlow=(1, 0.1))}},
    "MiscTech": {
        "qname": "MiscTech",
        "datasets": {
            "MiscTech": counts("All Respondents", 67231, TensorFlow=(6405, 0.0953), Keras=(2839, 0.0422)),
            "MiscTech_learn": counts("Learning to Code", 3482, TensorFlow=(385, 0.1106)),
        },
    },
}
OF_2019 = {
    "Sections": [
        {
            "GraphCollections": [
                {
                    "Title": "Most Loved, Dreaded, and Wanted Other Frameworks, Libraries, and Tools",
                    "Graphs": [{"Title": "Loved", "SubText": "% of developers", "Data": {"TensorFlow": 73.1}}],
                },
                {
                    "Title": "Other Frameworks, Libraries, and Tools",
                    "Graphs": [
                        {
                            "Title": "All Respondents",
                            "SubText": "58,543 responses; select all that apply",
                            "Data": {"TensorFlow": 10.2643, "Torch/PyTorch": 3.2831},
                        }
                    ],
                },
            ]
        }
    ]
}


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with raw_database(settings, stack_overflow_survey, stack_overflow_survey.YEARS, "frameworks") as made:
        yield made


def test_both_shapes_are_read_beside_the_rows(
    server: Loopback, settings: Settings, con: duckdb.DuckDBPyConnection
) -> None:
    serve(server, ASKED)
    server.answer(RAW_HOST, RAW_PATH.format(2023, "technology"), Answer(OF_2023))
    # The host of large files has small ones too.
    server.answer(ARCHIVE_HOST, f"/media{RAW_PATH.format(2019, 'technology')}", Answer(OF_2019))
    note = refresh(settings).said  # type: ignore[attr-defined]
    assert note == "The archive has no counts of its own for 2018, 2020, 2021, 2024: bases there follow from the rows."
    stack_overflow_survey.load(landed_files(settings, stack_overflow_survey.NAME), con)
    columns = "year, respondents, response_count, option, frequency, percent"
    found = con.execute(f"select {columns} from raw.stack_overflow_survey_aggregates order by all").fetchall()
    assert found == [
        (2019, "All Respondents", 58543, "TensorFlow", None, 10.2643),
        (2019, "All Respondents", 58543, "Torch/PyTorch", None, 3.2831),
        (2023, "All Respondents", 67231, "Keras", 2839, 4.22),
        (2023, "All Respondents", 67231, "TensorFlow", 6405, 9.53),
        (2023, "Learning to Code", 3482, "TensorFlow", 385, 11.06),
    ]
    assert con.execute("select count(*) from raw.stack_overflow_survey_answers").fetchall() == [(7,)]


def test_the_interim_counts_of_2022_are_never_asked_for(server: Loopback, settings: Settings) -> None:
    serve(server, ASKED)
    refresh(settings)
    assert not [request.path for request in server.requests if "/2022/json/" in request.path]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"Language": OF_2023["Language"]}, "expected counts of 'MiscTech' in 2023, found none"),
        (
            {"MiscTech": {"datasets": [1]}},
            r"expected counts of 'MiscTech' in 2023, found another shape \(AttributeError",
        ),
        ({"MiscTech": {"datasets": {"a": {"name": "x"}}}}, r"another shape \(KeyError: 'total_respondents'\)"),
        ("[" * 200_000, "another shape .*nested too deep"),
        ("[1, 2", r"another shape \(JSONDecodeError"),
        ([1, 2], "found none"),
    ],
)
def test_another_shape_is_named(settings: Settings, tmp_path: Path, body: Any, words: str) -> None:
    path = tmp_path / "technology.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body))
    with pytest.raises(SourceError, match=words):
        survey_aggregates.rows_of(path, str(path), known_forms(settings)[2023])


def test_recorded_counts_give_the_figures_that_were_read_by_hand(
    settings: Settings, con: duckdb.DuckDBPyConnection
) -> None:
    """The excerpts of the archive against the table that was made from the whole files."""
    folder = shared("recorded_answers") / "stack_overflow_technology"
    names = {2018: "2018_report_frameworks"} | {
        year: f"{year}_technology_{'other_frameworks' if year < 2021 else 'misctech'}"
        for year in (2019, 2020, 2021, 2023, 2024)
    }
    forms = known_forms(settings)
    for year, name in names.items():
        path = folder / f"{name}.json"
        rows = survey_aggregates.rows_of(path, str(path), forms[year])
        con.executemany(
            f"insert into raw.{survey_aggregates.TABLE} values (?, ?, ?, ?, ?, ?, null, '{year}')",
            [list(row) for row in rows],
        )
    for model in (
        "staging/reference__frameworks",
        "staging/reference__stack_overflow_survey_years",
        "staging/stack_overflow_survey__aggregates",
    ):
        created(con, model)
    found = {
        (str(row["edition_year"]), row["population"], row["framework"]): (
            row["worked_with_count"],
            row["chart_base"],
            row["quality"],
        )
        for row in created(con, "intermediate/stack_overflow_survey_official")
    }
    table = shared("..") / "reference" / "2026-11" / "stack_overflow_official.csv"
    with table.open(encoding="utf-8", newline="") as file:
        expected = {
            (row["period"][:4], row["population"], row["framework"]): (
                int(row["value"]),
                int(row["base"]),
                row["quality"],
            )
            for row in csv.DictReader(file)
            if row["series"] == "worked_with"
        }
    compared = {key: expected[key] for key in found if key in expected}
    assert {key: found[key] for key in compared} == compared
    assert len(compared) > 35
