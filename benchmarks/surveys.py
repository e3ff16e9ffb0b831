"""All eight years of the Stack Overflow survey at official size: `python -m benchmarks.surveys`.

Makes one zip a year, once, in benchmarks/inputs/surveys: rows and bytes of the official files, headers from the schemas
and samples in the shared folder beside the checkout where there are any, guessed otherwise. Then measures, each in a
process of its own: filling the raw table, the same with the survey's models, and pandas reading the same columns.
"""

import csv
import os
import random
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.measuring import INPUTS, Line, alternate
from flows.landing.cards import Card
from flows.landing.landing import LandedFile
from flows.reference import tables as reference
from flows.release.inputs import raw_tables
from flows.settings import PROJECT, Settings
from flows.sources.surveys import stack_overflow_survey
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
    2025: 140_893_245,
}
# Columns of years for which the shared folder has no header line; the samples of 2022 have 79.
GUESSED_COLUMNS = {2018: 129, 2019: 85, 2020: 61, 2021: 48, 2022: 79, 2023: 84, 2024: 114, 2025: 170}
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


def header(form: stack_overflow_survey.Form) -> tuple[list[str], str]:
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


def lines(form: stack_overflow_survey.Form, names: list[str], scale: float) -> Iterator[str]:
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
    """Make what is missing of the eight zips; return them by address."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for form in stack_overflow_survey.known_forms(Settings()).values():
        path, told = folder / f"{form.year}.zip", folder / f"{form.year}.header.txt"
        made[form.addresses[0]] = path
        if not path.exists():
            names, origin = header(form)
            partial = path.with_suffix(".partial")
            with (
                zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive,
                archive.open(stack_overflow_survey.MEMBER, "w") as member,
            ):
                member.write((",".join(names) + "\n").encode())
                for line in lines(form, names, scale):
                    member.write(line.encode())
            told.write_text(f"{len(names)} columns, {origin}")
            partial.rename(path)
    return made


def landed() -> list[LandedFile]:
    """The zips as if they had been downloaded."""
    files = []
    for year in SIZES:
        path = FOLDER / f"{year}.zip"
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
    """Do what a build does with eight zips of which no rows are kept."""
    settings = Settings()
    shutil.rmtree(INPUTS / "surveys" / "cache", ignore_errors=True)
    path = INPUTS / "surveys" / f"warehouse-{os.getpid()}.duckdb"
    config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": settings.memory_limit}
    try:
        with closing(duckdb.connect(config=config)) as con:
            con.execute(f"attach '{path}' as warehouse; use warehouse; create schema raw")
            for table, columns in raw_tables().items():
                create_table(con, table, columns)
            reference.load(settings.reference, con)
            stack_overflow_survey.load(landed(), con)
            if with_models:
                for layer in ("staging", "intermediate"):
                    con.execute(f"create schema {layer}")
                for model in read_models(settings.sql, con):
                    if "stack_overflow_survey" in model.name or model.name == "reference__frameworks":
                        create_model(con, model)
            con.execute("checkpoint warehouse")
            print(con.execute("select count(*) from raw.stack_overflow_survey_answers").fetchall()[0][0])
    finally:
        path.unlink(missing_ok=True)


def read_with_pandas() -> None:
    """Read the same columns the usual way."""
    import pandas as pd

    forms = stack_overflow_survey.known_forms(Settings())
    rows = 0
    frames = []
    for year, form in forms.items():
        path = FOLDER / f"{year}.zip"
        with zipfile.ZipFile(path) as archive, archive.open(stack_overflow_survey.MEMBER) as member:
            frames.append(pd.read_csv(member, usecols=list(form.needed), na_values=["NA"]))
        rows += len(frames[-1])
    print(rows)


def main() -> None:
    """Measure and print a Markdown table."""
    make()
    size = sum((FOLDER / f"{year}.zip").stat().st_size for year in SIZES)
    for year in SIZES:
        with zipfile.ZipFile(FOLDER / f"{year}.zip") as archive:
            table = archive.infolist()[0].file_size
        told = (FOLDER / f"{year}.header.txt").read_text()
        print(f"{year}: {table / 1e6:.1f} MB (official {SIZES[year] / 1e6:.1f}), {told}")
    print(f"{size / 1e6:.0f} MB of zips, median of {RUNS} runs, {os.cpu_count()} cores\n")
    print("| what | wall s | CPU s | peak MB |\n| --- | --- | --- | --- |")
    lines = [
        Line(what, [sys.executable, "-m", "benchmarks.surveys", word])
        for what, word in (
            ("all eight years into the raw table", "parse"),
            ("the same and the survey's models", "models"),
            ("pandas: the same columns", "pandas"),
        )
    ]
    for what, run in alternate(lines, RUNS).items():
        print(f"| {what} | {run.wall:.2f} | {run.cpu:.2f} | {run.peak_mb:.0f} |")


if __name__ == "__main__":
    words = {"parse": lambda: parse(False), "models": lambda: parse(True), "pandas": read_with_pandas}
    words.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
