"""GitHub: what is asked, in which order and how fast, and what becomes of answers that cannot be right."""

import gzip
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.landing.landing import landed_files
from flows.network.pace import Pace
from flows.settings import Settings
from flows.sources import github_stars
from tests.activity import GITHUB, asked, following, pulled, raw, serve_repository, weeks_up_to
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)  # a Saturday
TORCH, FLOW = "pytorch/pytorch", "tensorflow/tensorflow"
HISTORY = "/repos/{}/stargazers/history?per_page=30&page={}"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_stars, "PACES", {})


@pytest.fixture
def pair(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a project that follows two repositories."""
    names = {"pytorch": (TORCH, ""), "tensorflow": (FLOW, "")}
    return following(settings, tmp_path, "github_repo", names)


def listed(settings: Settings, repository: str) -> list[tuple[Any, ...]]:
    """Weeks held of a repository."""
    with raw(settings, github_stars) as con:
        return con.execute(
            'select distinct unnest(from_json(body, \'[{"week": "BIGINT"}]\')).week as week '
            f"from raw.github_stars_answers where kind = 'history' and subject = '{repository}' order by week desc"
        ).fetchall()


def test_the_list_is_followed_to_its_end_and_the_newest_of_all_come_first(server: Loopback, pair: Settings) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 61))
    check = pulled(pair, github_stars, NOW)
    assert (check.outcome, check.message) == ("downloaded", "")
    assert asked(server, GITHUB) == [
        f"/repos/{TORCH}",
        HISTORY.format(TORCH, 1),
        f"/repos/{FLOW}",
        HISTORY.format(FLOW, 1),
        *(HISTORY.format(TORCH, page) for page in (2, 2, 3)[1:]),
        *(HISTORY.format(FLOW, page) for page in (2, 3)),
    ]
    assert len(listed(pair, TORCH)) == 61, "the last page holds one week"
    assert {request.headers["X-GitHub-Api-Version"] for request in server.requests} == {"2026-03-10"}


def test_a_second_refresh_asks_for_today_and_the_newest_page_alone(server: Loopback, pair: Settings) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 61))
    pulled(pair, github_stars, NOW)
    later = NOW + timedelta(days=20)
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(later, 64))
    server.requests.clear()
    pulled(pair, github_stars, later)
    assert asked(server, GITHUB) == [
        one for repository in (TORCH, FLOW) for one in (f"/repos/{repository}", HISTORY.format(repository, 1))
    ]
    assert len(listed(pair, TORCH)) == 64


def test_after_a_long_pause_new_pages_are_asked_until_a_known_week(server: Loopback, pair: Settings) -> None:
    serve_repository(server, TORCH, weeks_up_to(NOW, 90))
    serve_repository(server, FLOW, weeks_up_to(NOW, 2))
    pulled(pair, github_stars, NOW)
    later = NOW + timedelta(weeks=40)
    serve_repository(server, TORCH, weeks_up_to(later, 130))
    serve_repository(server, FLOW, weeks_up_to(later, 42))
    server.requests.clear()
    pulled(pair, github_stars, later)
    pages = [one for one in asked(server, GITHUB) if "history" in one and TORCH in one]
    assert pages == [HISTORY.format(TORCH, 1), HISTORY.format(TORCH, 2)]
    assert len(listed(pair, TORCH)) == 130


class Quota:
    """Headers of a service that gives so many answers."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> Mapping[str, str]:
        self.left -= 1
        reset = int((NOW + timedelta(minutes=45)).timestamp())
        return {
            "X-RateLimit-Limit": "60",
            "X-RateLimit-Remaining": str(max(0, self.left)),
            "X-RateLimit-Reset": str(reset),
        }


def test_a_spent_quota_ends_the_run_politely_and_the_next_one_goes_on(server: Loopback, pair: Settings) -> None:
    quota = Quota(5)
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 70), headers=quota)
    check = pulled(pair, github_stars, NOW)
    assert len(server.requests) == 5, "nothing is asked once the quota is spent"
    assert check.outcome == "downloaded"
    assert check.message == (
        "GitHub's quota of 60 requests is spent, it returns 2026-11-21 15:00 UTC. 0 of 2 histories of stars "
        "are held; the next refresh goes on with the others."
    )
    assert (len(listed(pair, TORCH)), len(listed(pair, FLOW))) == (60, 30)
    server.requests.clear()
    quota.left = 100
    assert pulled(pair, github_stars, NOW + timedelta(hours=1)).message == ""
    assert [one for one in asked(server, GITHUB) if "history" in one] == [
        HISTORY.format(TORCH, 1),
        HISTORY.format(FLOW, 1),
        HISTORY.format(TORCH, 3),
        HISTORY.format(FLOW, 2),
        HISTORY.format(FLOW, 3),
    ]
    assert (len(listed(pair, TORCH)), len(listed(pair, FLOW))) == (70, 70)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer({"message": "API rate limit exceeded"}, status=403, headers=Quota(1)()), "returns 2026-11-21 15:00"),
        (Answer(b"", status=429, headers={"Retry-After": "90"}), "stay away until 2026-11-21 14:16 UTC"),
        (Answer({"message": "secondary rate limit"}, status=403), "does not say for how long"),
    ],
)
def test_a_quota_answer_at_the_start_leaves_what_is_held(
    server: Loopback, pair: Settings, answer: Answer, words: str
) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 3))
    pulled(pair, github_stars, NOW - timedelta(days=1))
    held = landed_files(pair, "github_stars")
    server.answer(GITHUB, f"/repos/{TORCH}", answer)
    server.requests.clear()
    check = pulled(pair, github_stars, NOW)
    assert (check.outcome, len(server.requests)) == ("failed", 1)
    for part in ("expected an answer within the quota, found", words, "Refresh again after that"):
        assert part in check.message
    assert landed_files(pair, "github_stars") == held


def week(**values: Any) -> dict[str, Any]:
    return {"week": 1795305600, "total": 3, "days": [0, 0, 0, 0, 0, 1, 2]} | values  # 2026-11-22 is a Sunday


WEEK = week(week=1794700800)
BAD_HISTORY = [
    ("<html><title>Sign in</title>", "expected a JSON document, found an HTML page"),
    ("[{", "found JSON that breaks off"),
    ({"message": "no"}, "expected a list of weeks"),
    ([], "expected weeks, found an empty list"),
    ([WEEK | {"total": None}], "expected a total that is the sum of its days"),
    ([WEEK | {"total": 4}], "expected a total that is the sum of its days"),
    ([WEEK | {"days": [0, 0, 0, 0, 1, 2]}], "expected a week with seven whole numbers"),
    ([WEEK | {"days": [0, 0, 0, 0, 0, None, 3]}], "expected a week with seven whole numbers"),
    ([WEEK | {"days": [0, 0, 0, 0, 0, -1, 4]}], "expected a week with seven whole numbers"),
    ([WEEK | {"week": None}], "expected a week with seven whole numbers"),
    ([week(week=1796515200)], "expected weeks up to 2026-11-21, found one that begins 2026-12-06"),
    ([WEEK, WEEK | {"days": [3, 0, 0, 0, 0, 0, 0]}], "expected each week once"),
    ([WEEK, week(week=1794700800 - 6 * 86400)], "expected weeks that begin on one weekday"),
]


@pytest.mark.parametrize(("body", "words"), BAD_HISTORY)
def test_a_history_that_cannot_be_right_is_refused_and_the_others_go_on(
    server: Loopback, pair: Settings, body: Any, words: str
) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW - timedelta(days=7), 3))
    pulled(pair, github_stars, NOW - timedelta(days=7))
    server.answer(GITHUB, f"/repos/{TORCH}/stargazers/history", Answer(body))
    serve_repository(server, FLOW, weeks_up_to(NOW, 4))
    check = pulled(pair, github_stars, NOW)
    assert check.outcome == "downloaded"
    address = f"https://api.github.com/repos/{TORCH}/stargazers/history?per_page=30&page=1: expected"
    for part in (f"1 missing for now ({TORCH}). {address}", words, "Open the address in a browser"):
        assert part in check.message
    assert (len(listed(pair, TORCH)), len(listed(pair, FLOW))) == (3, 4)


@pytest.mark.parametrize("value", [None, "many", -1, 1.5, True])
def test_counts_that_are_no_whole_numbers_are_refused(server: Loopback, pair: Settings, value: Any) -> None:
    for repository in (TORCH, FLOW):
        counts = {"stargazers_count": value, "forks_count": 1, "open_issues_count": 1}
        server.answer(GITHUB, f"/repos/{repository}", Answer(counts))
    check = pulled(pair, github_stars, NOW)
    assert check.outcome == "failed"
    assert "expected whole numbers as stargazers_count, forks_count, open_issues_count, found" in check.message
    assert landed_files(pair, "github_stars") == []


def test_numbers_as_text_and_a_week_that_comes_twice_are_read_all_the_same(server: Loopback, pair: Settings) -> None:
    text = {"week": "1794700800", "total": "3", "days": ["0", 0, 0, 0, 0, "1", 2]}
    for repository in (TORCH, FLOW):
        counts = {"stargazers_count": "12", "forks_count": "1", "open_issues_count": 1}
        server.answer(GITHUB, f"/repos/{repository}", Answer(counts))
        server.answer(GITHUB, f"/repos/{repository}/stargazers/history", Answer([text, WEEK]))
    assert pulled(pair, github_stars, NOW).message == ""
    assert listed(pair, TORCH) == [(1794700800,)]


def test_a_renamed_repository_is_followed_and_named(server: Loopback, pair: Settings) -> None:
    serve_repository(server, "neworg/flow", weeks_up_to(NOW, 40))
    serve_repository(server, TORCH, weeks_up_to(NOW, 3))
    for ending in ("", "/stargazers/history"):
        moved = f"https://api.github.com/repos/neworg/flow{ending}"

        def redirect(request: Any, moved: str = moved) -> Answer:
            return Answer.redirect(f"{moved}?{request.query}" if request.query else moved, status=301)

        server.answer(GITHUB, f"/repos/{FLOW}{ending}", redirect)
    check = pulled(pair, github_stars, NOW)
    assert check.outcome == "downloaded"
    assert check.message == f"{FLOW} is now neworg/flow; correct github_repo in data/reference/frameworks.csv."
    assert len(listed(pair, FLOW)) == 40


def test_a_repository_that_is_gone_is_named_and_the_others_go_on(server: Loopback, pair: Settings) -> None:
    serve_repository(server, FLOW, weeks_up_to(NOW, 3))
    check = pulled(pair, github_stars, NOW)
    assert check.outcome == "downloaded"
    assert f"1 missing for now ({TORCH}). https://api.github.com/repos/{TORCH}: expected an answer" in check.message
    assert "found status 404" in check.message
    assert "Correct github_repo" in check.message
    assert len(listed(pair, FLOW)) == 3


def paged(server: Loopback, pages: Mapping[int, tuple[list[dict[str, Any]], int | str | None]]) -> None:
    """The history of the first repository, page by page: its weeks, and the page or address that it links to."""
    path = f"/repos/{TORCH}/stargazers/history"
    for page, (weeks, link) in pages.items():
        address = link if isinstance(link, str) else f"https://api.github.com{path}?per_page=30&page={link}"
        headers = {"Link": f'<{address}>; rel="next"'} if link else {}
        server.answer(GITHUB, f"{path}?per_page=30&page={page}", Answer(weeks, headers=headers))


def test_an_empty_page_in_the_middle_does_not_end_the_list(server: Loopback, pair: Settings) -> None:
    weeks = weeks_up_to(NOW, 61)
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks)
    paged(server, {1: (weeks[:30], 2), 2: ([], 3), 3: (weeks[60:], None)})
    assert pulled(pair, github_stars, NOW).message == ""
    assert len(listed(pair, TORCH)) == 31


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (2, "expected a link to the next page, found one to https://api.github.com/repos/pytorch/pytorch"),
        (
            "https://example.org/next?page=3",
            "expected a next page at https://api.github.com, found https://example.org",
        ),
    ],
)
def test_a_link_that_leads_in_a_ring_or_away_is_not_followed(
    server: Loopback, pair: Settings, link: int | str, words: str
) -> None:
    weeks = weeks_up_to(NOW, 61)
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks)
    paged(server, {1: (weeks[:30], 2), 2: (weeks[30:60], link)})
    check = pulled(pair, github_stars, NOW)
    assert words in check.message
    assert (len(listed(pair, TORCH)), len(listed(pair, FLOW))) == (30, 61)
    assert len(server.asked(f"/repos/{TORCH}/stargazers/history")) == 2


def test_a_page_that_repeats_the_one_before_is_not_followed(server: Loopback, pair: Settings) -> None:
    weeks = weeks_up_to(NOW, 61)
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks)
    paged(server, {1: (weeks[:30], 2), 2: (weeks[:30], 3)})
    check = pulled(pair, github_stars, NOW)
    assert "page=2: expected older weeks than those before, found none but those" in check.message


def test_a_full_page_without_a_link_is_not_the_end(server: Loopback, pair: Settings) -> None:
    weeks = weeks_up_to(NOW, 61)
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks)
    paged(server, {1: (weeks[:30], None), 2: (weeks[30:60], None), 3: (weeks[60:], None)})
    assert pulled(pair, github_stars, NOW).message == ""
    assert len(listed(pair, TORCH)) == 61


def test_a_full_page_that_reaches_the_creation_is_the_end(server: Loopback, pair: Settings) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 30))
    assert pulled(pair, github_stars, NOW).message == ""
    assert len(server.requests) == 4


SPAMMED = Answer({"message": "Validation failed, or the endpoint has been spammed."}, status=422)


def test_a_422_is_a_pause_and_nothing_more_is_asked(server: Loopback, pair: Settings) -> None:
    weeks = weeks_up_to(NOW, 61)
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks)
    server.answer(GITHUB, f"/repos/{FLOW}/stargazers/history", SPAMMED)
    check = pulled(pair, github_stars, NOW)
    assert check.outcome == "downloaded", "what the other repository said is kept"
    assert "GitHub asks us to pause (status 422, 'Validation failed, or the endpoint has been spammed.')" in (
        check.message
    )
    assert (
        f"0 of 2 histories of stars are held; the next refresh goes on with the others. Not asked today: {FLOW}."
        in check.message
    )
    assert len(server.asked(f"/repos/{FLOW}/stargazers/history")) == 1
    assert len(server.asked(f"/repos/{TORCH}/stargazers/history")) == 1, "older weeks wait as well"
    server.requests.clear()
    serve_repository(server, FLOW, weeks)
    assert pulled(pair, github_stars, NOW + timedelta(hours=1)).message == ""
    assert server.requests[0].path == f"/repos/{FLOW}", "who was left out comes first"
    assert len(listed(pair, FLOW)) == 61


def test_a_422_at_once_is_a_failure_that_passes(server: Loopback, pair: Settings) -> None:
    server.answer(GITHUB, f"/repos/{TORCH}", SPAMMED)
    check = pulled(pair, github_stars, NOW)
    assert (check.outcome, check.may_pass, len(server.requests)) == ("failed", True, 1)


def test_the_page_of_a_firewall_stops_the_asking(server: Loopback, pair: Settings) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 3))
    server.answer(GITHUB, f"/repos/{FLOW}", Answer("<!doctype html><title>Access denied</title>", status=403))
    check = pulled(pair, github_stars, NOW)
    assert check.outcome == "downloaded"
    assert "tatus 403 with an HTML page ('Access denied')" in check.message
    assert f"1 missing for now ({FLOW})" in check.message


def test_a_token_is_not_sent_to_a_mirror(server: Loopback, pair: Settings) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 3))
    check = pulled(replace(pair, github_token="ghp_secret"), github_stars, NOW)
    assert (check.outcome, len(server.requests)) == ("downloaded", 4)
    assert not [request for request in server.requests if "ghp_secret" in f"{request.headers}{request.query}"]
    assert not [request for request in server.requests if "Authorization" in request.headers]


def test_a_token_goes_to_github_and_nowhere_else(server: Loopback, pair: Settings, outside: Settings) -> None:
    secret = "ghp_secret"
    assert Settings.from_env({"GITHUB_TOKEN": secret}).github_token == secret
    pair = replace(outside, project=pair.project, github_token=secret)
    elsewhere = Answer.redirect("https://elsewhere.example/x", status=301)
    server.answer(GITHUB, f"/repos/{TORCH}", elsewhere)
    serve_repository(server, FLOW, weeks_up_to(NOW, 3))
    pulled(pair, github_stars, NOW)
    sent = {(request.host, request.headers.get("Authorization")) for request in server.requests}
    assert sent == {(GITHUB, f"Bearer {secret}"), ("elsewhere.example", None)}


def test_a_token_stands_nowhere_else(server: Loopback, pair: Settings, outside: Settings) -> None:
    secret = "ghp_secret"
    pair = replace(outside, project=pair.project, github_token=secret)
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 3))
    pulled(pair, github_stars, NOW)
    assert {request.headers["Authorization"] for request in server.requests} == {f"Bearer {secret}"}
    server.answer(GITHUB, f"/repos/{TORCH}", Answer({"message": "Bad credentials"}, status=401))
    check = pulled(pair, github_stars, NOW + timedelta(days=1))
    assert "renew or unset GITHUB_TOKEN" in check.message
    kept = [path for path in pair.data.rglob("*") if path.is_file()]
    texts = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in kept]
    assert len(texts) >= 3
    assert not [text for text in [*texts, repr(pair).encode(), check.message.encode()] if secret.encode() in text]


def test_never_faster_than_the_pace(server: Loopback, pair: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_stars, "PACES", dict.fromkeys(github_stars.HOSTS, Pace(1, 0.02)))
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 61))
    started = time.monotonic()
    pulled(pair, github_stars, NOW)
    times = [request.time for request in server.requests]
    assert len(times) == 8
    assert times[-1] - started >= 7 * 0.02
    busiest = max(sum(first <= moment < first + 0.1 for moment in times) for first in times)
    assert busiest <= 0.1 / 0.02 + 2


def test_one_file_a_month_holds_every_new_answer_as_it_came(server: Loopback, pair: Settings) -> None:
    for days in range(3):
        for repository in (TORCH, FLOW):
            serve_repository(server, repository, weeks_up_to(NOW, 2), stars=1000 + days)
        pulled(pair, github_stars, NOW + timedelta(days=days))
    [file] = landed_files(pair, "github_stars")
    assert (file.card.name, file.card.details["answers"]) == ("answers-2026-11.jsonl.gz", "8")
    with raw(pair, github_stars) as con:
        bodies = con.execute("select body from raw.github_stars_answers where kind = 'history'").fetchall()
    assert [body[0].encode() for body in bodies] == [Answer(weeks_up_to(NOW, 2)).payload] * 2, (
        "the same is not kept again"
    )


def test_a_name_that_another_repository_has_taken_is_refused(server: Loopback, pair: Settings) -> None:
    for repository, number in ((TORCH, 1), (FLOW, 2)):
        serve_repository(server, repository, weeks_up_to(NOW, 2), stars=88_950, identity=number)
    pulled(pair, github_stars, NOW)
    serve_repository(server, TORCH, weeks_up_to(NOW, 2), stars=31, identity=99)
    check = pulled(pair, github_stars, NOW + timedelta(days=1))
    assert f"expected repository 1, found repository 99, which has taken the name {TORCH}" in check.message
    assert "https://api.github.com/repositories/1 tells where ours went" in check.message
    with raw(pair, github_stars) as con:
        bodies = con.execute("select body from raw.github_stars_answers where kind = 'now'").fetchall()
    assert {json.loads(body)["stargazers_count"] for (body,) in bodies} == {88_950}


def test_the_same_answers_are_landed_once_a_month(server: Loopback, pair: Settings) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 2))
    outcomes = [pulled(pair, github_stars, NOW + timedelta(days=days)).outcome for days in (0, 1, 9, 10, 11)]
    # On 1 December all is written once more: from there the stars at the end of November are reckoned.
    assert outcomes == ["downloaded", "unchanged", "unchanged", "downloaded", "unchanged"]
    assert [file.card.details["answers"] for file in landed_files(pair, "github_stars")] == ["4", "4"]


def test_answers_of_a_run_that_was_killed_are_kept(server: Loopback, pair: Settings) -> None:
    for repository in (TORCH, FLOW):
        serve_repository(server, repository, weeks_up_to(NOW, 2))
    pulled(pair, github_stars, NOW)
    [file] = landed_files(pair, "github_stars")
    lines = gzip.decompress(file.path.read_bytes()).decode().splitlines(keepends=True)
    pending = pair.raw / "github_stars" / ".partial" / "answers.new"
    pending.parent.mkdir(exist_ok=True)
    assert "1000" in lines[0]
    pending.write_text(lines[0].replace("1000", "1001") + lines[1][:40])
    pulled(pair, github_stars, NOW + timedelta(days=1))
    [file] = landed_files(pair, "github_stars")
    assert file.card.details["answers"] == "6", "four, the whole one that was rescued, and one that differs from it"
