"""What a source raises becomes its failed check, with all that the scheduler must know."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from flows.errors import NetworkError, SourceError
from flows.landing.landing import Landing
from flows.refresh import steps
from flows.settings import Settings

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def that_may_pass(kind: type[SourceError], may_pass: bool) -> SourceError:
    error = kind("https://a.org", "an answer", "none", "Wait.")
    error.may_pass = may_pass
    return error


@pytest.mark.parametrize("kind", [SourceError, NetworkError])
@pytest.mark.parametrize("may_pass", [True, False])
def test_whether_it_may_pass_reaches_the_check(settings: Settings, kind: type[SourceError], may_pass: bool) -> None:
    def fetch(_: Landing, __: Settings) -> None:
        raise that_may_pass(kind, may_pass)

    source: Any = SimpleNamespace(NAME="openalex_citations", HOSTS=("a.org",), TABLES={}, fetch=fetch)
    check = steps.pull_one(settings, source, NOW)
    assert (check.outcome, check.may_pass) == ("failed", may_pass)
