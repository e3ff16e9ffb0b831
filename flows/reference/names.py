"""What each framework is called elsewhere: data/reference/frameworks.csv, and framework_names.csv for further names."""

import csv

from ..settings import Settings


def main_names(settings: Settings, column: str) -> dict[str, str]:
    """Names in a column of frameworks.csv, with the id of their framework, in order of importance."""
    rows = _rows(settings, "frameworks")
    return {row[column]: row["framework"] for row in rows if row[column]}


def further_names(settings: Settings, *uses: str) -> dict[str, str]:
    """Names of framework_names.csv for these uses, with the id of their framework."""
    return {row["name"]: row["framework"] for row in _rows(settings, "framework_names") if row["used_for"] in uses}


def titles(settings: Settings, use: str) -> dict[str, str]:
    """Titles of framework_names.csv for a use by name: its works say there what they are called."""
    return {row["name"]: row["note"] for row in _rows(settings, "framework_names") if row["used_for"] == use}


def _rows(settings: Settings, table: str) -> list[dict[str, str]]:
    with (settings.reference / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
