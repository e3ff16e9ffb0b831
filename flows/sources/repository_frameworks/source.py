"""Frameworks of research repositories, told by ourselves since Papers With Code, which labelled them, has closed.

Asked of GitHub's GraphQL service: for each repository its tree, README, manifests and a few code files at one commit.
Which repositories is a model (intermediate.repositories_to_label): those of the papers since August 2025, and a draw
from the archive of Papers With Code, on which our labels are compared with theirs. The labels are rules in SQL.

What is landed of a repository: README and manifests whole, of code files only the lines that import, include or
require. Nobody's code is kept. What it cannot tell: private and deleted repositories; what a framework is used for.
A token is needed (GITHUB_TOKEN, without any rights); GitHub answers no GraphQL query without one. Facts, no licence;
a README is its author's text and stands in no export.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from ...engine import duckdb
from ...landing import ledger
from ...landing.landing import LandedFile, Landing
from ...landing.ledger import Ledger
from ...network.budget import Budget
from ...network.pace import Pace
from ...network.probing import Probe
from ...network.web import Web
from ...settings import Settings
from .reading import CALIBRATION, Repository
from .service import ADDRESS, Service
from .walk import Walk

NAME = "repository_frameworks"
HOST = "api.github.com"
HOSTS = (HOST,)
# One query at a time, and none within a second of the answer before: a minute allows 60 s of GitHub's processor time.
PACES = {HOST: Pace(1, 1)}
TABLES = {"repository_frameworks_answers": ledger.COLUMNS}

PROBES = (
    Probe(
        f"https://{HOST}/graphql",
        {"message": str, "documentation_url": str, ...: None},
        data='{"query": "{ rateLimit { limit remaining } }"}',
        good=(401, 403),  # what it answers without a token
    ),
)

# The refresh asks these first, makes this table of what they landed, and hands its rows over as `landing.wanted`.
AFTER = ("papers_with_code", "papers_after_2025")
WANTED = "intermediate.repositories_to_label"

SETTLES = timedelta(days=45)  # repositories are filled and linked weeks after the paper


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Land what repositories say of themselves, as many as time and quota allow; say how far it is."""
    wanted = list(due(landing.wanted, settings, landing.now))
    if not wanted:
        return "No repository is asked for yet: neither the archive nor a list of papers is landed."
    if not settings.github_token and not settings.mirror:
        return (
            f"Not asked: labelling {len(wanted):,} repositories needs a token, as GitHub answers no GraphQL query "
            "without one. Make one without any rights and set GITHUB_TOKEN."
        )
    budget = Budget(settings.labels_seconds, setting="TRENDS_LABELS_SECONDS")
    with Web(settings, budget, source=NAME, paces=PACES, is_noted=True) as web, Ledger(landing, ADDRESS) as answers:
        return Walk(Service(web, settings.github_token, landing.now), landing.now, answers).through(wanted)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.repository_frameworks_answers, one row per answer."""
    ledger.load(landed, con, "repository_frameworks_answers")


def due(rows: Iterable[tuple[Any, ...]], settings: Settings, now: datetime) -> Iterator[Repository]:
    """Those of the wanted rows whose turn has come: the archive's first, then the newest months that have settled.

    One that is in several lists comes once.
    """
    seen: set[str] = set()
    for repository, purpose, month_start, _, _, place in sorted(rows, key=_turn):
        is_due = purpose == CALIBRATION or (place <= settings.labels_per_month and _settled(month_start) <= now.date())
        if is_due and repository not in seen:
            seen.add(repository)
            owner, _, name = repository.partition("/")
            yield Repository(owner, name, purpose)


def _settled(month_start: date) -> date:
    return (month_start.replace(day=1) + timedelta(days=32)).replace(day=1) + SETTLES


def _turn(row: tuple[Any, ...]) -> tuple[Any, ...]:
    repository, purpose, month_start, _, _, place = row
    return (purpose != CALIBRATION, place if purpose == CALIBRATION else -month_start.toordinal(), place, repository)
