from datetime import date

import duckdb

from tests.sql.support import created, given

PAIR = {"framework_a": "a", "framework_b": "b"}
WINDOW = date(2021, 6, 1)


def conference(name: str, share: float, is_open: bool = False, **changed: object) -> dict[str, object]:
    leader = "a" if share > 50 else "b"
    row = {"source": "conference_papers", "series": "r", "grain": "edition", "population": name, **PAIR}
    return row | {"a_share_of_pair_pct": share, "leader": leader, "is_within_chance": is_open} | changed


def country(code: str, share: float | None, **changed: object) -> dict[str, object]:
    row = {
        "source": "google_trends",
        "series": "t",
        "grain": "window",
        "population": code,
        "period_start": WINDOW,
        **PAIR,
    }
    values = {"a_value": share or 0.0, "b_value": 100 - share if share else 0.0}
    leader = {"is_within_chance": share in (None, 50), "leader": None if share in (None, 50) else "ab"[share < 50]}
    return row | values | {"a_share_of_pair_pct": share} | leader | changed


def summaries(con: duckdb.DuckDBPyConnection, *rows: dict[str, object]) -> list[dict[str, object]]:
    given(
        con,
        "marts.head_to_head_latest",
        [conference("Other", 90.0), *rows[:0]] + [r for r in rows if "a_value" not in r],
    )
    countries = [row for row in rows if "a_value" in row]
    given(con, "marts.head_to_head", [country("XX", None), *countries])
    speaking = {"source": "conference_papers", "headline_series": "r", "headline_grain": "edition"}
    given(con, "marts.source_status", [speaking])
    given(con, "staging.reference__conferences", [{"conference": name} for name in ("ACL", "ICML", "CVPR", "CVPR")])
    given(con, "marts.frameworks", [{"framework": "a", "label": "Alpha"}, {"framework": "b", "label": "Beta"}])
    return created(con, "pages/population_summaries")


def test_conferences_are_counted_at_their_newest_editions(con):
    rows = (conference("ACL", 80.0), conference("ICML", 60.0, is_open=True), conference("CVPR", 30.0))
    (row,) = summaries(con, *rows, conference("ACL", 1.0, grain="year"), conference("ACL", 1.0, series="other"))
    assert row == PAIR | {
        "source": "conference_papers",
        "series": "r",
        "window_start": None,
        "a_count": 1,
        "b_count": 1,
        "open_count": 1,
        "population_count": 3,
        "sentence": "Alpha and Beta each had more at 1 of 3 conferences, newest editions",
        "detail": "The share of Alpha in both together runs from 30% (CVPR) to 80% (ACL).",
    }


def test_a_list_that_is_no_conference_is_not_counted(con):
    (row,) = summaries(con, conference("ACL", 80.0), conference("ACL, all submissions", 20.0))
    assert row["population_count"] == 1


def test_countries_are_counted_within_one_window(con):
    older = country("DE", 10.0, period_start=date(2004, 1, 1))
    rows = summaries(con, country("DE", 40.0), country("CN", 92.0), country("FR", 45.0), country("BR", 50.0), older)
    assert [(row["window_start"], row["sentence"]) for row in rows] == [
        (WINDOW, "Beta had more than Alpha in 2 of 4 countries"),
        (date(2004, 1, 1), "Beta had more than Alpha in 1 of 1 countries"),
    ]
    assert (rows[0]["a_count"], rows[0]["b_count"], rows[0]["open_count"]) == (1, 2, 1)


def test_a_country_without_searches_is_no_country_with_figures(con):
    assert [row["source"] for row in summaries(con)] == []


def test_months_of_a_country_are_no_window(con):
    assert summaries(con, country("DE", 40.0, grain="month")) == []
