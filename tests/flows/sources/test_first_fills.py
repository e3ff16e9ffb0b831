"""First fills: told before they begin, in the README and by `trends status`."""

from dataclasses import replace
from datetime import UTC, datetime

from flows.refresh import report
from flows.refresh.health import health
from flows.settings import PROJECT, Settings
from flows.sources import first_fills

README = (PROJECT / "README.md").read_text(encoding="utf-8")
WRITTEN = datetime(2026, 11, 30, tzinfo=UTC)


def test_the_readme_tells_those_that_take_more_than_one_refresh() -> None:
    between = README.partition("<!-- first fills, November 2026 -->")[2].partition("<!-- /first fills -->")[0]
    assert between.strip() == first_fills.as_markdown(Settings(), WRITTEN)


def test_a_key_makes_a_fill_shorter() -> None:
    slow = first_fills.first_fills(Settings(), WRITTEN)
    fast = first_fills.first_fills(Settings(github_token="t", stack_exchange_key="k"), WRITTEN)
    assert slow["github_stars"].refreshes > 5
    assert slow["stack_overflow_questions"].refreshes > 3
    assert not fast.keys() & {"github_stars", "stack_overflow_questions"}
    assert slow["papers_after_2025"].refreshes > 10


def test_a_faster_pace_is_reckoned_with() -> None:
    slow = first_fills.first_fills(Settings(), WRITTEN)["conda_downloads"]
    fast = first_fills.first_fills(replace(Settings(), conda_months_per_refresh=60), WRITTEN)["conda_downloads"]
    assert (slow.requests, slow.refreshes, fast.refreshes) == (118, 5, 2)
    assert f"{slow}" == "The first fill takes about 118 requests in 5 refreshes."


def test_status_tells_them_before_anything_was_asked(embedded: Settings) -> None:
    found = health(embedded, WRITTEN)
    told = report.status(embedded, found, {})
    fills = first_fills.first_fills(embedded, WRITTEN)
    assert {one.source for one in found if one.first_fill} == set(fills)
    for name, fill in fills.items():
        assert f"{name}: The first fill takes about {fill.requests:,} requests" in told
