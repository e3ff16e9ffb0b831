"""The frameworks that we follow, by their names at each source: the rows of data/reference/frameworks.csv.

A row added there is asked for by every source that has a column for it; no source keeps a list of its own.
"""

import csv
from datetime import date

from ..errors import SourceError
from ..settings import Settings


def followed(settings: Settings, column: str) -> dict[str, date | None]:
    """Names of the frameworks at one source, in order of importance, with the first release where it is known.

    Args:
        settings: says where the table is.
        column: of frameworks.csv; a framework without a name there is not asked for, nor is an answer or other library.
    """
    path = settings.reference / "frameworks.csv"
    names: dict[str, date | None] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = (row.get(column) or "").strip()
            if name and row["is_framework"] == "true":
                text = row["first_release"]
                try:
                    names.setdefault(name, date.fromisoformat(text) if text else None)
                except ValueError as error:
                    cure = f"Correct first_release of {row['framework']}."
                    raise SourceError(str(path), "a date such as 2016-09-01", repr(text), cure) from error
    return names
