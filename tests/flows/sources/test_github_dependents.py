"""Repositories that declare a package: the last list of each month, and what is no list."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.errors import SourceError
from flows.settings import Settings
from flows.sources import github_dependents
from tests.flows.sources.pulled import Pulled, modelled, pull
from tests.loopback import Answer, Loopback

HOST = "raw.githubusercontent.com"
NOW = datetime(2026, 1, 10, tzinfo=UTC)
MODELS = ("staging/github_dependents__lists", "intermediate/github_dependents_observations")
HEAD = "projectrank,name,github_id,github_url,github_dependent_project_count"


def serve(server: Loopback, day: str, *rows: str, answer: Answer | None = None) -> None:
    answer = answer or Answer("\n".join([HEAD, *rows]) + "\n")
    server.answer(HOST, f"/dsanr/best-of-ML/main/history/{day}_projects.csv", answer)


def row(repository: str, count: object) -> str:
    return f"1,A name,old/name,https://github.com/{repository},{count}"


def figures(settings: Settings, pulled: Pulled) -> dict[tuple[date, str], float]:
    rows = modelled(settings, github_dependents, pulled.landed, *MODELS)
    return {(row["period_start"], row["framework"]): row["value"] for row in rows}


def test_the_last_list_of_each_month_counts(server: Loopback, settings: Settings) -> None:
    serve(server, "2025-12-25", row("pytorch/pytorch", "840000.0"), row("jax-ml/jax", "47000"), row("other/one", "5"))
    rows = [row("pytorch/pytorch", "830000.0"), row("tensorflow/tensorflow", ""), row("other/one", "5")]
    serve(server, "2025-11-27", *rows, row("other/two", "4"))
    pulled = pull(settings, github_dependents, NOW)
    assert pulled.note is None
    assert figures(settings, pulled) == {
        (date(2025, 12, 1), "pytorch"): 840000,
        (date(2025, 12, 1), "jax"): 47000,
        (date(2025, 11, 1), "pytorch"): 830000,
    }
    assert pull(settings, github_dependents, NOW, checks=pulled.checks).names == pulled.names
    assert len(server.requests) == 2, "a month that is held is not asked for again"


def test_a_list_that_was_not_taken_in_leaves_the_one_before(server: Loopback, settings: Settings) -> None:
    assert github_dependents.thursdays(date(2026, 4, 1)) == [date(2026, 4, 30), date(2026, 4, 23)]
    serve(server, "2025-12-25", row("pytorch/pytorch", 9))
    first = pull(settings, github_dependents, NOW)
    assert "1 missing for now (2025-11)" in (first.note or "")
    for day in ("2026-01-29", "2026-02-26", "2026-03-26", "2026-04-23", "2025-11-27"):
        serve(server, day, row("pytorch/pytorch", 10))
    later = pull(settings, github_dependents, datetime(2026, 5, 2, tzinfo=UTC), checks=first.checks)
    assert later.note is None
    assert figures(settings, later)[date(2026, 4, 1), "pytorch"] == 10
    assert "2026-04-30" in server.requests[2].path


def test_nothing_new_is_a_note_and_nothing_at_all_a_failure(server: Loopback, settings: Settings) -> None:
    with pytest.raises(SourceError, match="found status 404"):
        pull(settings, github_dependents, NOW)
    for day in ("2025-12-25", "2025-11-27"):
        serve(server, day, row("pytorch/pytorch", 9))
    first = pull(settings, github_dependents, NOW)
    later = pull(settings, github_dependents, NOW + timedelta(days=31), checks=first.checks)
    assert "Months of lists: 1 missing for now (2026-01)" in (later.note or "")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("<!doctype html><title>Sign in</title>"), "found an HTML page ('Sign in')"),
        (Answer("a,b\n1,2\n"), "expected a list with the columns github_url and github_dependent_project_count"),
        (Answer(f"{HEAD}\n{row('a/b', '')}\n"), "expected the dependents of at least 1 projects, found those of 0"),
        (Answer(f"{HEAD}\n{row('a/b', 'many')}\n{row('c/d', 5)}\n"), "found 1 in 2 of 2 rows"),
    ],
    ids=["page", "renamed", "empty", "words"],
)
def test_what_is_no_list_is_refused(server: Loopback, settings: Settings, answer: Any, words: str) -> None:
    serve(server, "2025-12-25", answer=answer)
    serve(server, "2025-11-27", row("pytorch/pytorch", 9))
    pulled = pull(settings, github_dependents, NOW)
    assert words in (pulled.note or "")
    assert pulled.names == ["2025-11.csv"]


def test_a_list_with_half_of_the_projects_is_refused(server: Loopback, settings: Settings) -> None:
    serve(server, "2025-12-25", *(row(f"a/{number}", number + 1) for number in range(20)))
    serve(server, "2025-11-27", *(row(f"a/{number}", number + 1) for number in range(10)))
    note = pull(settings, github_dependents, NOW).note or ""
    assert "expected the dependents of at least 15 projects, found those of 10" in note
