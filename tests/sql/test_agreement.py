"""Sources side by side, what articles concluded beside them, and the sentences made of both."""

from datetime import date
from typing import Any

import pytest

from tests.sql.support import created, given

PAIR = {"framework_a": "p", "framework_b": "t"}
PAPERS = PAIR | {"source": "papers_with_code", "series": "links_known", "population": "all", "grain": "month"}
SEARCH = PAIR | {"source": "google_trends", "series": "search_terms", "population": "world", "grain": "month"}
CVPR = PAIR | {"source": "conference_papers", "series": "mentions", "population": "CVPR", "grain": "edition"}
ICML = CVPR | {"population": "ICML"}
LINES = [
    PAPERS | {"line": 1, "is_pooled": False, "is_summed": True},
    SEARCH | {"line": 2, "is_pooled": False, "is_summed": False},
    CVPR | {"line": 3, "is_pooled": True, "is_summed": True},
    ICML | {"line": 4, "is_pooled": True, "is_summed": True},
]
QUARTERS = PAPERS | {"population": "page", "grain": "quarter", "line": 5, "is_pooled": False, "is_summed": False}


def point(line: int, day: date, a: float, b: float) -> dict[str, Any]:
    return {
        "line": line,
        "period_start": day,
        "a_value": float(a),
        "pair_value": float(a + b),
        "share_pct": 100 * a / (a + b),
    }


def agreement(con, *points: dict[str, Any], missing: tuple[date, ...] = ()) -> dict[tuple[int, str], dict[str, Any]]:
    given(con, "intermediate.source_lines", LINES)
    given(con, "intermediate.pair_smoothed", points)
    curves = [row | {"ahead_pct": row.get("ahead_pct")} for row in points]
    given(
        con, "staging.analysis__curves", [{k: row[k] for k in ("line", "period_start", "ahead_pct")} for row in curves]
    )
    described = [{k: line[k] for k in ("source", "series", "population")} for line in LINES]
    given(
        con,
        "marts.series",
        [row | {"counts_what": f"what {row['source']} counts", "caveat": None} for row in described],
    )
    # Every month of a year in which a line has a point is there.
    held = {(row["line"], row["period_start"].year) for row in points}
    periods = [
        LINES[number - 1] | {"period_start": date(year, month, 1)}
        for number, year in sorted(held)
        for month in (range(1, 13) if LINES[number - 1]["grain"] == "month" else (6,))
    ]
    given(con, "marts.head_to_head", [row for row in periods if row["period_start"] not in missing])
    return {(row["year"], row["source"]): row for row in created(con, "marts/source_agreement")}


def test_a_year_adds_up_members_and_averages_an_index(con):
    found = agreement(
        con,
        point(1, date(2021, 1, 1), 1, 1),
        point(1, date(2021, 2, 1), 30, 8),
        point(2, date(2021, 1, 1), 10, 90),
        point(2, date(2021, 2, 1), 30, 30),
    )
    papers, search = found[2021, "papers_with_code"], found[2021, "google_trends"]
    assert (papers["a_share_of_pair_pct"], papers["pair_value"], papers["period_count"]) == (77.5, 40, 2)
    assert papers["low_pct"] == pytest.approx(62.5, abs=0.1)
    assert (search["a_share_of_pair_pct"], search["pair_value"], search["low_pct"]) == (30, None, None)
    assert papers["counts_what"] == "what papers_with_code counts"


def test_a_year_of_which_a_month_is_missing_is_not_told(con):
    points = [point(1, date(year, 1, 1), 80, 20) for year in (2021, 2022)]
    assert list(agreement(con, *points, missing=(date(2022, 12, 1),))) == [(2021, "papers_with_code")]


@pytest.mark.parametrize(("missing", "is_told"), [(range(1, 7), True), (range(1, 8), False), ((12,), False)])
def test_a_year_of_readings_reaches_its_end_and_has_half_of_its_months(con, missing, is_told):
    gaps = tuple(date(2021, month, 1) for month in missing)
    assert bool(agreement(con, point(2, date(2021, 9, 1), 80, 20), missing=gaps)) == is_told


def test_a_year_within_its_interval_has_no_leader(con):
    found = agreement(con, point(1, date(2021, 1, 1), 55, 45), point(1, date(2022, 1, 1), 65, 35))
    assert (found[2021, "papers_with_code"]["leader"], found[2022, "papers_with_code"]["leader"]) == (None, "p")


def test_sources_are_held_against_each_other_year_by_year(con):
    found = agreement(
        con,
        point(1, date(2021, 1, 1), 80, 20),
        point(2, date(2021, 1, 1), 30, 70),
        point(1, date(2022, 1, 1), 80, 20),
    )
    first, alone = found[2021, "papers_with_code"], found[2022, "papers_with_code"]
    assert (first["source_count"], first["lowest_pct"], first["highest_pct"], first["spread_pct"]) == (2, 30, 80, 50)
    assert (first["leader"], found[2021, "google_trends"]["leader"], first["is_agreed"]) == ("p", "t", False)
    assert (alone["source_count"], alone["is_agreed"]) == (1, None)


def test_conferences_are_added_up(con):
    found = agreement(con, point(3, date(2021, 6, 1), 60, 20), point(4, date(2021, 7, 1), 10, 10))
    row = found[2021, "conference_papers"]
    assert (row["population"], row["a_share_of_pair_pct"], row["pair_value"]) == ("pooled", 70, 100)


def test_the_lines_that_speak_for_a_source(con):
    lines = [PAPERS, PAPERS | {"series": "links_all"}, PAPERS | {"population": "sample"}, SEARCH, CVPR, ICML]
    given(
        con,
        "intermediate.pair_lines",
        [line | {"line": number, "error_model": "counts"} for number, line in enumerate(lines, start=1)],
    )
    headline = [PAPERS | {"grain": "quarter"}, SEARCH | {"grain": "week"}, CVPR]
    given(con, "intermediate.headline_series", [{k: row[k] for k in ("source", "series", "grain")} for row in headline])
    preferred = [PAPERS, SEARCH | {"grain": "week"}, CVPR]
    given(
        con,
        "intermediate.series_populations",
        [
            {k: row[k] for k in ("source", "series", "population", "grain")}
            | {"is_speaking": row in preferred, "is_binomial": True, "is_summed": True}
            for row in lines
        ],
    )
    # Months stand for the quarters of the headline; the other series and population do not speak, nor another grain.
    found = created(con, "intermediate/source_lines")
    assert sorted((row["line"], row["is_dating"]) for row in found) == [(1, True), (5, True), (6, True)]


def test_quarters_that_are_no_sums_speak_and_the_months_beside_them_date(con):
    quarters, months = PAPERS | {"population": "page", "grain": "quarter"}, PAPERS | {"population": "page, months"}
    alone = quarters | {"framework_b": "j"}
    lines = [line | {"line": number, "error_model": "scatter"} for number, line in enumerate((quarters, months, alone))]
    given(con, "intermediate.pair_lines", lines)
    given(con, "intermediate.headline_series", [{k: quarters[k] for k in ("source", "series", "grain")}])
    speaking = {"is_speaking": True, "is_binomial": False, "is_summed": False}
    chosen = [{k: row[k] for k in ("source", "series", "population", "grain")} | speaking for row in (quarters, months)]
    given(con, "intermediate.series_populations", chosen)
    found = created(con, "intermediate/source_lines")
    assert sorted((row["line"], row["is_dating"]) for row in found) == [(0, False), (1, True), (2, True)]


@pytest.mark.parametrize(("ahead", "leader", "is_agreed"), [(99.0, "p", True), (80.0, None, False)])
def test_an_index_names_a_leader_where_its_curve_is_sure(con, ahead, leader, is_agreed):
    search = point(2, date(2021, 1, 1), 55, 45) | {"ahead_pct": ahead}
    found = agreement(con, point(1, date(2021, 1, 1), 80, 20), search)
    assert (found[2021, "google_trends"]["leader"], found[2021, "google_trends"]["is_agreed"]) == (leader, is_agreed)


def verdicts(con, *articles: dict[str, Any], shares: list[tuple[int, float]]) -> list[dict[str, Any]]:
    # The second article gives the year its type where the first has none.
    given(con, "staging.reference__article_verdicts", [*articles, said("p", 2022, "style") | {"article": "b.txt"}])
    given(con, "intermediate.headline_pair", [PAIR | {"label_a": "P", "label_b": "T"}])
    rows = [
        PAIR
        | {"source": "papers_with_code", "population": "all", "year": year, "period_count": 12}
        | {"a_share_of_pair_pct": pct, "low_pct": pct - 2, "high_pct": pct + 2, "leader": "p" if pct > 50 else "t"}
        for year, pct in shares
    ]
    given(con, "marts.source_agreement", rows)
    return [row for row in created(con, "marts/verdicts") if row["article"] == "a.txt"]


def said(favoured: str, year: int | None, criterion: str = "research adoption") -> dict[str, Any]:
    return {
        "article": "a.txt",
        "article_year": year,
        "criterion": criterion,
        "favoured": favoured,
        "paraphrase": "so they say",
        "verdict_order": 1,
    }


@pytest.mark.parametrize(
    ("favoured", "year", "measured", "agrees"),
    [
        ("p", 2022, (2022, "p"), "agrees"),
        ("t", 2022, (2022, "p"), "disagrees"),
        ("tie", 2020, (2020, "tie"), "agrees"),
        ("t", 2019, (2019, "t"), "agrees"),
        ("p", None, (2022, "p"), "agrees"),
        ("p", 2030, (2022, "p"), "agrees"),
        ("p", 2010, (None, None), "not measured"),
    ],
)
def test_a_verdict_stands_beside_the_figures_of_its_time(con, favoured, year, measured, agrees):
    [row] = verdicts(con, said(favoured, year), shares=[(2019, 30.0), (2020, 51.5), (2022, 80.0)])
    assert ((row["evidence_year"], row["measured_favoured"]), row["agreement"]) == (measured, agrees)


def test_a_matter_of_taste_is_not_measured(con):
    [row] = verdicts(con, said("p", 2022, "code style"), shares=[(2022, 80.0)])
    assert (row["evidence_source"], row["agreement"]) == ("", "not measured")


def test_users_are_named_and_marked_as_unchecked(con):
    user = {"product": "Autopilot", "organisation": "Tesla", "framework": "p", "user_order": 1}
    given(con, "staging.reference__industry_users", [user | {"article": "a.txt"}, user | {"article": "b.txt"}])
    given(con, "staging.reference__frameworks", [{"framework": "p", "label": "P"}])
    found = created(con, "marts/industry_users")
    assert [(row["label"], row["article_count"], row["is_checked"]) for row in found] == [("P", 2, False)] * 2


@pytest.mark.parametrize(
    ("low", "high", "finding"),
    [
        (6, 14, "In Search, P passed 30 percent against T 6 to 14 months later than in Papers."),
        (-14, -6, "In Papers, P passed 30 percent against T 6 to 14 months later than in Search."),
        (-2, 5, "P passed 30 percent against T in Papers and in Search at dates that cannot be told apart."),
    ],
)
def test_a_lag_is_a_difference_of_dates_in_words(con, low, high, finding):
    given(con, "intermediate.source_lines", LINES)
    names = [{"source": "papers_with_code", "label": "Papers"}, {"source": "google_trends", "label": "Search"}]
    given(con, "staging.reference__sources", names)
    given(con, "staging.reference__frameworks", [{"framework": name, "label": name.upper()} for name in "pt"])
    row = {"line": 1, "other_line": 2, "is_a": True, "level_pct": 30, "months_low": low, "months_high": high}
    given(con, "staging.analysis__source_lags", [row])
    [told] = created(con, "marts/source_lags")
    assert (told["finding"], told["is_found"]) == (finding, low > 0 or high < 0)


def readings(con, *figures: dict[str, Any]) -> list[dict[str, Any]]:
    published = {"series": "published_share_readings", "population": "page", "value": 58.0, "base": None}
    rows = [
        {"source": "papers_with_code", "grain": "month", "framework": "p", "origin": "reference"} | row
        for row in (published | {"period_start": date(2021, 6, 1)}, *figures)
    ]
    drawn = {"series": "repositories_drawn", "population": "draw, by creation", "period_start": date(1990, 1, 1)}
    draw = rows[0] | drawn | {"grain": "year", "given_low_pct": 1.0, "given_high_pct": 2.0}
    given(con, "intermediate.observations", [*rows, draw])
    ranks = {"all": 1, "sample": 2, "page": 1}
    lines = {(row["series"], row["population"]) for row in rows}
    given(
        con,
        "intermediate.series_populations",
        [
            {"source": "papers_with_code", "series": s, "population": p, "grain": "month", "rank": ranks[p]}
            | {"reading_error": 0.2}
            for s, p in sorted(lines)
        ],
    )
    created(con, "intermediate/quoted_readings")
    return created(con, "marts/published_readings")


def links(month: int, value: float, base: int, population: str = "sample", **values: Any) -> dict[str, Any]:
    row = {"series": "links_all", "population": population, "period_start": date(2021, month, 1)}
    return row | {"value": float(value), "base": base} | values


def test_a_reading_is_held_against_one_definition_fixed_beforehand_and_all_others(con):
    found = readings(con, links(1, 9, 10), links(4, 10, 20), links(5, 10, 20), links(6, 30, 40))
    assert {row["window_words"]: (row["member_count"], row["member_total"]) for row in found} == {
        "month": (30, 40),
        "quarter": (50, 80),
        "trailing 6 months": (59, 90),
    }
    [fixed] = [row for row in found if row["is_fixed_definition"]]
    assert (fixed["window_words"], fixed["measured_pct"], fixed["difference_pct"], fixed["is_inside"]) == (
        "quarter",
        62.5,
        4.5,
        True,
    )


def test_a_quote_of_a_month_is_one_where_its_quarter_was_quoted_as_well(con):
    months = [links(month, 10, 20) for month in (4, 5, 6)]
    quarter = {"series": "published_share_readings", "population": "page", "value": 57.0, "base": None}
    found = readings(con, *months, quarter | {"period_start": date(2021, 6, 1), "grain": "quarter"})
    assert {row["published_pct"] for row in found} == {58.0}


def test_a_quarter_of_two_months_is_no_reading(con):
    found = readings(con, links(5, 10, 20), links(6, 30, 40))
    assert {row["window_words"] for row in found} == {"month", "trailing 6 months"}


def test_the_full_archive_takes_the_place_of_the_sample_even_where_the_sample_is_nearer(con):
    months = [
        each for month in (4, 5, 6) for each in (links(month, 58, 100), links(month, 400, 1000, "all", origin="live"))
    ]
    found = readings(con, *months)
    fixed = [(row["population"], row["measured_pct"], row["is_inside"], row["origin"]) for row in found
             if row["is_fixed_definition"]]  # fmt: skip
    assert fixed == [("all", 40, False, "live")]
    assert any(row["population"] == "sample" and row["difference_pct"] == 0 for row in found)


def test_findings_in_words(con):
    given(con, "intermediate.source_lines", [line | {"is_dating": line["line"] != 5} for line in (*LINES, QUARTERS)])
    given(con, "intermediate.headline_pair", [PAIR | {"label_a": "P", "label_b": "T"}])
    subjects = {"papers_with_code": "research code", "google_trends": "Google searches", "conference_papers": "papers"}
    given(con, "marts.source_status", [{"source": name, "subject": words} for name, words in subjects.items()])
    crossed = {"leader_before": "t", "leader_after": "p", "is_lasting": True}
    when = {"crossed_period": date(2019, 3, 1), "sustained_from": date(2019, 9, 1), "is_stock": False}
    when["behind_until"] = None
    ends = {"crossed_low": date(2018, 9, 1), "crossed_high": date(2019, 6, 1), "is_proven": True}
    open_end = {"crossed_period": date(2019, 6, 1), "sustained_from": None, "crossed_low": date(2018, 6, 1)}
    open_end |= {
        "is_proven": False,
        "is_stock": False,
        "before_period": date(2018, 6, 1),
        "last_period": date(2020, 6, 1),
    }
    given(con, "marts.crossovers", [PAPERS | crossed | when | ends, CVPR | crossed | open_end])
    shares = [
        SEARCH | {"period_start": date(year, 1, 1), "a_share_of_pair_pct": share, "is_pair_drawn": year < 2021}
        for year, share in ((2018, 20.2), (2019, 22.0), (2020, 21.0), (2021, 90.0))
    ]
    given(con, "marts.head_to_head", shares)
    lead = {"leader": "t", "led_since": date(2018, 1, 1), "led_until": date(2020, 1, 1), "lead_number": 1}
    lead |= {"is_latest": True, "period_count": 3}
    given(
        con,
        "marts.leads",
        [SEARCH | lead, PAPERS | lead | {"period_count": 2}, CVPR | lead | {"is_latest": False}, QUARTERS | lead],
    )
    claim = {
        "claim_id": "C-1",
        "source": "google_trends",
        "series": "search_terms",
        "population": "world",
        "statement": "P is ahead",
        "verdict": "inconsistent",
        "figures": "1 against 3",
        "periods": "2020",
        "evidence": "indirect",
        "reading": "Less refutes it",
    }
    # What is measured once, over all periods, names none.
    once = claim | {"claim_id": "C-3", "periods": None, "evidence": "direct"}
    given(con, "marts.claims", [claim, claim | {"claim_id": "C-2", "verdict": "confirmed"}, once])
    found = created(con, "marts/findings")
    assert [(row["kind"], row["sentence"], row["detail"]) for row in found] == [
        (
            "crossover",
            "P passed T in research code (all) in March 2019 "
            "(95 percent interval: after September 2018, by June 2019).",
            "95 percent interval: after September 2018, and by June 2019. "
            "It had more in every single month since 2019-09-01.",
        ),
        (
            "crossover",
            "P had more than T in papers at CVPR from the 2019 edition to the 2020 edition, where the figures end; "
            "chance may have made the difference.",
            "95 percent interval: after the 2018 edition; its end is open.",
        ),
        (
            "never crossed",
            "T had more than P in Google searches in every month from 2018 to 2020.",
            "The share of P in both lay between 20% and 22%.",
        ),
        (
            "claim refuted",
            'The statement "P is ahead" does not fit the figures on Google searches, which only stand in for it.',
            "Measured in 2020: 1 against 3. Less refutes it.",
        ),
        (
            "claim refuted",
            'The statement "P is ahead" does not fit the figures on Google searches.',
            "Measured: 1 against 3. Less refutes it.",
        ),
    ]


def test_quotes_are_held_to_the_least_reading_error_of_the_page(con):
    """58 against 57.2: within 0.5 and the error of that picture alone, but not within 0.5 and 0.2."""
    page = {"series": "trends_page_share", "grain": "quarter", "period_start": date(2021, 4, 1), "base": None}
    given(con, "intermediate.observations", [
        {"source": "papers_with_code", "series": "published_share_readings", "population": "page", "grain": "month",
         "period_start": date(2021, 6, 1), "framework": "p", "value": 58.0, "base": None, "origin": "reference"},
        *({"source": "papers_with_code", "population": f"read {month}", "framework": "p", "value": value} | page
          for month, value in (("2021-06", 58.0), ("2024-08", 57.2))),
    ])  # fmt: skip
    given(con, "intermediate.series_populations", [
        {"source": "papers_with_code", "series": "trends_page_share", "population": f"read {month}", "grain": "quarter",
         "reading_error": error} for month, error in (("2021-06", 0.2), ("2024-08", 0.7))
    ])  # fmt: skip
    (row,) = created(con, "intermediate/quoted_readings")
    assert row["answer"] == "matches a reading of its time only"
