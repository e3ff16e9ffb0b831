"""What each source says of two frameworks in a year and in its newest twelve months, and which sources are weighed."""

from datetime import date
from typing import Any

import pytest

from tests.sql.support import created, database, given

SOURCES = {
    # source: grain, unit of its line
    "papers": {"grain": "year", "is_summed": True},
    "search": {"grain": "month", "is_summed": False},
    "stars": {"grain": "month", "is_summed": False, "is_stock": True},
    "posts": {"grain": "month", "is_summed": False, "series": "posts_12_months"},
    "survey": {"grain": "edition", "is_summed": True},
}


def point(source: str, day: date, a: float, b: float, **more: Any) -> dict[str, Any]:
    return {
        "source": source,
        "period_start": day,
        "a_value": float(a),
        "pair_value": float(a + b),
        "sd_pct": 2.0,
    } | more


def months(year: int, first: int = 1, last: int = 12) -> list[date]:
    return [date(year, month, 1) for month in range(first, last + 1)]


def weighed(
    con, points: list[dict[str, Any]], overlaps: list[dict[str, Any]] | None = None
) -> dict[Any, dict[str, Any]]:
    """Readings by year and source."""
    lines = [
        {
            "line": number, "source": name, "series": like.get("series", "s"), "population": "all",
            "grain": like["grain"], "framework_a": "p", "framework_b": "t", "is_pooled": False,
            "is_summed": like["is_summed"],
        }
        for number, (name, like) in enumerate(SOURCES.items())
    ]  # fmt: skip
    numbers = {row["source"]: row["line"] for row in lines}
    given(con, "intermediate.source_lines", lines)
    smoothed = [
        {"line": numbers[row["source"]], "share_pct": 100 * row["a_value"] / row["pair_value"]}
        | {key: value for key, value in row.items() if key != "source"}
        for row in points
    ]
    given(con, "intermediate.pair_smoothed", smoothed)
    populations = [
        {key: row[key] for key in ("source", "series", "population", "grain")}
        | {"rank": 1, "is_stock": SOURCES[row["source"]].get("is_stock", False), "has_pairs": True}
        for row in lines
    ]
    given(con, "intermediate.series_populations", populations)
    curves = [
        {"line": row["line"], "period_start": row["period_start"], "curve_low_pct": row["curve"] - 1.96,
         "curve_high_pct": row["curve"] + 1.96}
        for row in smoothed if "curve" in row
    ]  # fmt: skip
    unknown = {"line": -1, "period_start": date(2000, 1, 1), "curve_low_pct": 1.0, "curve_high_pct": 2.0}
    given(con, "staging.analysis__curves", curves or [unknown])
    nobody = {"source": "", "series": "", "population": "", "framework_a": "", "framework_b": ""}
    empty = nobody | {"period_start": date(2000, 1, 1), "only_a_count": 1, "both_count": 1, "only_b_count": 1}
    given(con, "staging.reference__survey_overlaps", overlaps or [empty])
    headlines = [
        {
            "source": name,
            "series": like.get("series", "s"),
            "kind": "K",
            "audience": "industry",
            "headline_order": number,
        }
        for number, (name, like) in enumerate(SOURCES.items())
    ]
    given(con, "intermediate.headline_series", headlines)
    created(con, "intermediate/weighed_points")
    return {(row["year"], row["source"]): row for row in created(con, "marts/weighed_readings")}


@pytest.fixture
def con():
    with database() as con:
        yield con


def test_counts_of_a_year_are_a_share_with_the_error_of_counting(con):
    found = weighed(con, [point("papers", date(2020, 1, 1), 60, 40)])
    row = found["2020", "papers"]
    assert (row["a_share_of_pair_pct"], row["pair_value"], row["error_pct"]) == (60, 100, 2)
    assert found["newest", "papers"]["a_share_of_pair_pct"] == 60


def test_shares_of_a_year_are_averaged_and_need_half_of_it_up_to_its_end(con):
    late = [point("search", day, 30, 70) for day in months(2020, 6)]
    early = [point("search", day, 90, 10) for day in months(2021, 1, 8)]
    found = weighed(con, late + early)
    assert found["2020", "search"]["a_share_of_pair_pct"] == 30
    assert found["2020", "search"]["pair_value"] is None
    assert ("2021", "search") not in found
    # The newest twelve months: four of 2020, eight of 2021.
    newest = found["newest", "search"]
    assert (newest["first_period"], newest["last_period"]) == (date(2020, 9, 1), date(2021, 8, 1))
    assert newest["a_share_of_pair_pct"] == pytest.approx((4 * 30 + 8 * 90) / 12)
    assert newest["error_pct"] == 2


def test_the_curve_under_shares_says_how_they_err(con):
    found = weighed(con, [point("search", day, 30, 70, curve=30.0) for day in months(2020)])
    assert found["2020", "search"]["error_pct"] == pytest.approx(1)


def test_a_stock_enters_as_its_gain_of_twelve_months(con):
    before, later = point("stars", date(2019, 12, 1), 100, 900), point("stars", date(2020, 12, 1), 400, 1000)
    found = weighed(con, [before, later])
    assert found["2020", "stars"]["a_share_of_pair_pct"] == 75
    assert found["2020", "stars"]["pair_value"] == 400
    assert found["2020", "stars"]["error_pct"] == pytest.approx(2.16, abs=0.01)
    assert ("2019", "stars") not in found


def test_a_month_more_or_less_before_does_not_lose_a_gain_and_a_loss_is_none(con):
    shifted = [point("stars", date(2019, 11, 1), 100, 900), point("stars", date(2020, 12, 1), 400, 1000)]
    assert weighed(con, shifted)["2020", "stars"]["a_share_of_pair_pct"] == 75
    lost = [point("stars", date(2019, 12, 1), 100, 900), point("stars", date(2020, 12, 1), 400, 800)]
    assert weighed(con, lost) == {}


def test_a_sum_of_twelve_months_speaks_by_its_last_one_alone(con):
    found = weighed(con, [point("posts", day, day.month, 100 - day.month) for day in months(2020)])
    assert found["2020", "posts"]["a_share_of_pair_pct"] == 12
    assert found["2020", "posts"]["period_count"] == 1


def test_people_who_named_both_make_the_error_smaller(con):
    survey = [point("survey", date(2020, 1, 1), 60, 60)]
    both = {"source": "survey", "series": "s", "population": "all", "framework_a": "p", "framework_b": "t"}
    told = both | {"period_start": date(2020, 1, 1), "only_a_count": 20, "both_count": 40, "only_b_count": 20}
    # 100 sqrt(20 / 4 + 0 + 20 / 4) / 120
    assert weighed(con, survey, [told])["2020", "survey"]["error_pct"] == pytest.approx(100 * 10**0.5 / 120)


def test_under_thirty_members_are_no_reading(con):
    assert weighed(con, [point("papers", date(2020, 1, 1), 20, 9)]) == {}


def test_what_is_older_than_three_years_beside_the_newest_is_left_out_and_told(con):
    points = [point("papers", date(2020, 1, 1), 60, 40), point("survey", date(2016, 1, 1), 60, 40)]
    points += [point("stars", date(2020, 6, 1), 400, 1000), point("search", date(2020, 2, 1), 1, 1)]
    found = weighed(con, points)
    assert ("2016", "survey") in found
    assert ("newest", "survey") not in found
    ended = {"papers": "It closed in 2021."}
    sources = [{"source": name, "label": name.title(), "ended_note": ended.get(name)} for name in SOURCES]
    given(con, "marts.source_status", sources)
    rows = {row["source"]: row for row in created(con, "marts/weighed_sources")}
    # Of a stock the gain is weighed: whoever names the source says so.
    labels = ("papers", "Papers", "2020"), ("stars", "Stars gained in twelve months", "Jun 2020")
    assert [(name, rows[name]["label"], rows[name]["last_label"]) for name, *_ in labels] == list(labels)
    notes = {name: row["note"] for name, row in rows.items()}
    assert notes == {
        "papers": "Papers: weighed, up to 2020. It closed in 2021",
        "survey": "Survey: not weighed, since its newest figures are older than three years (up to the 2016 edition)",
        "stars": "Stars: not weighed, since only a level is held, and no gain over twelve months (up to Jun 2020)",
        "search": "Search: not weighed, since no whole twelve months are held (up to Feb 2020)",
        "posts": "Posts: not weighed, since it knows no two of the compared frameworks",
    }
