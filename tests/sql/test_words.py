"""Numbers in words and periods, for whatever number and day there is."""

from datetime import date

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
FIRST, LAST = date(1995, 1, 1), date(2040, 12, 31)
DAY_COUNT = (LAST - FIRST).days + 1
EVERY_DAY = f"select unnest(generate_series({literal(FIRST)}, {literal(LAST)}, interval 1 day))::date as day"
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
@given(PERCENTS, PERCENTS)
def test_the_ends_of_an_interval_differ_in_words(ask, one, other):
    low, high = sorted((one, other))
    (words,) = ask(f"between_words({low!r}::double, {high!r}::double)")
    told = [float(end.removesuffix("%")) for end in words.removeprefix("between ").split(" and ")]
    assert told[0] < told[1] or high - low < 1e-5
    assert max(abs(told[0] - low), abs(told[1] - high)) <= 0.5 + 1e-9


@quick
@given(PERCENTS, PERCENTS, PERCENTS)
def test_a_share_is_never_told_outside_its_own_interval(ask, one, other, third):
    low, pct, high = sorted((one, other, third))
    interval, share = ask(
        f"between_words({low!r}::double, {high!r}::double), "
        f"exact_words({pct!r}::double, {high!r}::double - {low!r}::double)"
    )
    ends = [float(end.removesuffix("%")) for end in interval.removeprefix("between ").split(" and ")]
    assert ends[0] <= float(share.removesuffix("%")) <= ends[1]


def test_a_share_is_as_exact_as_what_it_differs_by(ask):
    assert ask("exact_words(1.21, 0.2), exact_words(1.21, 5), exact_words(40.0, null), exact_words(4.834, 0.01)") == (
        "1.2%",
        "1%",
        "40%",
        "4.83%",
    )
    assert ask("exact_words(33.4, 0), between_words(33.4, 33.4)") == ("33%", "between 33% and 33%")


def test_a_place_whose_order_with_a_neighbour_is_open_is_two(ask):
    assert ask(
        "place_words(2, 3), place_words(2, 3, false, true), place_words(2, 3, true, false), "
        "place_words(2, 3, true, true), place_words(null, 3)"
    ) == ("2 of 3", "2 or 3 of 3", "1 or 2 of 3", "1 to 3 of 3", "none at 0")


def test_ends_that_would_read_the_same_have_decimals(ask):
    assert ask("between_words(96.9, 97.3), between_words(97.12, 97.14), between_words(90.2, 95.1)") == (
        "between 96.9% and 97.3%",
        "between 97.12% and 97.14%",
        "between 90% and 95%",
    )


def test_one_of_a_unit_is_told_as_one(ask):
    assert ask("unit_words('repositories', 1), unit_words('links', 1.0), unit_words('links', 2)") == (
        "repository",
        "link",
        "links",
    )


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


def periods(grain: str) -> str:
    """Every day with the start of its period, and that of the next one."""
    starts = f"select day, period_of('{grain}', day) as start from ({EVERY_DAY})"
    return f"(select *, next_start('{grain}', start) as after from ({starts}))"


@pytest.mark.parametrize("grain", GRAINS)
def test_a_day_lies_in_one_period_and_the_next_begins_where_it_ends(ask, grain):
    holds = (
        f"start <= day and day < after and period_of('{grain}', start) = start and "
        f"period_of('{grain}', (after - interval 1 day)::date) = start and period_of('{grain}', after) = after and "
        f"period_middle('{grain}', start) between start and after - interval 1 day"
    )
    assert ask(f"count(*), count(*) filter (where {holds}) from {periods(grain)}") == (DAY_COUNT, DAY_COUNT)


@pytest.mark.parametrize("grain", GRAINS[1:])
def test_a_period_is_whole_from_the_day_after_its_end(ask, grain):
    read = "(after + to_days(shift))::date"
    holds = f"is_whole('{grain}', start, {read}) = ({read} >= after)"
    rows = f"(select distinct start, after from {periods(grain)}), (select unnest(range(-3, 4))::integer as shift)"
    told, right = ask(f"count(*), count(*) filter (where {holds}) from {rows}")
    assert told == right >= 7 * 46


@pytest.mark.parametrize("grain", ALL_GRAINS)
def test_two_periods_of_a_grain_never_have_one_name(ask, grain):
    label, words = f"period_label('{grain}', start)", f"period_words('{grain}', start)"
    starts, labels, told, both = ask(
        f"count(distinct start), count(distinct {label}), count(distinct {words}), "
        f"count(distinct (start, {label}, {words})) from (select period_of('{grain}', day) as start from ({EVERY_DAY}))"
    )
    assert starts == labels == told == both >= 46


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
