"""Stack Exchange: which months are asked, how a quota is kept, and what becomes of answers that cannot be right."""

import csv
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.landing.landing import Landing, landed_files
from flows.landing.ledger import Entry, Ledger
from flows.network.budget import Budget
from flows.network.pace import Pace
from flows.network.web import Web
from flows.reference import tables as reference
from flows.settings import Settings
from flows.sources import stack_overflow_questions
from flows.warehouse.runner import create_table
from tests.activity import STACK_EXCHANGE, following, parameters, pulled, raw, serve_questions
from tests.loopback import Answer, Loopback
from tests.shared_data import shared
from tests.sql.support import created

NOW = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)  # still February in New York
FIRST = {"jax": date(2025, 12, 24)}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_overflow_questions, "PACES", {})


@pytest.fixture
def three(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a project that follows three tags; nobody knows when the last one began."""
    names = {"pytorch": ("pytorch", "2025-11-05"), "tensorflow": ("tensorflow", "2025-12-09"), "jax": ("jax", "")}
    return following(settings, tmp_path, "stack_overflow_tag", names)


def asked(server: Loopback) -> list[str]:
    """Tag and month of what was asked, in order."""
    words = []
    for request in server.requests:
        query = parameters(request)
        start = datetime.fromtimestamp(int(query.get("fromdate", 0)), UTC)
        words.append(f"{query['tagged']} {start:%Y-%m}" if "filter" in query else f"{query['tagged']} first")
    return words


def held(settings: Settings) -> list[tuple[str, str, int]]:
    """Tag, month and questions of what is landed."""
    with raw(settings, stack_overflow_questions) as con:
        return con.execute(
            "select subject, part, (body::json ->> 'total')::integer from raw.stack_overflow_questions_answers "
            "where kind = 'month' order by all"
        ).fetchall()


def count(tag: str, month: date) -> int:
    return 100 * month.month + len(tag)


RUNNING = ["pytorch 2026-03", "tensorflow 2026-03", "jax 2026-03"]
FILL = [
    *("pytorch 2026-02", "tensorflow 2026-02", "pytorch 2026-01", "tensorflow 2026-01"),
    *("pytorch 2025-12", "tensorflow 2025-12", "pytorch 2025-11"),
    *("jax 2026-02", "jax 2026-01", "jax 2025-12"),
]


def test_the_first_fill_asks_running_months_then_the_pair_then_the_others(server: Loopback, three: Settings) -> None:
    serve_questions(server, count, FIRST)
    check = pulled(three, stack_overflow_questions, NOW)
    assert (check.outcome, check.message) == ("downloaded", "")
    assert asked(server) == ["jax first", *RUNNING, *FILL]
    assert held(three)[0] == ("jax", "2025-12", 1203)
    query = parameters(server.requests[-1])
    assert query == {
        "site": "stackoverflow",
        "tagged": "jax",
        "fromdate": "1764547200",  # 2025-12-01 00:00 UTC
        "todate": "1767225600",  # 2026-01-01 00:00 UTC
        "filter": "total",
    }


def test_a_month_that_is_over_rests(server: Loopback, three: Settings) -> None:
    serve_questions(server, count, FIRST)
    pulled(three, stack_overflow_questions, NOW)
    server.requests.clear()
    pulled(three, stack_overflow_questions, NOW + timedelta(days=1))
    assert asked(server) == RUNNING
    server.requests.clear()
    pulled(three, stack_overflow_questions, datetime(2026, 4, 2, tzinfo=UTC))
    april = [one.replace("-03", "-04") for one in RUNNING]
    assert asked(server)[:6] == [*april, *RUNNING], "March is over now, and asked once more"
    assert set(asked(server)[6:]) < set(FILL), "and a share of those before"
    assert len({file.card.name for file in landed_files(three, "stack_overflow_questions")}) == 2


def test_months_that_are_over_are_asked_again_within_sixty_days(server: Loopback, three: Settings) -> None:
    """And the newest answer counts: questions are deleted, and come back."""
    serve_questions(server, count, FIRST)
    now = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    pulled(three, stack_overflow_questions, now)
    server.requests.clear()
    serve_questions(server, lambda tag, month: count(tag, month) - 1, FIRST)
    for day in range(7, 61, 7):
        before = len(server.requests)
        pulled(three, stack_overflow_questions, now + timedelta(days=day))
        assert len(server.requests) - before <= 3 + 3 + 3, "running ones, those just over, and a share of the others"
    again = [one for one in asked(server) if one in FILL]
    assert set(again) == set(FILL)
    assert max(again.count(one) for one in FILL) <= 2
    assert len([row for row in held(three) if row[:2] == ("jax", "2025-12")]) == 2


def test_the_last_second_of_a_month_still_leaves_it_running(server: Loopback, three: Settings) -> None:
    serve_questions(server, count, FIRST)
    pulled(three, stack_overflow_questions, datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC))
    assert "pytorch 2026-03" not in asked(server)
    server.requests.clear()
    pulled(three, stack_overflow_questions, datetime(2026, 3, 1, tzinfo=UTC))
    assert asked(server) == [*RUNNING, "pytorch 2026-02", "tensorflow 2026-02", "jax 2026-02"]


@pytest.fixture
def small_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_overflow_questions, "QUOTA", 6)


@pytest.mark.usefixtures("small_quota")
def test_a_fill_of_several_days_keeps_what_it_has_and_says_how_far_it_is(server: Loopback, three: Settings) -> None:
    serve_questions(server, count, FIRST)
    check = pulled(three, stack_overflow_questions, NOW)
    assert asked(server) == ["jax first", *RUNNING, *FILL[:2]]
    assert check.outcome == "downloaded"
    assert check.message == (
        "Stack Exchange's quota of 6 calls a day is spent, it returns 2026-03-02 00:00 UTC. 2 of 10 months of tags are "
        "held; the next refresh goes on with the others, which take about 2 more refreshes."
    )
    server.requests.clear()
    again = pulled(three, stack_overflow_questions, NOW + timedelta(hours=5))
    assert (again.outcome, server.requests) == ("unchanged", []), "all running months were confirmed today"
    assert again.message == check.message
    messages = [pulled(three, stack_overflow_questions, NOW + timedelta(days=day)).message for day in (1, 2, 3)]
    assert asked(server) == [*RUNNING, *FILL[2:5], *RUNNING, *FILL[5:8], *RUNNING, *FILL[8:]]
    assert ["8 of 10 months" in message for message in messages] == [False, True, False]
    assert messages[-1] == ""
    assert len(held(three)) == 10 + 3, "what a running month said the day before is not written again"


@pytest.mark.usefixtures("small_quota")
def test_a_key_is_not_sent_to_a_mirror_and_raises_no_quota_there(server: Loopback, three: Settings) -> None:
    serve_questions(server, count, FIRST)
    check = pulled(replace(three, stack_exchange_key="U4DMV(KEY)8g"), stack_overflow_questions, NOW)
    assert "quota of 6 calls a day is spent" in check.message
    assert len(server.requests) == 6
    assert not [request for request in server.requests if "key" in parameters(request)]


def test_a_key_is_sent_and_raises_the_quota_and_stands_nowhere_else(
    server: Loopback, three: Settings, outside: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_overflow_questions, "QUOTA", 2)
    secret = "U4DMV(KEY)8g"
    three = replace(outside, project=three.project, stack_exchange_key=secret)
    serve_questions(server, count, FIRST)
    assert pulled(three, stack_overflow_questions, NOW).message == ""
    assert {parameters(request)["key"] for request in server.requests} == {secret}
    with raw(three, stack_overflow_questions) as con:
        rows = con.execute("from raw.stack_overflow_questions_answers").fetchall()
    texts = [str(rows), repr(three), *(path.read_text() for path in three.data.rglob("*.json"))]
    assert not [text for text in texts if secret in text]
    refused = {"error_id": 400, "error_name": "bad_parameter", "error_message": f"key {secret} is not known"}
    server.answer(STACK_EXCHANGE, "/2.3/questions", Answer(refused, status=400))
    message = pulled(three, stack_overflow_questions, NOW + timedelta(days=1)).message
    assert "bad_parameter: key *** is not known. Check the tag" in message
    assert "TRENDS_STACK_EXCHANGE_KEY" in message
    assert secret not in message


THROTTLED = {
    "error_id": 502,
    "error_name": "throttle_violation",
    "error_message": "too many requests from this IP, more requests available in 3600 seconds",
}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(THROTTLED, status=400), "returns 2026-03-02 01:30 UTC"),
        (Answer(b"<html>", status=429, headers={"Retry-After": "60"}), "returns 2026-03-02 00:31 UTC"),
        (Answer(b"<html>", status=429), "returns 2026-03-03 00:00 UTC"),
    ],
)
def test_a_quota_answer_at_the_start_leaves_what_is_held(
    server: Loopback, three: Settings, answer: Answer, words: str
) -> None:
    serve_questions(server, count, FIRST)
    pulled(three, stack_overflow_questions, NOW)
    before = held(three)
    server.answer(STACK_EXCHANGE, "/2.3/questions", answer)
    server.requests.clear()
    check = pulled(three, stack_overflow_questions, NOW + timedelta(days=1))
    assert (check.outcome, len(server.requests)) == ("failed", 1)
    for part in (
        "api.stackexchange.com/2.3/questions: expected an answer within the quota",
        words,
        "Refresh again after that",
    ):
        assert part in check.message
    assert held(three) == before


def test_the_page_of_a_firewall_stops_the_asking_and_is_no_tag_s_fault(server: Loopback, three: Settings) -> None:
    serve_questions(server, count, {"jax": date(2025, 11, 3)})
    good, page = (
        server._answers[STACK_EXCHANGE, "/2.3/questions"][0],
        Answer("<!DOCTYPE html><html><head><title>Just a moment...</title>", status=403),
    )
    server.answer(STACK_EXCHANGE, "/2.3/questions", good, good, good, page)
    check = pulled(three, stack_overflow_questions, NOW)
    assert check.outcome == "downloaded"
    assert "status 403 with an HTML page ('Just a moment...')" in check.message
    assert "nothing more is asked of this source in this refresh" in check.message
    assert len(server.requests) == 4
    server.answer(STACK_EXCHANGE, "/2.3/questions", page)
    later = pulled(three, stack_overflow_questions, NOW + timedelta(days=40))
    assert (later.outcome, later.may_pass, len(server.requests)) == ("failed", True, 5)


def test_a_quota_that_ends_during_the_run_keeps_what_came_before(server: Loopback, three: Settings) -> None:
    answers = [Answer({"total": 5}) for _ in range(6)]
    server.answer(STACK_EXCHANGE, "/2.3/questions", *answers, Answer(THROTTLED, status=400))
    check = pulled(three, stack_overflow_questions, NOW)
    assert check.outcome == "downloaded"
    assert check.message.startswith("Stack Exchange's quota for this address is spent, it returns 2026-03-01 01:30 UTC")
    assert len(held(three)) == 5


def test_a_remaining_quota_of_nought_and_a_backoff_are_obeyed(
    server: Loopback, three: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(Web, "hold", lambda _, __, seconds: pauses.append(seconds))
    serve_questions(server, count, FIRST, more={"backoff": 3})
    pulled(three, stack_overflow_questions, NOW)
    assert pauses == [3] * len(RUNNING + FILL)
    serve_questions(server, count, FIRST, more={"quota_remaining": 0})
    server.requests.clear()
    check = pulled(three, stack_overflow_questions, NOW + timedelta(days=1))
    assert len(server.requests) == 1
    assert "quota is spent, it returns 2026-03-03 00:00 UTC" in check.message


def bad(value: Any) -> Callable[[str, date], Any]:
    return lambda tag, month: value if (tag, month) == ("pytorch", date(2026, 2, 1)) else count(tag, month)


@pytest.mark.parametrize("value", [None, "many", -1, 2.5, {}])
def test_a_total_that_is_no_whole_number_is_refused_and_the_other_tags_go_on(
    server: Loopback, three: Settings, value: Any
) -> None:
    serve_questions(server, bad(value), FIRST)
    check = pulled(three, stack_overflow_questions, NOW)
    assert check.outcome == "downloaded"
    address = "https://api.stackexchange.com/2.3/questions?site=stackoverflow&tagged=pytorch&fromdate=1769904000"
    for part in (
        f"Months of tags: 1 missing for now (pytorch). {address}",
        "expected a whole number as total, found {",
        "Open the",
    ):
        assert part in check.message
    assert sorted({tag for tag, _, _ in held(three)}) == ["jax", "pytorch", "tensorflow"]
    assert ("pytorch", "2026-01") not in [row[:2] for row in held(three)]
    serve_questions(server, count, FIRST)
    assert pulled(three, stack_overflow_questions, NOW + timedelta(hours=1)).message == ""
    assert len({row[:2] for row in held(three)}) == 13


def test_a_number_as_text_is_a_number(server: Loopback, three: Settings) -> None:
    serve_questions(server, bad("17"), FIRST)
    pulled(three, stack_overflow_questions, NOW)
    assert ("pytorch", "2026-02", 17) in held(three)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"<html><title>Log in</title>"), "expected a JSON document, found an HTML page"),
        (Answer(b'{"total": 1'), "found JSON that breaks off"),
        (Answer([1]), "expected a JSON object, found [1]"),
        (Answer({"error_id": 400, "error_name": "bad_parameter", "error_message": "tagged"}, status=400), "tagged"),
        (Answer(b"\xff\xfe"), "found bytes that are not UTF-8"),
        (Answer(b"", status=403), "found status 403. Open the address"),
    ],
)
def test_a_service_that_answers_nonsense_is_left_after_three_tries(
    server: Loopback, three: Settings, answer: Answer, words: str
) -> None:
    serve_questions(server, count, FIRST)
    pulled(three, stack_overflow_questions, NOW)
    before = held(three)
    server.answer(STACK_EXCHANGE, "/2.3/questions", answer)
    server.requests.clear()
    check = pulled(three, stack_overflow_questions, NOW + timedelta(days=1))
    assert (check.outcome, len(server.requests)) == ("failed", 3)
    assert words in check.message
    assert held(three) == before


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], "expected a question with the tag jax, found none. Correct stack_overflow_tag"),
        ([{"creation_date": None}], "expected a creation_date between 2008-08 and now"),
        ([{"creation_date": 4102444800}], "expected a creation_date between 2008-08 and now"),
    ],
)
def test_a_tag_without_a_beginning_is_left_out(server: Loopback, three: Settings, items: Any, words: str) -> None:
    def answer(request: Any) -> Answer:
        return Answer({"total": 4} if "filter" in parameters(request) else {"items": items})

    server.answer(STACK_EXCHANGE, "/2.3/questions", answer)
    check = pulled(three, stack_overflow_questions, NOW)
    assert words in check.message
    assert {tag for tag, _, _ in held(three)} == {"pytorch", "tensorflow"}


def test_never_faster_than_the_pace(server: Loopback, three: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_overflow_questions, "PACES", dict.fromkeys(stack_overflow_questions.HOSTS, Pace(1, 0.02)))
    serve_questions(server, count, FIRST)
    started = time.monotonic()
    pulled(three, stack_overflow_questions, NOW)
    times = [request.time for request in server.requests]
    assert len(times) == 14
    assert times[-1] - started >= 13 * 0.02
    assert max(sum(first <= moment < first + 0.1 for moment in times) for first in times) <= 7


def test_the_time_of_the_source_ends_the_run_politely(server: Loopback, three: Settings) -> None:
    serve_questions(server, count, FIRST)
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    budget = Budget(10.0, clock=lambda: clock[0], sleep=sleep)
    with Web(three, budget, paces={STACK_EXCHANGE: Pace(1, 1.0)}) as web:
        landing = Landing(three, "stack_overflow_questions", web, licence="x", citation="x", checks={}, now=NOW)
        message = stack_overflow_questions.fetch(landing, three)
    assert message == (
        "The 10 s of this source are used up (TRENDS_SOURCE_SECONDS). 6 of 10 months of tags are held; the next "
        "refresh goes on with the others, which take about 1 more refresh."
    )
    assert len(server.requests) == 10
    assert len(held(three)) == 9


def test_the_recorded_history_agrees_with_the_reference_table(settings: Settings) -> None:
    with shared("stack_overflow_questions/so_questions_monthly.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    after, url = datetime(2023, 6, 1, tzinfo=UTC), stack_overflow_questions.URL
    with Web(settings) as web:
        landing = Landing(settings, "stack_overflow_questions", web, licence="x", citation="x", checks={}, now=after)
        with Ledger(landing, url) as answers:
            answers.add(
                *(
                    Entry("month", row["tag"], row["month"], url, url, "", after, f'{{"total": {row["questions"]}}}')
                    for row in rows
                )
            )
    with raw(settings, stack_overflow_questions) as con:
        for table, columns in reference.TABLES.items():
            create_table(con, table, columns)
        reference.load(settings.reference, con)
        for model in ("reference__frameworks", "reference__observations", "stack_overflow_questions__months"):
            created(con, f"staging/{model}")
        created(con, "intermediate/stack_overflow_questions_observations")
        both = con.execute(
            "select ours.framework, count(*), max(abs(ours.value - theirs.value)) "
            "from intermediate.stack_overflow_questions_observations as ours "
            "inner join staging.reference__observations as theirs using (source, series, population, grain, "
            "period_start, framework) group by ours.framework order by all"
        ).fetchall()
        assert both == [("keras", 99, 0.0), ("pytorch", 77, 0.0), ("tensorflow", 91, 0.0)], "every row of the table"
        ratio = con.execute(
            "select year(period_start), round(sum(value) filter (framework = 'pytorch') "
            "/ sum(value) filter (framework = 'tensorflow'), 2) "
            "from intermediate.stack_overflow_questions_observations where year(period_start) between 2018 and 2022 "
            "group by all order by all"
        ).fetchall()
        assert ratio == [(2018, 0.1), (2019, 0.19), (2020, 0.29), (2021, 0.44), (2022, 0.59)], "as the note says"
