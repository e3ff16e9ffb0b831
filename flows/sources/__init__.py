"""The outside sources, one module each.

A module holds constants, `fetch` (network, no thinking) and `load` (thinking, no network). To add a source, write its
module, add it to MODULES and give it a row in data/reference/sources.csv. A module may also state:

- PACES: how many requests each of its hosts allows (flows/network/pace.py);
- REDIRECTS: hosts, or patterns of hosts, that its own lead to, and OPTIONAL: those that are asked where others fail;
- first_fill: how many requests its history takes, where that is more than one refresh makes (first_fills.py);
- PROBES: a small question to each host, and the shape of its answer (flows/network/probing.py).
- WANTED, a table of sql/, and AFTER, the sources that it is made from: the source is asked after those, and gets the
  rows of the table as `landing.wanted`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from ..engine import duckdb
from ..landing.landing import LandedFile, Landing
from ..settings import Settings

# Where each source's module lies, by the source's name; in this order they are loaded and scheduled.
MODULES = {
    "papers_with_code": "papers_with_code",
    "google_trends": "google_trends.source",
    "stack_overflow_survey": "surveys.stack_overflow_survey",
    "kaggle_survey": "surveys.kaggle_survey",
    "conference_papers": "conference_papers",
    "papers_after_2025": "papers_after_2025.source",
    "repository_frameworks": "repository_frameworks.source",
    "pypi_downloads": "pypi_downloads",
    "conda_downloads": "conda_downloads",
    "huggingface_models": "huggingface_models",
    "github_stars": "github_stars",
    "stack_overflow_questions": "stack_overflow_questions",
    "openalex_citations": "openalex_citations",
    "hn_hiring": "hn_hiring",
    "github_dependents": "github_dependents",
}
NAMES = tuple(MODULES)
# Those without hosts: they are not asked, and only take files.
TAKEN = frozenset({"kaggle_survey", "conference_papers"})

# Every raw table ends in these: when its rows were landed, and from which file below data/raw.
LANDED_COLUMNS = {"_landed_at": "TIMESTAMP", "_source_file": "VARCHAR"}


@runtime_checkable
class Source(Protocol):
    """What a module of this package offers."""

    @property
    def NAME(self) -> str:
        """The source's name in every table."""

    @property
    def HOSTS(self) -> tuple[str, ...]:
        """The hosts that it asks, for finding out whether there is a network; none if it only takes files."""

    @property
    def TABLES(self) -> dict[str, dict[str, str]]:
        """Columns and DuckDB types of its raw tables by name, without LANDED_COLUMNS."""

    def fetch(self, landing: Landing, settings: Settings) -> str | None:
        """Land what is new; return what the operator should know, such as how far a first fill is."""

    def load(self, landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
        """Fill the raw tables from landed files."""


if TYPE_CHECKING:
    SOURCES: tuple[Source, ...]


def source_of(name: str) -> Source:
    """The module of a source, imported when it is first asked for: a refresh of one source needs no other's."""
    return cast(Source, import_module(f".{MODULES[name]}", __name__))


def __getattr__(name: str) -> Any:
    """SOURCES: the modules of all sources."""
    if name != "SOURCES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return tuple(map(source_of, NAMES))
