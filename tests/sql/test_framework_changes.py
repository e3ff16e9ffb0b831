"""How often a framework is said to rise or fall where its level stays: months scatter, and neighbours err alike."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.sql.support import created, given
from tests.sql.test_pages import MONTHS, filled, sold

LINES, NOISE = 400, 0.1


def simulated(con, months: int, alike: float, growth: float, broken: int = 0) -> list[int | None]:
    """Directions of lines of months that grow by so much a month, in logarithms, with noise of an autocorrelation.

    The last months may come after a break.
    """
    filled(con, [sold(MONTHS[0], "a", 30, unit="per_day")])
    created(con, "marts/framework_places")
    first = date(2018 + (months - broken) // 12, (months - broken) % 12 + 1, 1)
    cut = {"event_date": first, "is_break": True, "source": "shop", "series": None, "population": None}
    given(con, "marts.events", [cut])
    random = np.random.default_rng(20261130)
    noise = random.standard_normal((LINES, months))
    for month in range(1, months):
        noise[:, month] = alike * noise[:, month - 1] + np.sqrt(1 - alike**2) * noise[:, month]
    heights = 8 + growth * np.arange(months) + NOISE * noise
    lines = pd.DataFrame(
        {
            "line": np.repeat(np.arange(LINES), months).astype(str),
            "month": np.tile(pd.date_range("2018-01-01", periods=months, freq="MS"), LINES),
            "height": heights.ravel(),
        }
    )
    con.register("simulated", lines)
    con.execute(
        "create or replace table marts.framework_places as select places.* replace "
        "(line as framework, month::date as period_start, exp(height) as value) "
        "from marts.framework_places as places cross join simulated"
    )
    return [row["direction"] for row in created(con, "marts/framework_changes")]


@pytest.mark.parametrize(
    ("months", "broken", "alike", "most"),
    [
        pytest.param(36, 0, 0, 0.05, marks=pytest.mark.slow),
        pytest.param(36, 0, 0.5, 0.05, marks=pytest.mark.slow),
        (36, 0, 0.8, 0.05),
        pytest.param(36, 0, 0.9, 0.06, marks=pytest.mark.slow),
        pytest.param(24, 0, 0.8, 0.05, marks=pytest.mark.slow),
        pytest.param(36, 9, 0.8, 0.05, marks=pytest.mark.slow),
        (16, 9, 0.8, 0.05),
        (13, 0, 0.9, 0.05),
    ],
)
def test_a_level_that_stays_is_seldom_said_to_move(con, months: int, broken: int, alike: float, most: float) -> None:
    found = simulated(con, months, alike, 0, broken)
    assert len(found) == LINES
    assert None not in found
    assert sum(way != 0 for way in found) / LINES <= most


def test_a_level_that_doubles_in_a_year_is_said_to_rise_and_a_short_line_is_not_judged(con) -> None:
    assert simulated(con, 36, 0.5, np.log(2) / 12).count(1) >= 0.95 * LINES
    assert set(simulated(con, 11, 0, np.log(2) / 12)) == {None}
