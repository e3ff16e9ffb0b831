"""From Stack Exchange's answers to questions by month."""

from datetime import date, datetime

import pytest

from tests.sql.support import created, given

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
AFTER = datetime(2026, 4, 2)


def answer(tag: str, month: date, total: object, asked_at: datetime = AFTER, file: str = "f") -> dict[str, object]:
    return {
        "kind": "month",
        "subject": tag,
        "part": f"{month:%Y-%m}",
        "asked_at": asked_at,
        "body": f'{{"total": {total}}}',
        "_source_file": file,
    }


@pytest.fixture
def questions(con):
    """What the models make of these answers: questions by month and framework."""
    rows = [
        {"framework": "pytorch", "stack_overflow_tag": "pytorch", "first_release": FEB},
        {"framework": "jax", "stack_overflow_tag": "jax"},
        {"framework": "caffe2", "stack_overflow_tag": None},
    ]
    given(con, "staging.reference__frameworks", rows)

    def made(*answers: dict[str, object], embedded: tuple[tuple[date, str], ...] = ()):
        figures = [*embedded, (date(2000, 1, 1), "none")]
        observations = [
            {"source": "stack_overflow_questions" if day >= JAN else "x", "period_start": day, "framework": framework}
            for day, framework in figures
        ]
        given(con, "staging.reference__observations", observations)
        given(con, "raw.stack_overflow_questions_answers", list(answers))
        created(con, "staging/stack_overflow_questions__months")
        rows = created(con, "intermediate/stack_overflow_questions_observations")
        return {(row["period_start"], str(row["framework"])): row["value"] for row in rows}

    return made


def test_a_month_counts_once_it_is_over(questions):
    assert questions(
        answer("pytorch", FEB, 5, datetime(2026, 2, 28, 23, 59, 59)),
        answer("pytorch", MAR, 7, datetime(2026, 4, 1)),
        answer("pytorch", APR, 1),
    ) == {(MAR, "pytorch"): 7}


def test_of_two_answers_the_newer_one_counts_and_numbers_as_text_are_numbers(questions):
    found = questions(
        answer("pytorch", MAR, 9),
        answer("pytorch", MAR, '"8"', datetime(2026, 5, 1)),
        answer("jax", MAR, 3),
    )
    assert found == {(MAR, "pytorch"): 8, (MAR, "jax"): 3}


def test_a_zero_counts_from_the_release_on_or_from_the_first_question(questions):
    found = questions(
        *(answer("pytorch", month, 0) for month in (JAN, FEB, MAR)),
        answer("jax", JAN, 0),
        answer("jax", FEB, 2),
        answer("jax", MAR, 0),
    )
    assert found == {(FEB, "pytorch"): 0, (MAR, "pytorch"): 0, (FEB, "jax"): 2, (MAR, "jax"): 0}


def test_a_tag_that_no_framework_has_is_left_out(questions):
    assert questions(answer("theano", MAR, 5), answer("pytorch", MAR, 1)) == {(MAR, "pytorch"): 1}


def test_a_month_of_which_the_embedded_table_tells_more_stays_there(questions):
    answers = [answer("pytorch", FEB, 5), answer("pytorch", MAR, 6), answer("jax", MAR, 1)]
    embedded = ((FEB, "pytorch"), (FEB, "jax"), (MAR, "jax"))
    assert questions(*answers, embedded=embedded) == {(MAR, "pytorch"): 6, (MAR, "jax"): 1}


def test_all_frameworks_of_a_month_come_from_one_file(con, questions):
    later = datetime(2026, 5, 1)
    questions(answer("pytorch", MAR, 9, file="old"), answer("jax", MAR, 3, later, file="new"))
    files = con.execute("select distinct source_file from intermediate.stack_overflow_questions_observations")
    assert files.fetchall() == [("new",)]
