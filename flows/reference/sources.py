"""What the reference tables say of sources: data/reference/sources.csv and redistribution.csv."""

from dataclasses import dataclass
from datetime import timedelta

from ..errors import SourceError
from ..settings import Settings
from .tables import read_rows

REDISTRIBUTION = ("yes", "figures only", "no")
PASSED_ON = ("yes", "figures only")


@dataclass(frozen=True)
class SourceRow:
    """A source's row of data/reference/sources.csv, as far as the flows need it."""

    source: str
    cadence: timedelta
    licence: str
    attribution: str
    is_ended: bool


def source_names(settings: Settings) -> list[str]:
    """Every source, in the order of its row."""
    return [row["source"] for row in read_rows(settings.reference, "sources")]


def source_row(settings: Settings, source: str) -> SourceRow:
    """What sources.csv says of a source."""
    for row in read_rows(settings.reference, "sources"):
        if row["source"] == source:
            cadence = timedelta(days=int(row["cadence_days"]))
            is_ended = row.get("publisher_state", "alive") == "closed"
            return SourceRow(source, cadence, row["licence"], row["attribution"], is_ended)
    path = settings.reference / "sources.csv"
    raise SourceError(str(path), f"a row for the source {source}", "none", "Add the row; CONTRIBUTING tells how.")


def redistribution(settings: Settings) -> dict[str, tuple[str, str]]:
    """By source: whether its figures may be passed on, and why."""
    rules = {
        row["source"]: (row["redistribution"], row["reason"]) for row in read_rows(settings.reference, "redistribution")
    }
    for source, (value, _) in rules.items():
        if value not in REDISTRIBUTION:
            path = str(settings.reference / "redistribution.csv")
            expected = f"one of {', '.join(REDISTRIBUTION)} for {source}"
            raise SourceError(path, expected, repr(value), "Correct the row.")
    return rules
