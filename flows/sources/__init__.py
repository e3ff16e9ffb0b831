"""The outside sources, one module each.

A module holds constants, `fetch` (network, no thinking) and `load` (thinking, no network). To add a source, write its
module, add it to SOURCES and give it a row in data/reference/sources.csv. A module may also state:

- PACES: how many requests each of its hosts allows (flows/network/pace.py);
- REDIRECTS: hosts, or patterns of hosts, that its own lead to, and OPTIONAL: those that are asked where others fail;
- first_fill: how many requests its history takes, where that is more than one refresh makes (first_fills.py);
- PROBES: a small question to each host, and the shape of its answer (flows/network/probing.py).
- WANTED, a table of sql/, and AFTER, the sources that it is made from: the source is asked after those, and gets the
  rows of the table as `landing.wanted`.
"""

from typing import Protocol

import duckdb

from ..landing.landing import LandedFile, Landing
from ..settings import Settings
from . import (
    conda_downloads,
    conference_papers,
    github_dependents,
    github_stars,
    hn_hiring,
    huggingface_models,
    openalex_citations,
    papers_with_code,
    pypi_downloads,
    stack_overflow_questions,
)
from .google_trends import source as google_trends
from .papers_after_2025 import source as papers_after_2025
from .repository_frameworks import source as repository_frameworks
from .surveys import kaggle_survey, stack_overflow_survey

# Every raw table ends in these: when its rows were landed, and from which file below data/raw.
LANDED_COLUMNS = {"_landed_at": "TIMESTAMP", "_source_file": "VARCHAR"}


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


SOURCES: tuple[Source, ...] = (
    papers_with_code,
    google_trends,
    stack_overflow_survey,
    kaggle_survey,
    conference_papers,
    papers_after_2025,
    repository_frameworks,
    pypi_downloads,
    conda_downloads,
    huggingface_models,
    github_stars,
    stack_overflow_questions,
    openalex_citations,
    hn_hiring,
    github_dependents,
)
