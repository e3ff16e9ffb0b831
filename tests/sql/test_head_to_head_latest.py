"""Who leads, since when, and the one sentence that is told of it, from counts that a person can compare."""

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pytest

from tests.sql.support import created, given

Row = dict[str, Any]
KEY = {"source": "shop", "series": "sales", "population": "all", "grain": "year"}
FRAMEWORKS = [
    {"framework": name, "label": label, "framework_order": order, "is_compared": True, "is_framework": True}
    for order, (name, label) in enumerate((("a", "Alpha"), ("b", "Beta")), start=1)
]

# Percents as printed: no counts, no error that is known.
READ = {"unit": "percent", "quality": "published"}


def year(number: int, a: float, b: float, **values: Any) -> list[Row]:
    row = KEY | {"period_start": date(number, 1, 1), "base": None, "unit": "sales", "origin": "live"}
    row |= {"quality": "full", "retrieved_at": None, "reference": None} | values
    return [row | {"framework": "a", "value": float(a)}, row | {"framework": "b", "value": float(b)}]


def latest(
    con: duckdb.DuckDBPyConnection,
    *years: list[Row],
    a: date | None = None,
    b: date | None = None,
    members: bool = False,
    ahead: float | None = None,
    scatter: float | None = None,
    moved: float | None = None,
    overlap: tuple[int, int, int] | None = None,
    **series: Any,
) -> list[Row]:
    """The newest readings of one line.

    Args:
        con: database of the test.
        years: figures of both.
        a: first release of the first.
        b: that of the other.
        members: whether members are counted.
        ahead: probability in percent that the curve has the first ahead in the newest period.
        scatter: standard error of the newest reading in points.
        moved: points by which the newest period of such pictures moved when read again.
        overlap: respondents who named the first alone, both and the second alone in the newest period.
        series: describes the population.
    """
    rows = [row for both in years for row in both]
    given(con, "intermediate.observations", rows)
    first = [row | {"first_release": day} for row, day in zip(FRAMEWORKS, (a, b), strict=True)]
    given(con, "staging.reference__frameworks", first)
    described = {"label": "Sales", "is_binomial": members, "has_pairs": True, "is_preferred": True, "series_order": 1}
    described |= {"is_stock": False}
    lines = {tuple(row[name] for name in KEY) for row in rows}
    described["latest_period"] = max(row["period_start"] for row in rows)
    populations = [dict(zip(KEY, line, strict=True)) | described | series for line in sorted(lines)]
    given(con, "intermediate.series_populations", populations)
    subjects = {"shop": "sales of the shop", "conference_papers": "conference papers"}
    given(con, "staging.reference__sources", [{"source": name, "subject": words} for name, words in subjects.items()])
    given(con, "intermediate.headline_series", [{"source": "shop", "series": "sales", "grain": "year"}])
    people = dict(zip(("only_a_count", "both_count", "only_b_count"), overlap or (0, 0, 0), strict=True))
    newest = {"period_start": max(row["period_start"] for row in rows), "framework_a": "a", "framework_b": "b"}
    given(con, "staging.reference__survey_overlaps", [KEY | newest | people | ({} if overlap else {"source": "none"})])
    given(con, "marts.populations", [{"reading_error": None, "revision_error": moved} | row for row in populations])
    for column in ("reading_error", "revision_error"):  # all null has no type of its own
        con.execute(f"alter table marts.populations alter {column} type double")
    for model in ("framework_shares", "head_to_head", "leads"):
        created(con, f"marts/{model}")
    evidence = KEY | newest | dict(zip(KEY, sorted(lines)[0], strict=True)) | {"sd_pct": scatter, "ahead_pct": ahead}
    given(con, "intermediate.pair_evidence", [evidence])
    return created(con, "marts/head_to_head_latest")


def test_newest_period_with_its_numbers(con):
    (row,) = latest(con, year(2020, 30, 70), year(2021, 80, 20), members=True)
    assert (row["period_start"], row["a_value"], row["b_value"], row["pair_value"]) == (date(2021, 1, 1), 80, 20, 100)
    assert (row["a_share_of_pair_pct"], row["leader"], row["leader_share_pct"]) == (80, "a", 80)
    assert (round(row["low_pct"]), round(row["high_pct"]), row["is_order_open"]) == (71, 87, False)
    assert (row["led_since"], row["first_period"]) == (date(2021, 1, 1), date(2020, 1, 1))
    assert (row["origin"], row["quality"], row["is_headline"]) == ("live", "full", True)


def test_counts_below_thirty_say_nothing(con):
    (row,) = latest(con, year(2020, 10, 20), year(2021, 29, 0), members=True)
    assert row["period_start"] == date(2020, 1, 1)
    assert latest(con, year(2020, 9, 20), members=True) == []


def test_what_counts_no_members_needs_no_base(con):
    (row,) = latest(con, year(2020, 3, 1))
    assert (row["pair_value"], row["leader"], row["is_order_open"]) == (4, "a", False)
    assert (row["is_complete_count"], row["is_within_chance"]) == (True, True)


def test_order_is_open_where_the_interval_holds_a_half(con):
    (row,) = latest(con, year(2020, 55, 45, quality="sample"), members=True)
    assert (row["leader"], row["is_order_open"]) == ("a", True)


MONTH = {"grain": "month", "is_preferred": True}


@pytest.mark.parametrize(("ahead", "scatter", "is_open", "is_proven"), [
    (99.0, 1.0, False, True),
    (90.0, 1.0, True, False),
    (1.0, 1.0, True, False),
    (99.0, 3.0, True, False),
    (None, 1.0, False, False),
], ids=["both", "not the curve", "the curve says the other", "not the reading", "no curve"])  # fmt: skip
def test_a_lead_needs_the_reading_and_the_curve(con, ahead, scatter, is_open, is_proven):
    # 55 of 100 with an error of 1 or 3 points.
    (row,) = latest(con, year(2020, 55, 45, grain="month", unit="index_0_100"), ahead=ahead, scatter=scatter)
    assert (row["is_order_open"], row["is_lead_proven"]) == (is_open, is_proven)
    words = (
        "the order of Alpha and Beta in" if is_open else "Alpha led Beta" if is_proven else "Alpha had more than Beta"
    )
    assert words in row["sentence"]
    scatters = "; from month to month it scatters too much to tell the order"
    assert row["interval_words"].endswith(scatters) is is_open


def test_493_against_483_questions_are_no_lead(con):
    """They are a fact: all are counted. Only of a sample is the order open."""
    reading = {"grain": "month", "unit": "questions"}
    (row,) = latest(con, year(2023, 483, 493, **reading), ahead=55.0, scatter=2.0)
    assert (row["is_order_open"], row["is_within_chance"], row["is_lead_proven"]) == (False, True, False)
    assert row["sentence"] == (
        "In January 2023, Beta had more than Alpha in sales of the shop (Sales): 493 questions to 483, a complete "
        "count; a difference of this size also arises by chance."
    )
    assert "since" not in row["detail"]
    (row,) = latest(con, year(2023, 483, 493, quality="sample", **reading), ahead=55.0, scatter=2.0)
    assert (row["is_order_open"], row["is_within_chance"], row["is_lead_proven"]) == (True, True, False)
    assert row["sentence"] == "In January 2023, the order of Alpha and Beta in sales of the shop (Sales) was open."


def test_downloads_are_within_the_scatter_of_single_periods(con):
    (row,) = latest(con, year(2023, 483, 493, grain="month", unit="per_day"), ahead=55.0, scatter=2.0)
    assert row["sentence"].endswith("a complete count; single months scatter by as much.")


@pytest.mark.parametrize(("a", "b", "by_chance"), [(77, 71, True), (103, 77, True), (110, 77, False)])
def test_things_counted_one_by_one_scatter_by_themselves(con, a, b, by_chance):
    # z = (a - b) / sqrt(a + b): 0.49, 1.94 and 2.41.
    (row,) = latest(con, year(2023, a, b))
    assert (row["is_order_open"], row["is_within_chance"]) == (False, by_chance)
    assert ("also arises by chance" in row["sentence"]) == by_chance
    assert f"{a} sales to {b}, a complete count" in row["sentence"]


def test_what_is_read_out_of_a_picture_is_never_called_a_complete_count(con):
    (row,) = latest(con, year(2023, 103, 77, quality="decoded"))
    assert "103 sales to 77, counts read out of a published picture; a difference" in row["sentence"]


def test_equal_counts_are_equal(con):
    (row,) = latest(con, year(2023, 115, 115), members=True)
    assert (row["leader"], row["is_order_open"]) == (None, False)
    assert row["sentence"] == "In 2023, Alpha and Beta were equal in sales of the shop."


@pytest.mark.parametrize("leads", [True, False])
def test_only_a_proven_lead_is_called_ahead(con, leads):
    months = [year(2023, 80, 20, grain="month"), year(2024, 90, 10, grain="month")]
    (row,) = latest(con, *months, ahead=99.0 if leads else None, scatter=1.0)
    since = "with figures since January 2023, where the series begins."
    assert f"Alpha {'was ahead' if leads else 'had more'} in every month {since}" in row["detail"]
    assert ("Alpha led Beta" in row["sentence"]) == leads


def test_a_stock_has_more_and_its_flow_is_told(con):
    both = (year(2025, 89_000, 180_000, grain="month"), year(2026, 99_188, 185_653, grain="month"))
    (row,) = latest(con, *both, is_stock=True)
    assert (row["is_order_open"], row["is_lead_proven"]) == (False, False)
    assert row["sentence"].startswith("In January 2026, Beta had more than Alpha in sales of the shop")
    assert "In the twelve months before, Alpha gained 10,188 and Beta 5,653, 64% of both together." in row["detail"]


def test_people_who_named_both_are_no_evidence_for_either(con):
    # 40 named Alpha alone, 60 Beta alone: z = -2. A binomial interval of 1,040 to 1,060 would hold a half.
    both = year(2020, 1040, 1060, unit="respondents")
    (row,) = latest(con, both, members=True, overlap=(40, 1000, 60))
    assert (row["leader"], row["is_order_open"], row["is_lead_proven"]) == ("b", False, True)
    assert "Of 1,100 who named either, 4% named Alpha alone, 91% both and 5% Beta alone." in row["detail"]
    (row,) = latest(con, both, members=True)
    assert row["is_within_chance"]
    assert "Only counts are published: who named both stands on either side." in row["detail"]


def test_the_interval_of_overlapping_answers_is_that_of_a_bootstrap(con):
    (row,) = latest(con, year(2022, 5191, 7953, unit="respondents"), members=True, overlap=(1743, 3448, 4505))
    people = np.repeat([[1, 0], [1, 1], [0, 1]], (1743, 3448, 4505), axis=0)
    random = np.random.default_rng(1)
    drawn = [people[random.integers(0, len(people), len(people))].sum(axis=0) for _ in range(400)]
    low, high = np.quantile([100 * a / (a + b) for a, b in drawn], [0.025, 0.975])
    assert (row["low_pct"], row["high_pct"]) == (pytest.approx(low, abs=0.1), pytest.approx(high, abs=0.1))
    ends = con.execute("select low_pct, high_pct, is_within_chance from marts.head_to_head").fetchall()
    assert ends == [(row["low_pct"], row["high_pct"], False)], "one share has one interval"


def test_equal_figures_have_no_leader(con):
    (row,) = latest(con, year(2019, 60, 40), year(2020, 50, 50))
    assert (row["leader"], row["leader_share_pct"], row["is_within_chance"], row["led_since"]) == (None, 50, True, None)


def test_the_second_can_lead(con):
    (row,) = latest(con, year(2020, 20, 80))
    assert (row["leader"], row["leader_share_pct"], row["a_share_of_pair_pct"]) == ("b", 80, 20)


def test_the_interval_of_the_leader_is_turned_round_with_it(con):
    (row,) = latest(con, year(2020, 20, 80), members=True)
    assert (row["leader_low_pct"], row["leader_high_pct"]) == (100 - row["high_pct"], 100 - row["low_pct"])


def test_lead_starts_after_the_last_period_in_which_it_was_not_ahead(con):
    (row,) = latest(con, year(2017, 6, 4), year(2018, 4, 6), year(2019, 6, 4), year(2020, 0, 0), year(2021, 7, 3))
    assert row["led_since"] == date(2019, 1, 1)
    assert row["first_period"] == date(2017, 1, 1)


def test_a_tie_ends_a_lead(con):
    (row,) = latest(con, year(2018, 6, 4), year(2019, 5, 5), year(2020, 6, 4))
    assert row["led_since"] == date(2020, 1, 1)


def test_every_stretch_of_a_lead_stands_in_the_walk(con):
    latest(con, year(2016, 4, 6), year(2017, 4, 6), year(2018, 5, 5), year(2019, 6, 4), year(2020, 4, 6))
    con.execute(
        "select lead_number, leader, year(led_since), year(led_until), period_count, is_latest from marts.leads"
    )
    assert sorted(con.fetchall()) == [
        (1, "b", 2016, 2017, 2, False),
        (2, None, 2018, 2018, 1, False),
        (3, "a", 2019, 2019, 1, False),
        (4, "b", 2020, 2020, 1, True),
    ]


def test_a_lead_that_follows_a_gap_began_somewhere_in_it(con):
    (row,) = latest(con, year(2016, 400, 600), year(2019, 600, 400), year(2020, 600, 400))
    assert con.execute("select year(behind_until) from marts.leads order by lead_number").fetchall() == [
        (None,),
        (2016,),
    ]
    assert (
        "Alpha had more in every year with figures since 2019, the first after 2016, when it had not." in row["detail"]
    )
    latest(con, year(2018, 4, 6), year(2019, 6, 4), year(2020, 6, 4))
    assert con.execute("from marts.leads where behind_until is not null").fetchall() == []


def test_a_lead_of_the_whole_series_starts_with_it(con):
    (row,) = latest(con, year(2018, 0, 0), year(2019, 600, 400), year(2020, 600, 400))
    assert row["led_since"] == row["first_period"] == date(2019, 1, 1)
    assert "since 2019, where the series begins." in row["detail"]


def test_periods_that_are_not_drawn_neither_begin_nor_end_a_lead(con):
    years = (year(2018, 4, 6), year(2019, 60, 40), year(2020, 5, 15), year(2021, 70, 30), year(2022, 1, 9))
    (row,) = latest(con, *years, members=True)
    assert (row["period_start"], row["led_since"]) == (date(2021, 1, 1), date(2019, 1, 1))
    assert "in every year with at least 30 of both since 2019, the first that can tell." in row["detail"]


def test_populations_are_never_mixed(con):
    rows = latest(con, year(2019, 60, 40), year(2018, 40, 60, population="q"))
    assert {row["population"]: row["leader"] for row in rows} == {"all": "a", "q": "b"}


def test_nobody_leads_before_both_were_out(con):
    years = [year(2015, 6, 4), year(2016, 6, 4), year(2017, 6, 4), year(2018, 7, 3)]
    (row,) = latest(con, *years, a=date(2010, 5, 1), b=date(2016, 9, 1))
    # The year of the release counts, and the series still begins where its figures do.
    assert (row["led_since"], row["first_period"]) == (date(2016, 1, 1), date(2015, 1, 1))
    assert "where the series begins" not in row["detail"]
    (row,) = latest(con, *years, a=date(2017, 2, 1), b=date(2016, 9, 1))
    assert row["led_since"] == date(2017, 1, 1)


def test_the_period_of_the_release_is_of_the_same_length(con):
    months = [
        [row | {"grain": "month", "period_start": date(2016, month, 1)} for row in year(2016, 6, 4)]
        for month in (8, 9, 10)
    ]
    (row,) = latest(con, *months, a=date(2016, 9, 20), b=date(2015, 11, 9))
    assert row["led_since"] == date(2016, 9, 1)


def test_where_no_release_is_known_the_first_figure_above_zero_stands_for_it(con):
    years = (year(2015, 6, 0), year(2016, 6, 0), year(2017, 6, 1), year(2018, 6, 0))
    (row,) = latest(con, *years, a=date(2012, 1, 1))
    assert row["led_since"] == date(2017, 1, 1)


def test_a_period_before_both_were_out_is_not_the_newest_that_speaks(con):
    assert latest(con, year(2015, 6, 4), a=date(2012, 1, 1), b=date(2016, 9, 1)) == []


def test_figures_over_different_bases_are_no_pair(con):
    rows = year(2020, 60, 40, base=100)
    assert latest(con, [rows[0], rows[1] | {"base": 90}], members=True) == []


def test_the_worse_quality_of_both_counts(con):
    rows = year(2020, 60, 40)
    (row,) = latest(con, [rows[0] | {"quality": "sample"}, rows[1]])
    assert row["quality"] == "sample"


@pytest.mark.parametrize(
    ("years", "members", "sentence"),
    [
        ([year(2020, 3, 1, **READ)], False, "In 2020, Alpha had more than Beta in sales of the shop."),
        ([year(2020, 1, 3, **READ)], False, "In 2020, Beta had more than Alpha in sales of the shop."),
        ([year(2020, 3, 3, **READ)], False, "In 2020, Alpha and Beta were equal in sales of the shop."),
        (
            [year(2020, 90, 10, unit="per_day")],
            False,
            "In 2020, Alpha had more than Beta in sales of the shop: 90 downloads a day to 10, a complete count.",
        ),
        (
            [year(2020, 55, 45, quality="sample")],
            True,
            "In 2020, the order of Alpha and Beta in sales of the shop was open.",
        ),
        (
            [year(2020, 3, 1, grain="day", **READ)],
            False,
            "On 1 January 2020, Alpha had more than Beta in sales of the shop (Sales).",
        ),
        (
            [year(2020, 3, 1, series="x", **READ)],
            False,
            "In 2020, Alpha had more than Beta in sales of the shop (Sales).",
        ),
        (
            [year(2020, 3, 1, source="conference_papers", population="ICML", **READ)],
            False,
            "In 2020, Alpha had more than Beta in conference papers at ICML (Sales).",
        ),
    ],
)
def test_the_sentence_of_a_reading(con, years, members, sentence):
    (row,) = latest(con, *years, members=members)
    assert row["sentence"] == sentence


def test_a_population_that_does_not_speak_for_its_source_is_named(con):
    (row,) = latest(con, year(2020, 3, 1, **READ), is_preferred=False)
    assert (row["is_headline"], row["sentence"]) == (
        False,
        "In 2020, Alpha had more than Beta in sales of the shop (Sales).",
    )


def test_the_detail_has_counts_share_interval_lead_and_population(con):
    (row,) = latest(con, year(2022, 60, 40), year(2023, 2817, 183), members=True)
    assert row["detail"] == (
        "Alpha had 2,817 sales and Beta 183, 93.9% of both together. The error of counting alone puts that share "
        "between 93.0% and 94.7%. Alpha was ahead in every year with at least 30 of both since 2022, where the "
        "series "
        "begins. Population: all."
    )


def test_a_figure_read_off_a_picture_has_the_one_interval_of_its_reading_error(con):
    """59.1 and 1.9, each within 0.7: the share of 61.0 lies between 58.4 and 59.8 of it."""
    read = {"unit": "percent", "quality": "digitised"}
    (row,) = latest(con, year(2024, 59.1, 1.9, **read), reading_error=0.7)
    words = "ach figure is read off a picture within 0.7 points, which puts that share between 96% and 98%"
    assert row["interval_words"] == f"e{words}"
    assert row["detail"] == f"Alpha had 59.1 percent and Beta 1.9, 97% of both together. E{words}. Population: all."


def test_what_moves_when_it_is_read_again_is_no_surer_than_that(con):
    """59.1 and 1.9, each to move by 5.8: 97 percent of both may be 9.5 points less."""
    read = {"unit": "percent", "quality": "digitised"}
    (row,) = latest(con, year(2024, 59.1, 1.9, **read), reading_error=0.7, moved=5.8)
    assert row["interval_words"] == (
        "each figure is read off a picture within 0.7 points; the newest year moved by up to 5.8 points when such "
        "pictures were read again, which puts that share between 87% and 100%"
    )
    (near,) = latest(con, year(2024, 12, 2, **read), reading_error=0.7, moved=5.8)
    assert near["is_order_open"]


@pytest.mark.parametrize(("error", "is_open"), [(0.3, False), (0.5, True), (None, False)])
def test_what_may_be_misread_by_half_of_the_difference_has_no_leader(con, error, is_open):
    (row,) = latest(con, year(2024, 3, 2, unit="percent", quality="digitised"), reading_error=error)
    assert (row["is_order_open"], "was open" in row["sentence"]) == (is_open, is_open)


def test_the_interval_in_a_line_is_that_of_the_detail(con):
    (row,) = latest(con, year(2021, 80, 20), members=True)
    assert row["interval_words"] == "the error of counting alone puts that share between 71% and 87%"
    assert row["interval_words"][1:] in row["detail"]


def test_a_difference_by_chance_is_never_told_as_a_lead(con):
    (row,) = latest(con, year(2019, 60, 40), year(2020, 55, 45), members=True)
    assert "ahead" not in row["detail"]
    assert "since" not in row["detail"]


def test_a_lead_of_one_period_is_not_told_as_lasting(con):
    (row,) = latest(con, year(2022, 4_000, 6_000), year(2023, 2_817, 183), members=True)
    assert (row["leader"], row["led_since"]) == ("a", date(2023, 1, 1))
    assert "ahead" not in row["detail"]
    assert "since" not in row["detail"]


def test_level_figures_have_a_half_each(con):
    (row,) = latest(con, year(2020, 2_817_672, 2_817_672))
    assert row["detail"].startswith("Alpha had 2.8 million sales and Beta 2.8 million, 50% of both together each.")
