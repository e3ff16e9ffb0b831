"""The Stack Overflow survey at official size, 1 GB in seven tables: `python -m benchmarks surveys`.

Makes one table per edition, once, in benchmarks/inputs/surveys: rows and bytes of the official files, headers from the
schemas and samples in the shared folder beside the checkout where there are any, guessed otherwise. Then measures, each
in a process of its own: landing them from a loopback mirror and loading them, filling the raw table anew, the same with
the survey's models, and DuckDB and pandas reading the same columns.
"""

import csv
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.measuring import INPUTS, Line, alternate
from benchmarks.mirror import mirror
from flows.landing.cards import Card
from flows.landing.landing import LandedFile, Landing, landed_files
from flows.network.web import Web
from flows.reference import tables as reference
from flows.release.loaders import raw_tables
from flows.settings import PROJECT, Settings
from flows.sources.surveys import stack_overflow_survey
from flows.sources.surveys.editions import Form, known_forms
from flows.sources.surveys.respondents import COLUMNS
from flows.warehouse.models import read_models
from flows.warehouse.runner import create_model, create_table

# Sizes of the official CSV files in bytes; rows stand in the years table.
SIZES = {
    2018: 195_697_657,
    2019: 196_592_730,
    2020: 94_603_888,
    2021: 81_101_949,
    2022: 108_829_270,
    2023: 158_626_799,
    2024: 159_525_875,
}
# Columns of years for which the shared folder has no header line; the samples of 2022 have 79.
GUESSED_COLUMNS = {2018: 129, 2019: 85, 2020: 61, 2021: 48, 2022: 79, 2023: 84, 2024: 114}
SHARED = PROJECT.parent / "shared" / "data" / "stack_overflow_survey"
FOLDER = INPUTS / "surveys" / "raw" / "stack_overflow_survey" / "2026-01-01T000000Z"
POOL = 3000
RUNS = 3
TOPICS = ("Angular", "Docker", "Editor", "Forum", "Go", "Java", "Kafka", "Linux", "Mentor", "Office", "Query", "Team")
TECHNOLOGIES = [
    *("TensorFlow", "Torch/PyTorch", "Keras", "Scikit-learn", "Scikit-Learn", "Hugging Face Transformers", "JAX"),
    *("NumPy", "Pandas", ".NET (5+) ", ".NET", "Apache Spark", "Hadoop", "Flutter", "React Native", "Qt", "Opencv"),
    *("Electron", "Cordova", "Xamarin", "Spring", "RabbitMQ", "Apache Kafka", "CUDA", "Ionic", "GTK", "Capacitor"),
]


def header(form: Form) -> tuple[list[str], str]:
    """Columns of a year, and where we have them from."""
    folder = SHARED / str(form.year)
    for sample in sorted(folder.glob("sample_*.csv")):
        with sample.open(encoding="utf-8", newline="") as file:
            names = next(csv.reader(file))
        if form.respondent_column in names:
            return names, f"header of {sample.name}"
    schema = folder / "survey_results_schema.csv"
    if form.year <= 2020 and schema.is_file():
        with schema.open(encoding="utf-8-sig", newline="") as file:
            return [row["Column"] for row in csv.DictReader(file)], "schema"
    others = [f"Question{number}" for number in range(GUESSED_COLUMNS[form.year] - len(form.needed))]
    middle = len(others) // 2
    first, rest = form.needed[:2], form.needed[2:]
    return [*first, *others[:middle], *rest, *others[middle:]], "guessed"


def lines(form: Form, names: list[str], scale: float) -> Iterator[str]:
    """Rows of the official mean length; cells that we read differ from row to row, the others come from a pool."""
    draw = random.Random(form.year)
    count = form.row_count or 0
    spare = SIZES[form.year] / count - len(names) - 110
    asked = form.needed[2 if form.branch_column else 1 :]
    fillers = len(names) - len(form.needed)
    branches = ["I am a developer by profession"] * 7 + ["I am learning to code", "I code primarily as a hobby", "NA"]

    def filler(mean: float) -> str:
        length = draw.expovariate(1 / mean)
        if length < 3:
            return draw.choice(("NA", "NA", str(draw.randrange(40)), "Yes"))
        words = [
            f"{draw.choice(TOPICS)} {draw.choice(TOPICS).lower()} {draw.randrange(9)}" for _ in range(int(length / 13))
        ]
        joined = ";".join(words) or draw.choice(TOPICS)
        return f'"{joined}, etc."' if draw.random() < 0.1 else joined

    # Cells are made of whole words, so the first try misses the official length: the second one corrects it.
    mean = max(1.0, spare / fillers)
    trial = sum(len(filler(mean)) for _ in range(fillers * POOL)) / POOL
    pool = [[filler(mean * spare / trial) for _ in range(fillers)] for _ in range(POOL)]
    slots = [index for index, name in enumerate(names) if name not in form.needed]
    positions = {name: names.index(name) for name in form.needed}
    for number in range(1, max(1, int(count * scale)) + 1):
        row = [""] * len(names)
        for slot, cell in zip(slots, draw.choice(pool), strict=True):
            row[slot] = cell
        row[positions[form.respondent_column]] = str(number)
        if form.branch_column:
            row[positions[form.branch_column]] = draw.choice(branches)
        chosen: dict[str, list[str]] = {}
        for name in sorted(asked, key=lambda name: name == form.admired_column):
            chosen[name] = draw.sample(TECHNOLOGIES, draw.randrange(1, 6)) if draw.random() < 0.62 else []
            if name == form.admired_column:  # only what was worked with can be admired
                chosen[name] = chosen[form.worked_with_column][::2]
            row[positions[name]] = ";".join(chosen[name]) or "NA"
        yield ",".join(row) + "\n"


def make(folder: Path = FOLDER, scale: float = 1) -> dict[str, Path]:
    """Make what is missing of the tables; return them by address."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for year in SIZES:
        form = known_forms(Settings())[year]
        path, told = folder / f"{form.year}.csv", folder / f"{form.year}.header.txt"
        made[form.addresses[0]] = path
        if not path.exists():
            names, origin = header(form)
            partial = path.with_suffix(".partial")
            with partial.open("w", encoding="utf-8") as table:
                table.write(",".join(names) + "\n")
                table.writelines(lines(form, names, scale))
            told.write_text(f"{len(names)} columns, {origin}")
            partial.rename(path)
    return made


def landed() -> list[LandedFile]:
    """The tables as if they had been downloaded."""
    files = []
    for year in SIZES:
        path = FOLDER / f"{year}.csv"
        words = dict.fromkeys(("address", "final_address", "sha256", "licence", "citation"), "")
        card = Card(
            source=stack_overflow_survey.NAME,
            name=path.name,
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            size=path.stat().st_size,
            etag=None,
            last_modified=None,
            kind="download",
            details={"year": str(year)},
            **words,
        )
        files.append(LandedFile(path, card))
    return files


def parse(with_models: bool) -> None:
    """Do what a build does with tables of which no rows are kept."""
    shutil.rmtree(INPUTS / "surveys" / "cache", ignore_errors=True)
    fill(landed(), Settings(), with_models=with_models)


def fill(files: list[LandedFile], settings: Settings, *, with_models: bool) -> None:
    """Fill the raw tables of a warehouse."""
    path = INPUTS / "surveys" / f"warehouse-{os.getpid()}.duckdb"
    config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": settings.memory_limit}
    try:
        with closing(duckdb.connect(config=config)) as con:
            con.execute(f"attach '{path}' as warehouse; use warehouse; create schema raw")
            for table, columns in raw_tables().items():
                create_table(con, table, columns)
            reference.load(settings.reference, con)
            stack_overflow_survey.load(files, con)
            if with_models:
                for macros in sorted((settings.sql / "macros").glob("*.sql")):
                    con.execute(macros.read_text(encoding="utf-8"))
                for layer in ("staging", "intermediate"):
                    con.execute(f"create schema {layer}")
                for model in read_models(settings.sql, con):
                    if "stack_overflow_survey" in model.name or model.name == "reference__frameworks":
                        create_model(con, model)
            con.execute("checkpoint warehouse")
            print(con.execute("select count(*) from raw.stack_overflow_survey_answers").fetchall()[0][0])
    finally:
        path.unlink(missing_ok=True)


def land() -> None:
    """Do what a first refresh does: ask the mirror (TRENDS_MIRROR) for every edition, and fill the raw tables."""
    with tempfile.TemporaryDirectory(dir=INPUTS / "surveys") as name:
        settings = replace(Settings.from_env(os.environ), data=Path(name), expect_sizes=False, source_seconds=600)
        with Web(settings, source=stack_overflow_survey.NAME) as web:
            now = datetime(2026, 11, 30, tzinfo=UTC)
            landing = Landing(settings, stack_overflow_survey.NAME, web, licence="", citation="", checks={}, now=now)
            stack_overflow_survey.fetch(landing, settings)
        files = landed_files(settings, stack_overflow_survey.NAME)
        fill(files, settings, with_models=False)


def read_with_duckdb() -> None:
    """Read the same columns the plainest way."""
    with closing(duckdb.connect(config={"memory_limit": Settings().memory_limit})) as con:
        con.execute(f"create table answers ({', '.join(f'{name} varchar' for name in COLUMNS)})")
        for year in SIZES:
            columns = ", ".join(f'"{name}"' if name else "null" for name in known_forms(Settings())[year].columns)
            path = FOLDER / f"{year}.csv"
            con.execute(
                f"insert into answers select {columns} from read_csv('{path}', nullstr = 'NA', all_varchar = true)"
            )
        print(con.execute("select count(*) from answers").fetchall()[0][0])


def read_with_pandas() -> None:
    """Read the same columns the usual way."""
    import pandas as pd

    forms = known_forms(Settings())
    columns = {year: list(forms[year].needed) for year in SIZES}
    frames = [pd.read_csv(FOLDER / f"{year}.csv", usecols=columns[year], na_values=["NA"]) for year in SIZES]
    print(sum(len(frame) for frame in frames))


def main() -> None:
    """Measure and print a Markdown table."""
    made = make()
    size = sum(path.stat().st_size for path in made.values())
    for year in SIZES:
        told = (FOLDER / f"{year}.header.txt").read_text()
        print(
            f"{year}: {(FOLDER / f'{year}.csv').stat().st_size / 1e6:.1f} MB (official {SIZES[year] / 1e6:.1f}), {told}"
        )
    print(f"{size / 1e6:.0f} MB of tables, median of {RUNS} runs, {os.cpu_count()} cores\n")
    what = {
        "land": "landed from a loopback mirror and loaded",
        "parse": "all tables into the raw table",
        "models": "the same and the survey's models",
        "duckdb": "DuckDB's read_csv: the same columns",
        "pandas": "pandas: the same columns",
    }
    with mirror(made) as address:
        environ = {**os.environ, "TRENDS_MIRROR": address}
        found = alternate(
            [
                Line(words, [sys.executable, "-m", "benchmarks.surveys", word], environ=environ)
                for word, words in what.items()
            ],
            RUNS,
        )
    print("| what | wall s | CPU s | peak MB |\n| --- | --- | --- | --- |")
    for words, run in found.items():
        print(f"| {words} | {run.wall:.2f} | {run.cpu:.2f} | {run.peak_mb:.0f} |")
    print(f"\nlanded and loaded: {found[what['land']].wall / found[what['duckdb']].wall:.2f} times DuckDB's read_csv")


if __name__ == "__main__":
    words = {
        "land": land,
        "parse": lambda: parse(False),
        "models": lambda: parse(True),
        "duckdb": read_with_duckdb,
        "pandas": read_with_pandas,
    }
    words.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
