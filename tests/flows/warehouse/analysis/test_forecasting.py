"""Judging forecasts, held against scipy and statsmodels."""

import numpy as np
import pytest

from flows.warehouse.analysis import forecasting
from tests.lazily import lazily

sm, stats, multitest = map(lazily, ("statsmodels.api", "scipy.stats", "statsmodels.stats.multitest"))


@pytest.mark.slow
def test_the_test_of_an_advantage_is_students_on_disjoint_years():
    advantages = np.array([0.4, 1.2, -0.3, 0.9, 0.6])
    assert forecasting.p_value(advantages) == pytest.approx(
        stats.ttest_1samp(advantages, 0, alternative="greater").pvalue
    )
    assert forecasting.p_value(advantages[:3]) == 1
    assert forecasting.p_value(np.zeros(5)) == 1


@pytest.mark.slow
def test_many_lines_are_corrected_by_holm():
    p_values = [0.004, 0.2, 0.03, 0.9, 0.011, 0.03]
    assert forecasting.holm(p_values) == pytest.approx(multitest.multipletests(p_values, method="holm")[1])
    assert forecasting.holm([]) == []


@pytest.mark.slow
def test_straight_odds_are_binomial_fits_of_what_each_may_see():
    years, total = np.arange(48) / 12, np.full(48, 60.0)
    part = np.random.default_rng(8).binomial(60, 1 / (1 + np.exp(-0.8 * (years - 2)))).astype(float)
    used = np.array([np.arange(48) < 24, np.arange(48) < 36, np.ones(48, bool)])
    intercepts, slopes = forecasting.straight_odds(years, part, total, used)
    for intercept, slope, row in zip(intercepts, slopes, used, strict=True):
        found = sm.GLM(
            np.column_stack([part, total - part])[row], sm.add_constant(years[row]), family=sm.families.Binomial()
        ).fit()
        assert [intercept, slope] == pytest.approx(found.params, abs=1e-6)


def test_what_errs_alike_is_told_alike():
    # Nothing and all in turn: whatever is foretold errs by a half.
    years = np.arange(0, 4, 0.25)
    for level_pct in np.arange(10, 90, 0.7):
        shares = np.full(16, level_pct)
        shares[-4:] = 0, 100, 100, 0
        [found] = forecasting.backtest(years, shares, np.full(16, 63.1), np.full(16, 3.0), np.array([2.9]))
        assert found
        assert found.model == found.last_value == found.last_trend == 50
