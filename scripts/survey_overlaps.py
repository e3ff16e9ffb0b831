"""Make data/reference/survey_overlaps.csv: how many respondents of a survey named only one of two frameworks, or both.

`python -m scripts.survey_overlaps FOLDER` reads the Kaggle survey's files under the layout of 2022 from FOLDER, one
folder a year, and keeps counts alone: rows of respondents never enter the project.
"""

import csv
import gzip
import io
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from flows.settings import PROJECT

FILE = PROJECT / "data" / "reference" / "survey_overlaps.csv"
COLUMNS = ("source", "series", "population", "period", "framework_a", "framework_b",
           "only_a_count", "both_count", "only_b_count", "reference")  # fmt: skip
YEARS = (2018, 2019, 2020, 2022)
QUESTION, JOB = "Q17", "Q23"


def frameworks() -> dict[str, str]:
    """Id of each compared framework by the survey's words for it in lower case, in the order of importance."""
    with (PROJECT / "data" / "reference" / "frameworks.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["is_compared"] == "true"]
    return {
        token.strip().lower(): row["framework"] for row in rows for token in row["kaggle_tokens"].split("|") if token
    }


def respondents(file: Path, names: dict[str, str]) -> Iterator[tuple[bool, frozenset[str]]]:
    """Whether each respondent is a data scientist, and the frameworks that they named."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        header = next(rows)
        options = [place for place, column in enumerate(header) if column.startswith(QUESTION)]
        job = header.index(JOB)
        next(rows)  # the questions in words
        for row in rows:
            named = frozenset(names[word] for place in options if (word := row[place].strip().lower()) in names)
            yield row[job].strip() == "Data Scientist", named


def overlaps(folder: Path) -> Iterator[tuple[str, ...]]:
    """Rows of the table."""
    names = frameworks()
    order = list(dict.fromkeys(names.values()))
    for year in YEARS:
        [file] = (folder / str(year)).glob("*_trimmed_2022layout.csv.gz")
        held = list(respondents(file, names))
        for population, chosen in (
            ("all respondents", [named for _, named in held]),
            ("data scientists", [named for is_scientist, named in held if is_scientist]),
        ):
            asked = [name for name in order if any(name in named for named in chosen)]
            for a, b in combinations(asked, 2):
                only_a = sum(a in named and b not in named for named in chosen)
                both = sum(a in named and b in named for named in chosen)
                only_b = sum(b in named and a not in named for named in chosen)
                counts = (str(only_a), str(both), str(only_b))
                yield (
                    "kaggle_survey",
                    "ml_frameworks_used",
                    population,
                    f"{year}-01-01",
                    a,
                    b,
                    *counts,
                    "kaggle_merged",
                )


def table(folder: Path) -> str:
    """The file's text."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(overlaps(folder))
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(table(Path(sys.argv[1])), encoding="utf-8")
