"""The frameworks that we follow, by their names at each source: data/reference/frameworks.csv and framework_names.csv.

A row added there is asked for by every source that has a column for it; no source keeps a list of its own.
"""

from datetime import date

from ..errors import SourceError
from ..settings import Settings
from .tables import read_rows


def followed(settings: Settings, column: str) -> dict[str, date | None]:
    """Names of the frameworks at one source, in order of importance, with the first release where it is known.

    Args:
        settings: says where the table is.
        column: of frameworks.csv; a framework without a name there is not asked for, nor is an answer or other library.
    """
    names: dict[str, date | None] = {}
    for row in read_rows(settings.reference, "frameworks"):
        name = (row.get(column) or "").strip()
        if name and row["is_framework"] == "true":
            text = row["first_release"]
            try:
                names.setdefault(name, date.fromisoformat(text) if text else None)
            except ValueError as error:
                path, cure = settings.reference / "frameworks.csv", f"Correct first_release of {row['framework']}."
                raise SourceError(str(path), "a date such as 2016-09-01", repr(text), cure) from error
    return names


def main_names(settings: Settings, column: str) -> dict[str, str]:
    """Names in a column of frameworks.csv, with the id of their framework, in order of importance."""
    rows = read_rows(settings.reference, "frameworks")
    return {row[column]: row["framework"] for row in rows if row[column]}


def further_names(settings: Settings, *uses: str) -> dict[str, str]:
    """Names of framework_names.csv for these uses, with the id of their framework."""
    rows = read_rows(settings.reference, "framework_names")
    return {row["name"]: row["framework"] for row in rows if row["used_for"] in uses}


def titles(settings: Settings, use: str) -> dict[str, str]:
    """Titles of framework_names.csv for a use by name: its works say there what they are called."""
    rows = read_rows(settings.reference, "framework_names")
    return {row["name"]: row["note"] for row in rows if row["used_for"] == use}
