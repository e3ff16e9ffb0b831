"""What speaks beside a reading: the month itself, and the last month of a quarter for the quarter."""

from datetime import date

from tests.sql.support import created, given

KEY = {"source": "s", "series": "x", "population": "all", "grain": "month", "framework_a": "a", "framework_b": "b"}
UNUSED = dict.fromkeys(("error_model", "is_thin", "first_period", "last_period"))


def test_the_last_month_speaks_for_its_quarter(con):
    given(con, "intermediate.pair_lines", [KEY | UNUSED | {"line": 1}])
    months = [date(2020, month, 1) for month in (1, 2, 3, 4)]
    points = zip(months, (1.0, 2.0, 3.0, 4.0), strict=True)
    given(con, "intermediate.pair_smoothed", [{"line": 1, "period_start": day, "sd_pct": sd} for day, sd in points])
    ahead = zip(months, (90.0, 95.0, 99.0), strict=False)
    given(con, "staging.analysis__curves", [{"line": 1, "period_start": day, "ahead_pct": pct} for day, pct in ahead])
    found = {(row["grain"], row["period_start"]): row for row in created(con, "intermediate/pair_evidence")}
    assert [found["month", day]["ahead_pct"] for day in months] == [90, 95, 99, None]
    assert (found["quarter", months[0]]["ahead_pct"], found["quarter", months[0]]["sd_pct"]) == (99, 3)
    # The newest month has no curve, so the quarter that ends with it has none either.
    assert (found["quarter", months[3]]["ahead_pct"], found["quarter", months[3]]["sd_pct"]) == (None, 4)
