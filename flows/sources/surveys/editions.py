"""Editions of the Stack Overflow survey: where each one is, and which of its columns we read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ...reference import tables as reference
from ...settings import Settings

YEARS = "stack_overflow_survey_years"
ARCHIVE = "https://media.githubusercontent.com/media/StackExchange/Survey/main/packages/archive/{year}/results.csv"
ARCHIVE_COUNTS = (
    "https://raw.githubusercontent.com/StackExchange/Survey/main/packages/archive/{year}/json/technology.json"
)
NEXT_ADDRESSES = (
    ARCHIVE,
    "https://survey.stackoverflow.co/datasets/stack-overflow-developer-survey-{year}.zip",
)


@dataclass(frozen=True)
class Form:
    """The questionnaire of one year, as its row of the years table tells it; an empty text is a column it lacks.

    Attributes:
        year: of the edition.
        row_count: respondents in the public file.
        addresses: of the table, the one to ask first in front.
        published_files: SHA-256 and size of each table that the publisher has given out.
        aggregates: addresses of the publisher's own counts.
        aggregates_topic: what they call the question.
    """

    year: int
    row_count: int | None
    addresses: tuple[str, ...]
    published_files: tuple[tuple[str, int], ...]
    aggregates: tuple[str, ...]
    aggregates_topic: str
    respondent_column: str
    branch_column: str
    worked_with_column: str
    wanted_column: str
    admired_column: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a row of the years table."""
        texts = {name: row[name] or "" for name in cls.__dataclass_fields__ if name.endswith(("_column", "_topic"))}
        published = (file.split(":") for file in _listed(row["published_files"]))
        return cls(
            year=int(row["year"]),
            row_count=int(row["row_count"]) if row["row_count"] else None,
            addresses=_listed(row["addresses"]),
            published_files=tuple((sha256, int(size)) for sha256, size in published),
            aggregates=_listed(row["aggregates"]),
            **texts,
        )

    @property
    def is_asked(self) -> bool:
        """Whether the edition asked about frameworks; one that asked nothing is complete without any file."""
        return bool(self.worked_with_column)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that we read, in the order of the raw table; empty texts for those that the form lacks."""
        questions = (self.worked_with_column, self.wanted_column, self.admired_column)
        return (self.respondent_column, self.branch_column, *questions)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file of this year has."""
        return tuple(column for column in self.columns if column)


def known_forms(settings: Settings) -> dict[int, Form]:
    """The years table, by year."""
    return {form.year: form for form in map(Form.of, reference.read_rows(settings.reference, YEARS))}


def form_of(forms: dict[int, Form], year: int) -> Form:
    """The form of a year; a year without a row is taken to ask like the last one that had the question."""
    if year in forms:
        return forms[year]
    last = forms[max(year for year, form in forms.items() if form.is_asked)]
    addresses = tuple(address.format(year=year) for address in NEXT_ADDRESSES)
    return Form(year, None, addresses, (), (), "", *last.columns)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").split("|")) if text else ()
