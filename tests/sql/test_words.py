"""Numbers in words and periods, for whatever number and day there is."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sql_text import quoted
from tests.sql.support import database


def literal(day: date) -> str:
    """A day within an expression."""
    return f"date {quoted(day.isoformat())}"


GRAINS = ("day", "week", "month", "quarter", "half_year", "year")
ALL_GRAINS = (*GRAINS, "edition", "window")
DAYS = st.dates(date(1995, 1, 1), date(2040, 12, 31))
PERCENTS = st.floats(0, 100, allow_nan=False)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def ask():
    """Evaluates an expression of the macros."""
    with database() as con:
        yield lambda expression: con.execute(f"select {expression}").fetchall()[0]


@quick
@given(PERCENTS)
def test_a_percent_is_rounded_to_its_nearest_and_keeps_its_side(ask, pct):
    (words,) = ask(f"percent_words({pct!r}::double)")
    told = float(words.removesuffix("%"))
    digits = len(words.removesuffix("%").partition(".")[2])
    assert digits <= 1
    assert abs(told - pct) <= (0.5 if digits == 0 else 0.1) + 1e-9
    # Nothing and all are only told of nothing and all, and no share is told on the other side of a half.
    assert (told in (0, 100)) == (pct in (0, 100))
    assert (told - 50) * (pct - 50) >= 0
    assert digits == 1 or pct in (0, 50, 100) or min(pct, abs(pct - 50), 100 - pct) >= 1


@quick
@given(PERCENTS, PERCENTS)
def test_a_greater_percent_is_never_told_as_a_smaller_one(ask, one, other):
    low, high = sorted((one, other))
    words = ask(f"percent_words({low!r}::double), percent_words({high!r}::double)")
    told = [float(each.removesuffix("%")) for each in words]
    assert told[0] <= told[1]


@quick
@given(st.floats(0, 1e12, allow_nan=False))
def test_a_number_is_told_within_half_of_its_last_digit(ask, number):
    (words,) = ask(f"number_words({number!r}::double)")
    figures, _, unit = words.partition(" ")
    told = float(figures.replace(",", "")) * (1e6 if unit == "million" else 1)
    step = 1e5 if unit == "million" else 0.1 if "." in figures else 1
    assert unit in ("", "million")
    assert abs(told - number) <= 0.5 * step * (1 + 1e-9) + 1e-3
    assert (number >= 1e6) == (unit == "million")


@quick
@given(st.integers(0, 999_999))
def test_a_count_below_a_million_is_told_to_the_last_one(ask, count):
    assert ask(f"number_words({count})") == (f"{count:,}",)


@quick
@given(st.sampled_from(GRAINS), DAYS)
def test_a_day_lies_in_one_period_and_the_next_begins_where_it_ends(ask, grain, day):
    start, after = ask(
        f"period_of('{grain}', {literal(day)}), next_start('{grain}', period_of('{grain}', {literal(day)}))"
    )
    assert start <= day < after
    last = after - timedelta(days=1)
    found = ask(f"period_of('{grain}', {literal(start)}), period_of('{grain}', {literal(last)})")
    assert found == (start, start)
    assert ask(f"period_of('{grain}', {literal(after)})") == (after,)
    (middle,) = ask(f"period_middle('{grain}', {literal(start)})")
    assert start <= middle <= last


@quick
@given(st.sampled_from(GRAINS[1:]), DAYS, st.integers(-3, 3))
def test_a_period_is_whole_from_the_day_after_its_end(ask, grain, day, shift):
    start, after = ask(
        f"period_of('{grain}', {literal(day)}), next_start('{grain}', period_of('{grain}', {literal(day)}))"
    )
    read = after + timedelta(days=shift)
    assert ask(f"is_whole('{grain}', {literal(start)}, {literal(read)})") == (read >= after,)


@quick
@given(st.sampled_from(ALL_GRAINS), DAYS, DAYS)
def test_two_periods_of_a_grain_never_have_one_name(ask, grain, one, other):
    names = (
        f"period_label('{grain}', period_of('{grain}', {{0}})), period_words('{grain}', period_of('{grain}', {{0}}))"
    )
    starts = ask(f"period_of('{grain}', {literal(one)}), period_of('{grain}', {literal(other)})")
    first, second = ask(names.format(literal(one))), ask(names.format(literal(other)))
    assert (starts[0] == starts[1]) == (first == second)
    assert all(first)


@pytest.mark.parametrize("macro", ["grain_step({0})", "grain_order({0})", "period_of({0}, date '2020-01-01')"])
def test_an_unknown_grain_is_no_year(ask, macro):
    assert ask(macro.format("'fortnight'")) == (None,)


def test_every_grain_has_a_place_of_its_own(ask):
    orders = [ask(f"grain_order('{grain}')")[0] for grain in ALL_GRAINS]
    assert sorted(orders) == list(range(1, len(ALL_GRAINS) + 1))


@pytest.mark.parametrize(
    ("qualities", "worst"),
    [
        (("full", "sample"), "sample"),
        (("sample", "full", "decoded"), "sample"),
        (("digitised", "fitted_base"), "digitised"),
        (("published", "digitised"), "published"),
        (("detected", "published", "full"), "detected"),
    ],
)
def test_the_worst_quality_of_a_mixture_counts(ask, qualities, worst):
    rows = ", ".join(f"('{quality}')" for quality in qualities)
    assert ask(f"(select worst_quality(q) from (values {rows}) as given (q))") == (worst,)
    first, second = qualities[:2]
    pair = ask(f"worse_quality('{first}', '{second}'), worse_quality('{second}', '{first}')")
    assert pair[0] == pair[1]


@pytest.mark.parametrize(
    ("pct", "words"), [(50.4, "50.4%"), (49.6, "49.6%"), (50, "50%"), (51.2, "51%"), (0.04, "0.1%"), (99.98, "99.9%")]
)
def test_no_rounding_hides_the_side_of_a_half_nothing_or_all(ask, pct, words):
    assert ask(f"percent_words({pct}::double)") == (words,)
