"""Which figure of a period is used, and the shares made of it."""

from datetime import date, datetime

import pytest

from tests.sql.support import created, given

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


def used(con, *rows: dict[str, object]) -> list[tuple[object, ...]]:
    given(con, "intermediate.observations_landed", list(rows))
    given(con, "intermediate.observations_quarterly", [], like="intermediate.observations_landed")
    found = created(con, "intermediate/observations")
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


def shares(con, rows: list[dict[str, object]], *, is_binomial: bool, has_pairs: bool = True) -> list[dict[str, object]]:
    given(con, "intermediate.observations", [{k: v for k, v in row.items() if k != "source_file"} for row in rows])
    described = {"source": "s", "series": "x", "population": "p", "is_binomial": is_binomial, "series_order": 1}
    described |= {"has_pairs": has_pairs}
    given(con, "intermediate.series_populations", [described])
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


def test_head_to_head_names_every_pair_once_in_the_order_of_frameworks(con):
    given(
        con,
        "staging.reference__frameworks",
        [
            {"framework": name, "is_compared": name != "d", "framework_order": order}
            for name, order in (("b", 1), ("a", 2), ("c", 3), ("d", 4))
        ],
    )
    rows = [
        figure("a", 30),
        figure("b", 10),
        figure("d", 5),
        figure("c", 0, period_start=FEB),
        figure("a", 0, period_start=FEB),
    ]
    shares(con, rows, is_binomial=True)
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
    given(
        con,
        "staging.reference__frameworks",
        [{"framework": name, "is_compared": True, "framework_order": order} for order, name in enumerate("ab")],
    )
    assert len(shares(con, [figure("a", 30), figure("b", 10)], is_binomial=True, has_pairs=False)) == 2
    assert created(con, "marts/head_to_head") == []


def test_a_half_year_has_its_middle_its_names_and_ends_where_the_next_begins(con):
    days = [date(2022, 7, 1), date(2023, 1, 1)]
    rows = [figure("a", 1, grain="half_year", period_start=day) for day in days]
    given(con, "intermediate.observations", rows)
    first, second = created(con, "intermediate/periods")
    assert (first["period_middle"], first["next_start_limit"]) == (date(2022, 10, 1), days[1])
    assert (first["label"], first["in_words"]) == ("Jul to Dec 2022", "July to December 2022")
    assert (second["label"], second["noun"]) == ("Jan to Jun 2023", "half-year")
    day, found = con.execute(
        "select period_of('half_year', date '2022-12-31'), period_of('half_year', date '2023-06-30')"
    ).fetchone()
    assert [day, found] == days


def test_quarters_add_up_the_months_where_series_csv_allows_it(con):
    given(
        con,
        "staging.reference__series",
        [
            {"source": "s", "series": "x", "population": "p", "grains": "month|quarter"},
            {"source": "s", "series": "y", "population": "p", "grains": "month"},
        ],
    )
    months = [figure("a", 1), figure("a", 2, period_start=FEB, base=50), figure("a", 9, series="y")]
    given(con, "intermediate.observations_landed", months)
    [row] = created(con, "intermediate/observations_quarterly")
    assert (row["series"], row["grain"], row["period_start"], row["value"], row["base"]) == (
        "x",
        "quarter",
        JAN,
        3,
        150,
    )


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
    given(
        con,
        "staging.reference__frameworks",
        [{"framework": name, "is_compared": True, "framework_order": order} for order, name in enumerate("ab")],
    )
    shares(con, [figure("a", 52.639832723470995), figure("b", 0.0)], is_binomial=False)
    assert [row["a_share_of_pair_pct"] for row in created(con, "marts/head_to_head")] == [100]
