from datetime import date

from tests.sql.support import created, given


def test_totals_grow_within_their_channel_and_not_across_a_break(con):
    months = [date(year, month, 1) for year in (2021, 2022, 2023) for month in (1, 6)]
    totals = {"forge": (100, 200, 150, 500, 300, None), "own": (10, 20, 20, 5, 30, 6)}
    rows = [
        {"source": "conda_downloads", "series": "downloads_total", "population": channel, "grain": "month"}
        | {"period_start": day, "framework": "f", "value": float(value), "quality": "full", "reference": "r"}
        | {"source_file": None}
        for channel, values in totals.items()
        for day, value in zip(months, values, strict=True)
        if value is not None
    ]
    given(con, "intermediate.reference_observations", rows)
    fall = {"is_break": True, "source": "conda_downloads", "series": "downloads_total", "population": "own"}
    given(con, "staging.reference__events", [fall | {"event_date": date(2022, 6, 1)}])
    found = {
        (row["population"], row["period_start"].strftime("%Y-%m")): row["value"]
        for row in created(con, "intermediate/conda_downloads_growth_observations")
    }
    assert {key: round(value) for key, value in found.items()} == {
        ("forge", "2022-01"): 50,
        ("forge", "2022-06"): 150,
        ("forge", "2023-01"): 100,
        ("own", "2022-01"): 100,
        ("own", "2023-06"): 20,
    }
