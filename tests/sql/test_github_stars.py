"""From GitHub's answers to stars gained and stars at the end of a month."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.sql.support import created, given

TORCH, FLOW = "pytorch/pytorch", "tensorflow/tensorflow"
SATURDAY = datetime(2026, 11, 21, 14, 0)


def week(first: date, *days: object, shift: int = 0) -> dict[str, object]:
    start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) + shift
    return {"week": start, "total": 0, "days": list(days)}


def answer(kind: str, repository: str, body: object, asked_at: datetime = SATURDAY, part: str = "1", file: str = "f"):
    return {
        "kind": kind,
        "subject": repository,
        "part": part,
        "asked_at": asked_at,
        "body": json.dumps(body),
        "_source_file": file,
    }


def counts(repository: str, stars: object, asked_at: datetime = SATURDAY, file: str = "f") -> dict[str, object]:
    body = {"stargazers_count": stars, "forks_count": 7, "open_issues_count": "3"}
    return answer("now", repository, body, asked_at, file=file)


NO_FIGURES = {
    "source": "github_stars",
    "series": "none",
    "grain": "month",
    "period_start": date(2000, 1, 1),
    "framework": "none",
}


@pytest.fixture
def models(con):
    """What the models make of these answers."""
    rows = [
        {"framework": "pytorch", "github_repo": "PyTorch/pytorch"},
        {"framework": "tensorflow", "github_repo": FLOW},
        {"framework": "caffe2", "github_repo": None},
    ]
    given(con, "staging.reference__frameworks", rows)

    def made(*answers: dict[str, object], embedded: tuple[dict[str, object], ...] = (NO_FIGURES,)):
        given(con, "staging.reference__observations", list(embedded))
        given(con, "raw.github_stars_answers", list(answers))
        for step in ("staging/github_stars__counts", "staging/github_stars__days"):
            created(con, step)
        created(con, "intermediate/github_stars_days")
        rows = created(con, "intermediate/github_stars_observations")
        return {
            (str(row["series"]), str(row["grain"]), row["period_start"], str(row["framework"])): row["value"]
            for row in rows
        }

    return made


def figures(found: dict[tuple[str, str, date, str], float], series: str, grain: str) -> dict[date, float]:
    return {key[2]: value for key, value in found.items() if key[:2] == (series, grain) and key[3] == "pytorch"}


def test_numbers_and_numbers_as_text_become_days(con, models):
    models(answer("history", TORCH, [week(date(2026, 11, 8), 1, "2", 0, 0, 0, 0, 4)]))
    days = con.execute("select day_date, star_count from intermediate.github_stars_days order by day_date").fetchall()
    assert days[:2] == [(date(2026, 11, 8), 1), (date(2026, 11, 9), 2)]
    assert days[-1] == (date(2026, 11, 14), 4)


@pytest.mark.parametrize("shift", [0, 8 * 3600, -2 * 3600])
def test_a_week_that_begins_at_another_midnight_keeps_its_calendar_days(con, models, shift):
    models(answer("history", TORCH, [week(date(2026, 11, 1), 5, 0, 0, 0, 0, 0, 0, shift=shift)]))
    assert con.execute("select min(day_date) from intermediate.github_stars_days").fetchall() == [(date(2026, 11, 1),)]


def test_a_week_counts_once_it_is_over_and_as_told_last(con, models):
    monday = datetime(2026, 11, 16, 9, 0)
    found = models(
        answer("history", TORCH, [week(date(2026, 11, 8), 9, 9, 9, 9, 9, 9, 9)], monday - timedelta(days=7)),
        answer(
            "history", TORCH, [week(date(2026, 11, 15), 1, 1, 0, 0, 0, 0, 0), week(date(2026, 11, 8), *[2] * 7)], monday
        ),
        # The same week again on the next page, as when a new week came in between.
        answer("history", TORCH, [week(date(2026, 11, 8), *[2] * 7), week(date(2026, 11, 1), *[1] * 7)], monday, "2"),
    )
    assert figures(found, "stars_gained", "week") == {date(2026, 11, 1): 7, date(2026, 11, 8): 14}
    assert figures(found, "stars_gained", "month") == {}, "no month is whole"


OCTOBER = [week(date(2026, 9, 27) + timedelta(weeks=number), *[number + 1] * 7) for number in range(6)]
# Days of October: 3 of week 1 (27 September to 3 October), 7 of weeks 2 to 5, so 3 + 14 + 21 + 28 + 35 = 101.
NOVEMBER = [week(date(2026, 11, 8), *[10] * 7), week(date(2026, 11, 15), 1, 1, 1, 1, 1, 1, 4)]


def test_a_month_is_the_sum_of_its_days_and_its_end_the_reading_less_what_came_after(models):
    found = models(counts(TORCH, 1000), answer("history", TORCH, OCTOBER + NOVEMBER))
    assert figures(found, "stars_gained", "month") == {date(2026, 10, 1): 101}
    # After 31 October: 6 a day on 1 to 7 November, 10 a day to the 14th, six on 15 to 20 and 4 today: 42 + 70 + 6 + 4.
    assert figures(found, "stars_month_end", "month") == {date(2026, 10, 1): 878, date(2026, 9, 1): 777}
    assert figures(found, "forks", "day") == {date(2026, 11, 21): 7}
    assert figures(found, "open_issues", "day") == {date(2026, 11, 21): 3}


def test_the_first_reading_after_a_month_speaks_for_its_end(models):
    later = SATURDAY + timedelta(days=1)
    found = models(
        counts(TORCH, 1000),
        counts(TORCH, 900, later),  # a hundred stars were taken back
        answer("history", TORCH, OCTOBER + NOVEMBER),
        answer("history", TORCH, [week(date(2026, 11, 22), 0, 0, 0, 0, 0, 0, 0)], later),
    )
    assert figures(found, "stars_month_end", "month")[date(2026, 10, 1)] == 878
    assert figures(found, "forks", "day") == {date(2026, 11, 21): 7, date(2026, 11, 22): 7}


def test_a_missing_week_is_no_zero(models):
    found = models(counts(TORCH, 1000), answer("history", TORCH, OCTOBER + NOVEMBER[1:]))
    assert figures(found, "stars_gained", "month") == {date(2026, 10, 1): 101}
    assert figures(found, "stars_month_end", "month") == {}
    found = models(counts(TORCH, 1000), answer("history", TORCH, OCTOBER[:2] + OCTOBER[3:] + NOVEMBER))
    assert figures(found, "stars_gained", "month") == {}
    assert figures(found, "stars_month_end", "month") == {date(2026, 10, 1): 878}


def test_a_level_below_zero_is_left_out(models):
    found = models(counts(TORCH, 130), answer("history", TORCH, OCTOBER + NOVEMBER))
    assert figures(found, "stars_month_end", "month") == {date(2026, 10, 1): 8}


def test_a_month_of_which_the_embedded_table_tells_more_stays_there(models):
    embedded = tuple(
        NO_FIGURES | {"series": "stars_month_end", "period_start": month, "framework": framework}
        for month, framework in [
            (date(2026, 9, 1), "pytorch"),
            (date(2026, 10, 1), "pytorch"),
            (date(2026, 9, 1), "tensorflow"),
        ]
    )
    found = models(counts(TORCH, 1000), answer("history", TORCH, OCTOBER + NOVEMBER), embedded=embedded)
    assert figures(found, "stars_month_end", "month") == {date(2026, 10, 1): 878}
    both = [
        one
        for repository in (TORCH, FLOW)
        for one in (counts(repository, 1000), answer("history", repository, OCTOBER + NOVEMBER))
    ]
    assert len(figures(models(*both, embedded=embedded), "stars_month_end", "month")) == 2


def test_all_frameworks_of_a_period_come_from_one_file(con, models):
    later = SATURDAY + timedelta(hours=1)
    models(
        counts(TORCH, 1000, file="old"),
        answer("history", TORCH, OCTOBER + NOVEMBER, file="old"),
        counts(FLOW, 1000, later, file="new"),
        answer("history", FLOW, OCTOBER + NOVEMBER, later, file="new"),
    )
    files = con.execute(
        "select distinct source_file from intermediate.github_stars_observations where grain <> 'day'"
    ).fetchall()
    assert files == [("new",)]
