"""Do 95 percent intervals hold the truth about 95 times in 100? Simulated, with fixed seeds."""

import numpy as np
import pytest

from benchmarks import coverage
from flows.sql_text import insert_rows
from tests.sql.support import database

DRAWS = 2000


@pytest.mark.parametrize(("share", "base"), [(0.5, 88), (0.1, 100), (0.3, 30), (0.58, 3000), (0.05, 400)])
def test_intervals_of_shares_hold_the_truth(share, base):
    parts = np.random.default_rng(7).binomial(base, share, DRAWS)
    with database() as con:
        con.execute("create table raw.draws (part bigint)")
        insert_rows(con, "raw.draws", [(int(part),) for part in parts])
        [(held,)] = con.execute(
            f"select count(*) from raw.draws where {100 * share} between wilson_low_pct(part, {base}) "
            f"and wilson_high_pct(part, {base})"
        ).fetchall()
    assert 0.93 <= held / DRAWS <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize(("method", "least", "most"), [
    ("crossing", 0.9, 0), ("rate", 0.9, 0), ("passing later", 0.9, 5), ("lead", 0, 5), ("forecast earned", 0, 5),
])  # fmt: skip
def test_methods_hold_the_truth_and_find_little_where_nothing_is(method, least, most):
    # One row in five of the table of `python -m benchmarks coverage`, with fewer runs: a coarse net under the methods.
    rows = [row for place, row in enumerate(coverage.settings()) if row[0] == method][::5]
    for place, (_, lines, kind, run) in enumerate(rows):
        random = np.random.default_rng([1, place])
        found = np.array([run(random) for _ in range(60)])
        held, false = found[:, 0], found[:, 4]
        if least and not np.isnan(held).all():
            # Three standard errors below what must be reached.
            assert np.nanmean(held) >= least - 3 * np.sqrt(least * (1 - least) / 60), (lines, kind)
        if not np.isnan(false).all():
            assert 100 * np.nanmean(false) <= most + 300 * np.sqrt(0.05 * 0.95 / 60), (lines, kind)
