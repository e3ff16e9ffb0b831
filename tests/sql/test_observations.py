"""Which figure of a period is used, and the shares made of it."""

from datetime import date, datetime

import pytest

from tests.sql.support import SQL, created, filled_observations, given

JAN, FEB = date(2024, 1, 1), date(2024, 2, 1)


def figure(framework: str, value: float, **values: object) -> dict[str, object]:
    return {
        "source": "s",
        "series": "x",
        "population": "p",
        "grain": "month",
        "period_start": JAN,
        "framework": framework,
        "value": value,
        "base": 100,
        "unit": "things",
        "quality": "full",
        "origin": "reference",
        "retrieved_at": datetime(2024, 3, 1),
        "reference": "r",
        "source_file": "",
    } | values


def observed(con, rows, *, dated: date | None = None, grains: str = "month") -> list[dict[str, object]]:
    """The figures in use, of a source whose archive may be dated, read in March 2024."""
    given(con, "staging.reference__sources", [{"source": "s", "reference": "r"}])
    publication = {"reference": "r", "retrieved_date": date(2024, 3, 1), "dated_date": dated}
    given(
        con,
        "staging.reference__references",
        [publication, publication | {"reference": "q", "retrieved_date": date(2024, 4, 1), "dated_date": None}],
    )
    described = [
        {"source": "s", "series": x, "population": "p", "grains": g, "is_binomial": x != "index"}
        for x, g in (("x", grains), ("y", "month"), ("index", "month|quarter"))
    ]
    given(con, "staging.reference__series", described)
    return filled_observations(con, rows)


def used(con, *rows: dict[str, object]) -> list[tuple[object, ...]]:
    found = observed(con, list(rows))
    return sorted((row["period_start"], row["framework"], row["value"], row["origin"]) for row in found)


def test_a_period_takes_all_its_frameworks_from_the_best_origin(con):
    rows = [
        figure("a", 1),
        figure("b", 2),
        figure("a", 5, origin="live", source_file="new"),
        figure("a", 7, origin="cached", source_file="old"),
        figure("b", 8, origin="imported", source_file="given"),
        figure("a", 3, period_start=FEB),
    ]
    assert used(con, *rows) == [(JAN, "a", 5, "live"), (FEB, "a", 3, "reference")]


@pytest.mark.parametrize(
    ("origins", "best"),
    [
        (["reference", "imported"], "imported"),
        (["imported", "cached"], "cached"),
        (["cached", "live"], "live"),
    ],
)
def test_live_goes_before_cached_before_imported_before_reference(con, origins, best):
    rows = [figure("a", number, origin=origin, source_file=origin) for number, origin in enumerate(origins)]
    assert [row[3] for row in used(con, *rows)] == [best]


def test_embedded_figures_of_several_references_stay_side_by_side(con):
    found = used(
        con,
        figure("a", 1, reference="r", retrieved_at=datetime(2024, 3, 1)),
        figure("b", 2, reference="q", retrieved_at=datetime(2026, 11, 1)),
    )
    assert found == [(JAN, "a", 1, "reference"), (JAN, "b", 2, "reference")]


def test_180_fresh_days_do_not_erase_the_years_before(con):
    old = [figure("a", year, period_start=date(year, 1, 1)) for year in range(2016, 2024)]
    new = [figure("a", 1, period_start=JAN, origin="live", source_file="new")]
    assert len(used(con, *old, *new)) == 9


def test_populations_and_grains_do_not_push_each_other_out(con):
    rows = [
        figure("a", 1),
        figure("a", 2, population="q", origin="live"),
        figure("a", 3, grain="week", origin="live"),
    ]
    assert len(used(con, *rows)) == 3


FRAMEWORKS = [
    {"framework": name, "is_compared": True, "is_framework": True, "framework_order": order, "first_release": None}
    for order, name in enumerate("ab")
]


def shares(
    con,
    rows: list[dict[str, object]],
    *,
    is_binomial: bool,
    has_pairs: bool = True,
    frameworks: list[dict[str, object]] | None = None,
) -> list[dict[str, object]]:
    given(con, "intermediate.observations", [{k: v for k, v in row.items() if k != "source_file"} for row in rows])
    described = {
        "source": "s",
        "series": "x",
        "population": "p",
        "grain": "month",
        "is_binomial": is_binomial,
        "series_order": 1,
    }
    described |= {"has_pairs": has_pairs}
    given(con, "intermediate.series_populations", [described])
    given(con, "staging.reference__frameworks", frameworks or FRAMEWORKS)
    return created(con, "marts/framework_shares")


def test_a_share_comes_with_its_wilson_interval(con):
    # 10 of 100: centre (0.1 + 0.019208) / 1.038416, half width 0.057454 / 1.038416... worked out by hand.
    [row] = shares(con, [figure("a", 10)], is_binomial=True)
    assert row["share_pct"] == 10
    assert row["share_low_pct"] == pytest.approx(5.5229, abs=1e-3)
    assert row["share_high_pct"] == pytest.approx(17.4366, abs=1e-3)


def test_no_interval_where_the_value_does_not_count_members_of_the_base(con):
    [row] = shares(con, [figure("a", 10)], is_binomial=False)
    assert (row["share_pct"], row["share_low_pct"], row["share_high_pct"]) == (10, None, None)


@pytest.mark.parametrize("base", [None, 0])
def test_no_share_without_a_base(con, base):
    [row] = shares(con, [figure("a", 0, base=base)], is_binomial=True)
    assert (row["share_pct"], row["share_low_pct"], row["share_high_pct"]) == (None, None, None)


@pytest.mark.parametrize(("value", "low", "high"), [(0, 0, 11.3513), (30, 88.6487, 100)])
def test_an_interval_stays_within_0_and_100(con, value, low, high):
    [row] = shares(con, [figure("a", value, base=30)], is_binomial=True)
    assert row["share_low_pct"] == pytest.approx(low, abs=1e-3)
    assert row["share_high_pct"] == pytest.approx(high, abs=1e-3)


@pytest.mark.parametrize(
    ("base", "is_binomial", "is_drawn"), [(29, True, False), (30, True, True), (29, False, True), (None, True, True)]
)
def test_a_share_is_drawn_from_thirty_members_on(con, base, is_binomial, is_drawn):
    [row] = shares(con, [figure("a", 1, base=base)], is_binomial=is_binomial)
    assert row["is_drawn"] == is_drawn


def test_nothing_is_drawn_before_its_release_nor_an_answer_that_is_no_framework(con):
    released = [FRAMEWORKS[0] | {"first_release": date(2024, 1, 20)}, FRAMEWORKS[1] | {"first_release": FEB}]
    answer = FRAMEWORKS[0] | {"framework": "none", "is_framework": False}
    found = shares(
        con, [figure(name, 40) for name in ("a", "b", "none")], is_binomial=True, frameworks=[*released, answer]
    )
    assert {row["framework"]: (row["is_out"], row["is_drawn"]) for row in found} == {
        "a": (True, True),
        "b": (False, False),
        "none": (True, False),
    }


def test_where_no_release_is_known_the_first_figure_above_zero_stands_for_it(con):
    rows = [figure("a", value, period_start=date(2024, month, 1)) for month, value in ((1, 0), (2, 1), (3, 0))]
    assert [row["is_out"] for row in shares(con, rows, is_binomial=True)] == [False, True, True]


def test_head_to_head_names_every_pair_once_in_the_order_of_frameworks(con):
    frameworks = [
        FRAMEWORKS[0] | {"framework": name, "is_compared": name != "d", "framework_order": order}
        for name, order in (("b", 1), ("a", 2), ("c", 3), ("d", 4))
    ]
    rows = [
        figure("a", 30),
        figure("b", 10),
        figure("d", 5),
        figure("c", 0, period_start=FEB),
        figure("a", 0, period_start=FEB),
    ]
    shares(con, rows, is_binomial=True, frameworks=frameworks)
    found = {
        (row["period_start"], row["framework_a"], row["framework_b"]): row for row in created(con, "marts/head_to_head")
    }
    assert sorted(found) == [(JAN, "b", "a"), (FEB, "a", "c")]
    january = found[JAN, "b", "a"]
    assert (january["a_value"], january["b_value"], january["a_share_of_pair_pct"]) == (10, 30, 25)
    assert january["low_pct"] == pytest.approx(14.187, abs=1e-2)
    assert january["high_pct"] == pytest.approx(40.194, abs=1e-2)
    assert (found[FEB, "a", "c"]["a_share_of_pair_pct"], found[FEB, "a", "c"]["low_pct"]) == (None, None)


def test_a_population_without_pairs_has_shares_and_no_pair(con):
    assert len(shares(con, [figure("a", 30), figure("b", 10)], is_binomial=True, has_pairs=False)) == 2
    assert created(con, "marts/head_to_head") == []


def test_a_half_year_has_its_middle_its_names_and_ends_where_the_next_begins(con):
    days = [date(2022, 7, 1), date(2023, 1, 1)]
    words = "period_middle(g, d), next_start(g, d), period_label(g, d), period_words(g, d), grain_noun(g)"
    found = con.execute(f"select {words} from (values ('half_year', date '2022-07-01')) as given (g, d)").fetchall()
    assert found == [(date(2022, 10, 1), days[1], "Jul to Dec 2022", "July to December 2022", "half-year")]
    day, found = con.execute(
        "select period_of('half_year', date '2022-12-31'), period_of('half_year', date '2023-06-30')"
    ).fetchone()
    assert [day, found] == days


MONTHS = [date(2023, month, 1) for month in (10, 11, 12)]


def quarters(con, rows: list[dict[str, object]], **settings: object) -> list[tuple[object, ...]]:
    settings = {"grains": "month|quarter"} | settings
    found = [row for row in observed(con, rows, **settings) if row["grain"] == "quarter"]
    return [(row["series"], row["period_start"], row["framework"], row["value"], row["base"]) for row in found]


def test_quarters_add_up_three_months_of_counts_where_series_csv_allows_it(con):
    rows = [
        figure("a", number, series=series, period_start=month)
        for series in ("x", "y", "index")
        for number, month in enumerate(MONTHS, start=1)
    ]
    assert quarters(con, rows) == [("x", MONTHS[0], "a", 6, 300)]


@pytest.mark.parametrize("lost", MONTHS)
def test_a_quarter_of_two_months_is_none(con, lost):
    rows = [figure("a", 1, period_start=month) for month in MONTHS if month != lost]
    # Another framework does not fill the month in.
    assert quarters(con, [*rows, figure("b", 1, period_start=lost)]) == []


def test_months_of_two_landings_make_no_quarter(con):
    rows = [figure("a", 1, period_start=month, origin="live", source_file=str(month)) for month in MONTHS]
    assert quarters(con, rows) == []


@pytest.mark.parametrize(
    ("dated", "months", "count"),
    [
        (None, [*MONTHS, JAN, FEB], 1),
        (date(2024, 1, 1), MONTHS, 1),
        (date(2023, 12, 31), MONTHS[:2], 0),
        (date(2023, 10, 2), [], 0),
    ],
)
def test_a_month_counts_once_its_archive_is_of_later(con, dated, months, count):
    rows = [figure("a", 1, period_start=month) for month in (*MONTHS, JAN, FEB, date(2024, 3, 1))]
    found = observed(con, rows, dated=dated, grains="month|quarter")
    # Read on 1 March 2024: February is over, March is not.
    assert sorted(row["period_start"] for row in found if row["grain"] == "month") == months
    assert sum(row["grain"] == "quarter" for row in found) == count


def test_what_is_landed_is_whole_by_the_day_it_was_read_and_the_day_its_archive_is_of(con):
    rows = [figure("a", 1, period_start=day, origin="live", source_file="new", reference=None) for day in (JAN, FEB)]
    read = [row | {"retrieved_at": datetime(2024, 2, 20)} for row in rows]
    assert [row["period_start"] for row in observed(con, read)] == [JAN]
    assert observed(con, rows, dated=date(2024, 1, 28)) == []


@pytest.mark.parametrize("grain", ["day", "edition", "window"])
def test_what_has_no_calendar_is_whole(con, grain):
    assert len(observed(con, [figure("a", 1, grain=grain, period_start=date(2024, 2, 28))])) == 1


def test_publications_stand_beside_each_other_in_one_period(con):
    rows = [figure("a", 1), figure("b", 2, reference="q", retrieved_at=datetime(2025, 1, 1))]
    assert {(row["framework"], row["reference"]) for row in observed(con, rows)} == {("a", "r"), ("b", "q")}


def test_the_newer_of_two_landings_wins(con):
    rows = [
        figure("a", number, origin="live", source_file=name, retrieved_at=datetime(2024, 3, number))
        for number, name in ((1, "z"), (2, "a"))
    ]
    assert used(con, *rows) == [(JAN, "a", 2, "live")]


@pytest.mark.parametrize(("wrong", "rule"), [({"grain": "fortnight"}, "grain_order"), ({"quality": "fine"}, "quality")])
def test_an_unknown_grain_or_quality_is_refused(con, wrong, rule):
    with pytest.raises(AssertionError, match=rule):
        observed(con, [figure("a", 1, **wrong)])


def test_the_worst_quality_of_a_mixture_counts(con):
    kinds = ("sample", "full", "full")
    rows = [figure("a", 1, period_start=month, quality=kind) for month, kind in zip(MONTHS, kinds, strict=True)]
    found = observed(con, rows, grains="month|quarter")
    assert [row["quality"] for row in found if row["grain"] == "quarter"] == ["sample"]


def test_a_missing_row_is_a_zero_only_for_papers_with_code(con):
    keys = {"period_start": FEB}
    rows = [
        figure("a", 1, source="papers_with_code"),
        figure("b", 2, source="papers_with_code"),
        figure("a", 3, source="papers_with_code", **keys),
        figure("a", 1, source="survey"),
        figure("b", 2, source="survey"),
        figure("a", 3, source="survey", **keys),
    ]
    given(
        con,
        "staging.reference__observations",
        [{k: v for k, v in row.items() if k not in ("origin", "retrieved_at", "source_file")} for row in rows],
    )
    found = {
        (r["source"], r["period_start"], r["framework"]): r["value"]
        for r in created(con, "intermediate/reference_observations")
    }
    assert found["papers_with_code", FEB, "b"] == 0
    assert ("survey", FEB, "b") not in found
    assert len(found) == 7


def test_a_value_with_decimals_beside_a_zero_is_all_of_the_pair(con):
    shares(con, [figure("a", 52.639832723470995), figure("b", 0.0)], is_binomial=False)
    assert [row["a_share_of_pair_pct"] for row in created(con, "marts/head_to_head")] == [100]


def test_a_licence_without_terms_is_caught(con):
    given(con, "staging.reference__licences", [{"licence": "CC0", "terms": "CC0-1.0", "strictness": 1}])
    given(
        con,
        "staging.reference__references",
        [{"reference": "r", "licence": "CC0"}, {"reference": "q", "licence": "ours"}],
    )
    given(con, "staging.reference__sources", [{"source": "s", "licence": "CC0"}])
    check = (SQL / "checks" / "licences_known.sql").read_text(encoding="utf-8")
    assert con.execute(check).fetchall() == [("ours", "reference q")]
