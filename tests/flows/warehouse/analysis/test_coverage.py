"""Do 95 percent intervals hold the truth about 95 times in 100? Simulated, with fixed seeds."""

from datetime import date

import numpy as np
import pytest

from flows.sql_text import insert_rows
from flows.warehouse.runner import fill_computed
from tests.sql.support import created, database, given

DRAWS = 2000


@pytest.mark.parametrize(("share", "base"), [(0.5, 88), (0.1, 100), (0.3, 30), (0.58, 3000), (0.05, 400)])
def test_intervals_of_shares_hold_the_truth(share, base):
    parts = np.random.default_rng(7).binomial(base, share, DRAWS)
    with database() as con:
        con.execute("create table draws (part bigint)")
        insert_rows(con, "draws", [(int(part),) for part in parts])
        [(held,)] = con.execute(
            f"select count(*) from draws where {100 * share} between wilson_low_pct(part, {base}) "
            f"and wilson_high_pct(part, {base})"
        ).fetchall()
    assert 0.93 <= held / DRAWS <= 0.97


def simulated(members: float, slope: float, lines: int, months: int = 84) -> tuple[list[tuple[object, ...]], list[int]]:
    """Pairs whose share follows a logistic curve, and the first month in which it is above a half."""
    random = np.random.default_rng(11)
    rows: list[tuple[object, ...]] = []
    truths = []
    for line in range(lines):
        middle = random.uniform(0.3 * months, 0.7 * months)
        share = 1 / (1 + np.exp(-slope / 12 * (np.arange(months) - middle)))
        truths.append(int(np.argmax(share > 0.5)))
        totals = random.poisson(members, months)
        for month, (total, part) in enumerate(zip(totals, random.binomial(totals, share), strict=True)):
            day = date(2017 + month // 12, 1 + month % 12, 1)
            key = ("s", "x", f"{line:04d}", "month", day)
            rows += [(*key, "p", float(part), "links", "full"), (*key, "t", float(total - part), "links", "full")]
    return rows, truths


@pytest.mark.slow
@pytest.mark.parametrize(
    ("members", "slope"),
    [(8, 1.0), (8, 0.6), (25, 0.8), (150, 1.0), (3000, 0.8)],
    ids=lambda value: str(value),
)
def test_intervals_of_crossing_dates_hold_the_truth(members, slope):
    from flows.warehouse.analysis import crossing_intervals

    lines = 300
    rows, truths = simulated(members, slope, lines)
    columns = ("source", "series", "population", "grain", "period_start", "framework", "value", "unit", "quality")
    with database() as con:
        con.execute(
            "create table intermediate.observations (source varchar, series varchar, population varchar, "
            "grain varchar, period_start date, framework varchar, value double, unit varchar, quality varchar)"
        )
        assert len(columns) == len(rows[0])
        insert_rows(con, "intermediate.observations", rows)
        frameworks = [
            {"framework": name, "framework_order": order, "is_compared": True, "first_release": date(2015, 1, 1)}
            for order, name in enumerate("pt", start=1)
        ]
        given(con, "staging.reference__frameworks", frameworks)
        named = [
            {
                "source": "s",
                "series": "x",
                "population": f"{line:04d}",
                "is_binomial": True,
                "is_named": True,
                "has_pairs": True,
                "reading_error": 1.0,
            }
            for line in range(lines)
        ]
        given(con, "intermediate.series_populations", named)
        given(con, "intermediate.headline_pair", [{"framework_a": "p", "framework_b": "t"}])
        for model in ("pair_values", "pair_smoothed", "pair_lines", "pair_runs", "pair_crossings"):
            created(con, f"intermediate/{model}")
        fill_computed(con, crossing_intervals.COMPUTED)
        created(con, "staging/analysis__crossing_intervals")
        # The last change of leader is the one that the truth has.
        found = {row["population"]: row for row in created(con, "marts/crossovers") if row["is_lasting"]}
    held = 0
    for line, truth in enumerate(truths):
        row = found[f"{line:04d}"]
        low, high = (
            row[end] or row[f"{other}_period"] for end, other in (("crossed_low", "first"), ("crossed_high", "last"))
        )
        held += low <= date(2017 + truth // 12, 1 + truth % 12, 1) <= high
    assert held / lines >= 0.93
