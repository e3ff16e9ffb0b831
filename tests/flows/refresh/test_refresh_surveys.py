"""Surveys and conference lists from the mirror and the operator's files to origins, published shares and notes."""

import csv
import json
import os
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.command import imports
from flows.refresh import making, steps
from flows.refresh.health import health
from flows.release.inputs import read_inputs
from flows.release.loaders import loaders
from flows.release.releases import Release
from flows.settings import PROJECT, Settings
from flows.sources import SOURCES
from flows.warehouse.analysis import all_computed
from flows.warehouse.models import read_models
from flows.warehouse.runner import create_model, create_table
from tests.flows.sources.surveys.survey_files import (
    MEMBER,
    PROFESSIONAL,
    SO_COLUMNS,
    SO_HOST,
    SO_PATH,
    csv_text,
    so_text,
    so_zip,
    zip_bytes,
)
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
OLD_PATH = "/rs/719-EMH-566/images/stack-overflow-developer-survey-{}.zip"
SHARED = PROJECT.parent / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir() and not os.environ.get("CI"), reason="needs the shared data")


@pytest.fixture
def without_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds that draw no page: what the pages say is tested elsewhere."""

    def render(settings: Settings, folder: Path, release: Release) -> None:
        (folder / "site" / "index.html").write_text("a page")

    monkeypatch.setattr(making, "render", render)


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        return con.execute(query).fetchall()


def origins(settings: Settings) -> dict[str, str]:
    names = "('stack_overflow_survey', 'kaggle_survey', 'conference_papers', 'papers_with_code')"
    return dict(rows(settings, f"select source, origin from marts.source_status where source in {names}"))


def message(settings: Settings, source: str) -> str:
    [(text,)] = rows(settings, f"select coalesce(message, '') from marts.source_status where source = '{source}'")
    return str(text)


REFERENCE = dict.fromkeys(
    ("stack_overflow_survey", "kaggle_survey", "conference_papers", "papers_with_code"), "reference"
)


@pytest.mark.slow
@pytest.mark.usefixtures("without_pages")
def test_from_reference_to_live_to_cached(server: Loopback, settings: Settings, tmp_path: Path) -> None:
    settings = replace(settings, source_seconds=60.0)  # counts of all editions are asked at the pace of their host
    # Nothing answers: every source falls back to the embedded tables; sources that only take files are not asked.
    report = steps.refresh(settings, SOURCES, NOW)
    assert origins(settings) == REFERENCE
    assert {"kaggle_survey", "conference_papers"}.isdisjoint(report.checks)
    assert {"stack_overflow_survey", "papers_with_code"} <= set(report.failed_sources)

    answers = [{"branch": PROFESSIONAL, "worked_with": "TensorFlow"}, {"worked_with": "Torch/PyTorch"}, {}]
    for year in range(2018, 2025):
        own: list[dict[str, str]] = answers[1:] if year == 2018 else answers
        server.answer(SO_HOST, SO_PATH.format(year), Answer(so_zip(year, *own), etag=f'"{year}"'))
    imported(settings, tmp_path)
    report = steps.refresh(settings, SOURCES, NOW + timedelta(hours=1))
    assert report.checks["stack_overflow_survey"].outcome == "downloaded"
    assert "papers_with_code" in report.failed_sources  # one source that fails leaves the others
    assert origins(settings) == REFERENCE | {
        "stack_overflow_survey": "live",
        "kaggle_survey": "imported",
        "conference_papers": "imported",
    }
    assert message(settings, "stack_overflow_survey") == (
        "The archive has no counts of its own for 2018, 2019, 2020, 2021, 2023, 2024: bases there follow from the rows."
    )
    assert "1 of 1 records left out: nobody has searched the texts" in message(settings, "conference_papers")
    years = "select distinct year(period_start) from marts.framework_shares where origin = 'live' order by all"
    assert rows(settings, years) == [(year,) for year in range(2018, 2025)]
    # Published figures of the reference table stay beside them, and the fitted base does not fit three rows.
    chart = "from marts.framework_shares where series = 'worked_with' and population = 'all respondents'"
    assert rows(settings, f"select distinct year(period_start), origin {chart} order by all") == [
        *((year, "live") for year in (2018, 2019, 2020)),
        *((year, "reference") for year in range(2021, 2025)),
    ]

    # Nothing new: no release. Without network and past the cadence, the landing counts as cached, with its date.
    again = steps.refresh(settings, SOURCES, NOW + timedelta(hours=2))
    assert not again.built.is_new
    assert again.checks["stack_overflow_survey"].outcome == "unchanged"
    steps.refresh(settings, SOURCES, NOW + timedelta(days=60), offline=True)
    assert origins(settings)["stack_overflow_survey"] == "cached"
    held = "select max(retrieved_at) from marts.framework_shares where origin = 'cached'"
    assert rows(settings, held) == [(datetime(2026, 11, 21, 15, 15),)]  # noqa: DTZ001 - a column in UTC


@pytest.mark.slow
@pytest.mark.usefixtures("without_pages")
def test_editions_that_no_address_has_any_more(server: Loopback, settings: Settings) -> None:
    """All addresses are gone but the oldest zips: the row is not live to 2024, and says which years are missing."""
    for year in range(2018, 2023):
        answer = {"worked_with": "TensorFlow"} | ({} if year == 2018 else {"branch": PROFESSIONAL})
        server.answer("info.stackoverflowsolutions.com", OLD_PATH.format(year), Answer(so_zip(year, answer)))
    report = steps.refresh(settings, SOURCES, NOW)
    assert report.checks["stack_overflow_survey"].outcome == "downloaded"
    said = message(settings, "stack_overflow_survey")
    assert "No address has the table of 2023, 2024: figures of it are not confirmed." in said
    status = "select origin, latest_period from marts.source_status where source = 'stack_overflow_survey'"
    assert rows(settings, status) == [("live", date(2022, 1, 1))]
    editions = (
        "select year(period_start), any_value(origin) from marts.framework_shares where source = "
        "'stack_overflow_survey' and series = 'worked_with_of_rows' and population = 'all respondents' group by 1"
    )
    assert dict(rows(settings, editions)) == dict.fromkeys(range(2018, 2023), "live") | dict.fromkeys(
        (2023, 2024), "reference"
    )
    found = next(one for one in health(settings, NOW) if one.source == "stack_overflow_survey")
    assert (found.origin, found.latest_period) == ("live", "2022-01-01")
    assert "2023, 2024" in found.error


def imported(settings: Settings, folder: Path, option: str = "  TensorFlow ", word: str = "tf") -> None:
    """Take in a respondent of the Kaggle survey and two conference lists."""
    columns = ["Duration (in seconds)", *(f"Q17_{number}" for number in range(1, 16)), "Q23"]
    text = csv_text(columns, [{columns[0]: 1, "Q17_2": option}], default="")
    (folder / "kaggle.csv").write_text(text)
    imports.run(settings, ["kaggle-survey", str(folder / "kaggle.csv"), "--year", "2022"], NOW)
    (folder / "lists").mkdir()
    for year, words in ((2019, [word]), (2020, [])):
        paper = {"id": "1", "name": "T", "year": year, "authors": ["A"], "metadata": {"words": words}}
        (folder / "lists" / f"cvpr_{year}.json").write_text(json.dumps([paper]))
    imports.run(settings, ["conference-papers", str(folder / "lists")], NOW)


def test_published_shares_follow_from_counts_and_bases(settings: Settings) -> None:
    """The figures that anyone can look up: computed share and printed share of the same framework and year."""
    con = shares(settings)
    computed = "series = 'worked_with' and population = 'all respondents'"
    printed = "series = 'worked_with_published' and population = 'all respondents'"
    found = con.execute(
        "select year(computed.period_start), computed.framework, round(computed.share_pct, 2), printed.value, "
        "computed.quality "
        f"from (from marts.framework_shares where {computed}) as computed "
        f"inner join (from marts.framework_shares where {printed}) as printed "
        "on printed.period_start = computed.period_start and printed.framework = computed.framework order by 1, 3 desc"
    ).fetchall()
    assert found == [
        (2022, "tensorflow", 12.95, 12.95, "fitted_base"),
        (2022, "pytorch", 8.61, 8.61, "fitted_base"),
        (2022, "keras", 7.27, 7.27, "fitted_base"),
        (2023, "tensorflow", 9.53, 9.53, "full"),
        (2023, "pytorch", 8.75, 8.75, "full"),
    ]
    of_answers = con.execute(
        "select framework, round(share_pct, 2) from marts.framework_shares where series = 'worked_with_of_answers' "
        "and period_start = '2023-01-01' and framework in ('tensorflow', 'pytorch') order by all"
    ).fetchall()
    assert of_answers == [("pytorch", 10.32), ("tensorflow", 11.23)]


def shares(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Only the models that marts.framework_shares rests on: a whole build takes seconds."""
    con = duckdb.connect()
    con.execute("create schema raw")
    for loader in loaders(read_inputs(settings, NOW)):
        loader.load(con)
    for macros in sorted((settings.sql / "macros").glob("*.sql")):
        con.execute(macros.read_text(encoding="utf-8"))
    for layer in ("staging", "intermediate", "marts"):
        con.execute(f"create schema {layer}")
    for computed in all_computed():  # what is computed from figures says nothing here
        create_table(con, computed.table, computed.columns)
    models = {model.table: model for model in read_models(settings.sql, con)}
    needed: set[str] = set()
    todo = ["marts.framework_shares", "marts.frameworks"]
    while todo:
        if (table := todo.pop()) in models and table not in needed:
            needed.add(table)
            todo += models[table].reads
    for table in models:
        if table in needed:
            create_model(con, models[table])
    return con


@pytest.mark.slow
def test_adding_a_framework_is_one_row(settings: Settings, tmp_path: Path) -> None:
    """In a copy of frameworks.csv: a framework that every source knows has figures, one that none knows has none."""
    project = tmp_path / "project"
    shutil.copytree(settings.reference, project / "data" / "reference")
    (project / "sql").symlink_to(settings.sql)
    settings = replace(settings, project=project)
    table = project / "data" / "reference" / "frameworks.csv"
    header = table.read_text().partition("\n")[0].split(",")
    known = {"framework": "burn", "label": "Burn", "is_framework": "true", "is_compared": "true"}
    known |= {"stack_overflow_survey_tokens": "Burn|Burn (Rust)", "kaggle_tokens": "burn"}
    unknown = {"framework": "unheard", "label": "Unheard", "is_framework": "true", "is_compared": "true"}
    with table.open("a", encoding="utf-8") as file:
        for row in (known, unknown):
            file.write(",".join(row.get(column, "") for column in header) + "\n")
    survey = tmp_path / "survey_results_public.csv"
    survey.write_text(
        so_text(2021, {"branch": PROFESSIONAL, "worked_with": "Burn (Rust)", "wanted": "Burn (Rust)"}, {})
    )
    imports.run(settings, ["stack-overflow-survey", str(survey), "--year", "2021"], NOW)
    imported(settings, tmp_path, option=" burn ", word="burn")

    con = shares(settings)
    columns = "source, series, population, value, base"
    found = con.execute(
        f"select {columns} from marts.framework_shares where framework = 'burn' order by all"
    ).fetchall()
    everybody, professionals = "all respondents", "professional developers"
    assert found == [
        ("conference_papers", "mentions_any_recomputed", "CVPR", 1, 1),
        ("kaggle_survey", "ml_frameworks_used", everybody, 1, 1),
        ("kaggle_survey", "ml_frameworks_used_of_rows", everybody, 1, 1),
        *(
            ("stack_overflow_survey", series, population, 1, base)
            for series, bases in {"admired": (1, 1), "wanted": (2, 1), "worked_with_of_answers": (1, 1)}.items()
            for population, base in zip((everybody, professionals), bases, strict=True)
        ),
        ("stack_overflow_survey", "worked_with_of_rows", everybody, 1, 2),
        ("stack_overflow_survey", "worked_with_of_rows", professionals, 1, 1),
    ]
    listed = con.execute("select framework from marts.frameworks where framework in ('burn', 'unheard')").fetchall()
    assert listed == [("burn",), ("unheard",)]
    none = "select count(*) from marts.framework_shares where framework = 'unheard'"
    assert con.execute(none).fetchall() == [(0,)]


@needs_shared
def test_counts_of_the_reference_table_are_those_of_the_full_files(settings: Settings) -> None:
    with (settings.reference / "frameworks.csv").open(encoding="utf-8", newline="") as file:
        spelt = {
            option: row["framework"]
            for row in csv.DictReader(file)
            for option in row["stack_overflow_survey_tokens"].split("|")
        }
    path = SHARED / "stack_overflow_survey" / "counts" / "technology_counts_2022_2025.csv"
    with path.open(encoding="utf-8", newline="") as file:
        counts = {
            (row["SurveyYear"], row["Intent"], spelt[row["Technology"]]): float(row["Respondents"])
            for row in csv.DictReader(file)
            if row["Category"] == "other_framework" and row["Technology"] in spelt
        }
    series = {"worked_with": "worked", "worked_with_of_rows": "worked", "worked_with_of_answers": "worked"}
    series |= {"wanted": "wanted", "admired": "admired"}
    with (settings.reference / "stack_overflow_survey.csv").open(encoding="utf-8", newline="") as file:
        held = [row for row in csv.DictReader(file) if row["series"] in series]
    compared = 0
    for row in held:
        key = (row["period"][:4], series[row["series"]], row["framework"])
        if key in counts and row["population"] == "all respondents":
            assert (*key, counts[key]) == (*key, float(row["value"]))
            compared += 1
    assert compared >= 63


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse from every survey and conference file of the shared data."""
    data = tmp_path_factory.mktemp("recorded")
    settings = Settings(data=data)
    for year in (2018, 2019, 2020, 2022):
        path = SHARED / "kaggle_survey" / str(year) / f"kaggle_{year}_trimmed_2022layout.csv.gz"
        imports.run(settings, ["kaggle-survey", str(path), "--year", str(year)], NOW)
    path = SHARED / "kaggle_survey" / "2017" / "kagglesurvey_datacamp_subset.csv.gz"
    imports.run(settings, ["kaggle-survey", str(path), "--year", "2017"], NOW)
    imports.run(settings, ["conference-papers", str(SHARED / "conferences")], NOW)
    steps.build(settings, NOW)
    return settings


def against_reference(settings: Settings, source: str, where: str) -> list[tuple[Any, ...]]:
    """Rows of the embedded table and of the imported files, side by side."""
    return rows(
        settings,
        "select series, population, period_start, framework, reference.value, reference.base, found.value, found.base "
        f"from (from staging.reference__observations where source = '{source}' and {where}) as reference "
        f"full join (from intermediate.{source}_observations where {where}) as found "
        "using (series, population, period_start, framework)",
    )


@pytest.mark.slow
@needs_shared
def test_kaggle_counts_of_the_real_files(recorded: Settings) -> None:
    pairs = against_reference(
        recorded, "kaggle_survey", "series = 'ml_frameworks_used' and year(period_start) in (2018, 2019, 2020, 2022)"
    )
    assert len(pairs) == 98
    assert [pair for pair in pairs if pair[4:6] != pair[6:]] == []
    bases = {(pair[1], pair[2].year): pair[7] for pair in pairs}
    assert [bases["all respondents", year] for year in (2018, 2019, 2020, 2022)] == [18225, 13530, 14108, 16240]
    assert [bases["data scientists", year] for year in (2018, 2019, 2020, 2022)] == [3547, 3243, 2432, 1827]
    shares = (
        "select round(share_pct, 1) from marts.framework_shares where source = 'kaggle_survey' and origin = 'imported'"
    )
    of_2020 = f"{shares} and series = 'ml_frameworks_used' and period_start = '2020-01-01'"
    names = "framework in ('scikit-learn', 'tensorflow', 'keras', 'pytorch')"
    scientists = rows(recorded, f"{of_2020} and population = 'data scientists' and {names} order by value desc")
    assert scientists == [(83.2,), (50.7,), (50.7,), (31.0,)]
    tools = against_reference(recorded, "kaggle_survey", "series = 'work_tools_used' and framework = 'tensorflow'")
    assert [pair[6:] for pair in tools if pair[1] == "all respondents"] == [(2256.0, 7955)]
    assert [pair[4:6] for pair in tools if pair[4] is not None] == [(2256.0, 7955)]


@pytest.mark.slow
@needs_shared
def test_conference_counts_of_the_real_files(recorded: Settings) -> None:
    pairs = against_reference(recorded, "conference_papers", "series = 'mentions_any_recomputed'")
    assert len(pairs) == 52
    assert [pair for pair in pairs if pair[4:6] != pair[6:]] == []
    both = dict(
        rows(
            recorded,
            "select parse_filename(source_file), count(*) filter (where framework_count = 2) // 2 "
            "from intermediate.conference_papers_mentions group by all",
        )
    )
    assert (both["cvpr_2019.json"], both["nips_2018.json"], both["icml_2019.json"]) == (25, 21, 28)


@pytest.mark.slow
@needs_shared
def test_conference_table_is_the_published_one(settings: Settings) -> None:
    """The live and the article version of the counts, as embedded, against the table of five versions."""
    versions = {"live": "mentions_unique_live", "article": "mentions_unique_article"}
    expected: dict[tuple[str, ...], tuple[float, int]] = {}
    with (SHARED / "conferences" / "conference_mentions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            series = next((name for word, name in versions.items() if row["version"].startswith(word)), None)
            for framework in ("pytorch", "tensorflow") if series else ():
                key = (str(series), f"{int(row['year'])}-{int(row['month']):02}-01", row["conference"], framework)
                expected[key] = (float(row[f"{framework}_only"]), int(row["total_papers"]))
    with (settings.reference / "conference_papers.csv").open(encoding="utf-8", newline="") as file:
        held = {
            (row["series"], row["period"], row["population"].partition(",")[0], row["framework"]): (
                float(row["value"]),
                int(row["base"]),
            )
            for row in csv.DictReader(file)
            if row["series"] in versions.values()
        }
    assert held == expected


@pytest.mark.slow
@needs_shared
def test_author_movement_of_the_real_files(recorded: Settings) -> None:
    found = rows(
        recorded,
        "select framework_from, framework_to, is_affiliated_excluded, author_count, author_total "
        "from marts.author_migration where year_from = 2018 and year_to = 2019",
    )
    assert ("tensorflow", "pytorch", True, 168, 316) in found
    assert ("pytorch", "pytorch", True, 221, 258) in found
    [(moved, total)] = [row[3:] for row in found if row[:3] == ("tensorflow", "pytorch", False)]
    assert round(100 * moved / total) == 44


@pytest.mark.slow
@needs_shared
def test_the_shared_samples_through_the_mirror(server: Loopback, settings: Settings) -> None:
    """Zips from what there is of 2022 to 2024: 1,003 rows without header, 595 rows and 10."""
    for year, table in samples().items():
        server.answer(SO_HOST, SO_PATH.format(year), Answer(zip_bytes({f"survey/{MEMBER}": table})))
    report = steps.refresh(settings, SOURCES, NOW)
    assert report.checks["stack_overflow_survey"].outcome == "downloaded"
    assert origins(settings)["stack_overflow_survey"] == "live"
    found = rows(
        settings,
        "select year(period_start), value, base, quality from marts.framework_shares where framework = 'tensorflow' "
        "and series = 'worked_with_of_answers' and population = 'all respondents' and origin = 'live' order by all",
    )
    assert found == [
        (2022, *by_hand(2022), "sample"),
        (2023, *by_hand(2023), "sample"),
        (2024, *by_hand(2024), "sample"),
    ]


def samples() -> dict[int, bytes]:
    folder = SHARED / "stack_overflow_survey"
    columns = [f"c{number}" for number in range(79)]
    columns[0], columns[1], columns[27], columns[28] = (*SO_COLUMNS[2022][:2], *SO_COLUMNS[2022][2:4])
    cut = (folder / "2023" / "sample_first1MiB_cut_midrow.csv").read_bytes()
    return {
        2022: ",".join(columns).encode() + b"\n" + (folder / "2022" / "sample_rows1-1003_noheader.csv").read_bytes(),
        2023: cut[: cut.rindex(b"\n") + 1],
        2024: (folder / "2024" / "sample_10rows_preview.csv").read_bytes(),
    }


def by_hand(year: int) -> tuple[float, int]:
    """Respondents with TensorFlow, and with any answer, counted without SQL."""
    header, *table = csv.reader(samples()[year].decode().splitlines(keepends=True))
    cells: Sequence[str] = [row[header.index("MiscTechHaveWorkedWith")] for row in table]
    answered = [[option.strip() for option in cell.split(";")] for cell in cells if cell not in ("", "NA")]
    return sum("TensorFlow" in options for options in answered), len(answered)
