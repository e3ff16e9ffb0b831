from datetime import date

import duckdb

from tests.sql.support import created, given

KEY = {
    "source": "s",
    "series": "r",
    "population": "p",
    "grain": "year",
    "framework_a": "a",
    "framework_b": "b",
    "origin": "live",
    "quality": "full",
}


def year(number: int, a: float, b: float, low: float | None = None, high: float | None = None) -> dict[str, object]:
    share = 100 * a / (a + b) if a + b else None
    figures = {"a_value": float(a), "b_value": float(b), "a_share_of_pair_pct": share, "low_pct": low, "high_pct": high}
    return KEY | {"period_start": date(number, 1, 1)} | figures


def latest(
    con: duckdb.DuckDBPyConnection, *years: dict[str, object], a: date | None = None, b: date | None = None
) -> list[dict[str, object]]:
    given(con, "marts.head_to_head", years)
    frameworks = [{"framework": "a", "first_release": a}, {"framework": "b", "first_release": b}]
    given(con, "staging.reference__frameworks", frameworks)
    return created(con, "marts/head_to_head_latest")


def test_newest_period_with_its_numbers(con):
    (row,) = latest(con, year(2020, 30, 70, 21, 40), year(2021, 80, 20, 71, 87))
    assert row == KEY | {
        "period_start": date(2021, 1, 1),
        "a_value": 80,
        "b_value": 20,
        "pair_value": 100,
        "a_share_of_pair_pct": 80,
        "low_pct": 71,
        "high_pct": 87,
        "leader": "a",
        "leader_share_pct": 80,
        "is_order_open": False,
        "led_since": date(2021, 1, 1),
        "first_period": date(2020, 1, 1),
    }


def test_counts_below_thirty_say_nothing(con):
    (row,) = latest(con, year(2020, 10, 20, 19, 51), year(2021, 29, 0, 88, 100))
    assert row["period_start"] == date(2020, 1, 1)
    assert latest(con, year(2020, 9, 20, 17, 49)) == []


def test_what_counts_no_members_needs_no_base(con):
    (row,) = latest(con, year(2020, 3, 1))
    assert (row["pair_value"], row["leader"], row["is_order_open"]) == (4, "a", False)


def test_order_is_open_where_the_interval_holds_a_half(con):
    (row,) = latest(con, year(2020, 55, 45, 45, 64))
    assert (row["leader"], row["is_order_open"]) == ("a", True)


def test_equal_figures_have_no_leader(con):
    (row,) = latest(con, year(2019, 60, 40), year(2020, 50, 50))
    assert (row["leader"], row["leader_share_pct"], row["is_order_open"], row["led_since"]) == (None, 50, True, None)


def test_the_second_can_lead(con):
    (row,) = latest(con, year(2020, 20, 80))
    assert (row["leader"], row["leader_share_pct"], row["a_share_of_pair_pct"]) == ("b", 80, 20)


def test_lead_starts_after_the_last_period_in_which_it_was_not_ahead(con):
    (row,) = latest(con, year(2017, 6, 4), year(2018, 4, 6), year(2019, 6, 4), year(2020, 0, 0), year(2021, 7, 3))
    assert row["led_since"] == date(2019, 1, 1)
    assert row["first_period"] == date(2017, 1, 1)


def test_a_tie_ends_a_lead(con):
    (row,) = latest(con, year(2018, 6, 4), year(2019, 5, 5), year(2020, 6, 4))
    assert row["led_since"] == date(2020, 1, 1)


def test_a_lead_of_the_whole_series_starts_with_it(con):
    (row,) = latest(con, year(2018, 0, 0), year(2019, 6, 4), year(2020, 6, 4))
    assert row["led_since"] == row["first_period"] == date(2019, 1, 1)


def test_periods_after_the_newest_that_speaks_do_not_count(con):
    (row,) = latest(con, year(2019, 60, 40, 50.2, 69), year(2020, 5, 15, 11, 47))
    assert (row["period_start"], row["led_since"]) == (date(2019, 1, 1), date(2019, 1, 1))


def test_populations_are_never_mixed(con):
    rows = latest(con, year(2019, 60, 40), year(2018, 40, 60) | {"population": "q"})
    assert {row["population"]: row["leader"] for row in rows} == {"p": "a", "q": "b"}


def test_nobody_leads_before_both_were_out(con):
    years = [year(2015, 6, 4), year(2016, 6, 4), year(2017, 6, 4), year(2018, 7, 3)]
    (row,) = latest(con, *years, a=date(2010, 5, 1), b=date(2016, 9, 1))
    # The year of the release counts, and the series still begins where its figures do.
    assert (row["led_since"], row["first_period"]) == (date(2016, 1, 1), date(2015, 1, 1))
    (row,) = latest(con, *years, a=date(2017, 2, 1), b=date(2016, 9, 1))
    assert row["led_since"] == date(2017, 1, 1)


def test_the_period_of_the_release_is_of_the_same_length(con):
    months = [year(2016, 6, 4) | {"grain": "month", "period_start": date(2016, month, 1)} for month in (8, 9, 10)]
    (row,) = latest(con, *months, a=date(2016, 9, 20), b=date(2015, 11, 9))
    assert row["led_since"] == date(2016, 9, 1)


def test_where_no_release_is_known_the_first_figure_above_zero_stands_for_it(con):
    (row,) = latest(con, year(2015, 6, 0), year(2016, 6, 0), year(2017, 6, 1), year(2018, 6, 0), a=date(2012, 1, 1))
    assert row["led_since"] == date(2017, 1, 1)


def test_a_period_before_both_were_out_is_not_the_newest_that_speaks(con):
    assert latest(con, year(2015, 6, 4), a=date(2012, 1, 1), b=date(2016, 9, 1)) == []


def test_a_tie_after_the_release_still_ends_a_lead(con):
    rows = (year(2016, 6, 4), year(2017, 5, 5), year(2018, 6, 4))
    (row,) = latest(con, *rows, a=date(2015, 1, 1), b=date(2016, 1, 1))
    assert row["led_since"] == date(2018, 1, 1)
