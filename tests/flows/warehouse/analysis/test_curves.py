"""The curve under a line, held against the same sums by scipy, statsmodels and whole covariance matrices."""

import numpy as np
import pytest

from flows.warehouse.analysis import curves, distributions
from tests.lazily import lazily

sm, stats = map(lazily, ("statsmodels.api", "scipy.stats"))


@pytest.mark.slow
@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 30, 109])
def test_students_distribution_is_exact(degrees):
    t = np.linspace(-15, 15, 61)
    assert distributions.cdf(t, degrees) == pytest.approx(stats.t.cdf(t, degrees), abs=1e-12)
    for share in (0.025, 0.4, 0.9, 0.975):
        assert distributions.quantile(share, degrees) == pytest.approx(stats.t.ppf(share, degrees), rel=1e-6)


@pytest.mark.slow
def test_the_normal_distribution_is_exact():
    z = np.linspace(-6, 6, 61)
    assert distributions.cdf(z) == pytest.approx(stats.norm.cdf(z), abs=1e-15)
    assert distributions.quantile(0.975) == pytest.approx(stats.norm.ppf(0.975), rel=1e-6)


def test_quantiles_are_found_where_newtons_steps_go_back_and_forth():
    shares, weights = np.array([0.025, 0.5, 0.975]), np.array([0.59, 0.21, 0.2])
    means, sds = np.array([11.9, -7.4, 9.7]), np.array([3.97, 1.89, 0.31])
    found = distributions.mixture_quantiles(shares, weights, means, sds, None)
    below = [float(weights @ distributions.cdf((value - means) / sds)) for value in found]
    assert below == pytest.approx(shares.tolist(), abs=1e-6)


def noise(places: np.ndarray, cell: curves.Cell) -> np.ndarray:
    return cell.moving * cell.likeness ** np.abs(np.subtract.outer(places, places)) + cell.white * np.eye(len(places))


@pytest.mark.parametrize("cell", [curves.Cell(0.8, 0.85, 0.15, 1), curves.Cell(0.98, 1, 0, 1), curves.Cell(0, 1, 0, 1)])
def test_innovations_are_those_of_the_whole_covariance(cell):
    places = np.array([0.0, 1, 2, 3, 6, 7, 11])
    columns = np.random.default_rng(1).normal(size=(7, 3))
    rows, log_determinant = curves.whitened(
        columns, places, *(np.array([value]) for value in cell[:2]), np.full((7, 1), cell.white)
    )
    root = np.linalg.cholesky(noise(places, cell))
    assert rows[0] == pytest.approx(np.linalg.solve(root, columns), abs=1e-12)
    assert log_determinant[0] == pytest.approx(2 * np.log(np.diag(root)).sum())


@pytest.mark.slow
def test_a_straight_cell_is_generalised_least_squares():
    places = np.arange(40.0)
    values = 30 + 0.4 * places + np.random.default_rng(2).normal(size=40)
    cell = curves.Cell(0.8, 0.85, 0.15, 1)
    columns = np.column_stack([curves.design(places), values])
    [(_, [solution], [covariance], _)] = curves.averaged(columns[..., None], places, [cell], None, [0.0])
    found = sm.GLS(values, columns[:, :2], sigma=noise(places, cell)).fit()
    assert solution[:2] == pytest.approx(found.params)
    assert np.sqrt(np.diag(covariance)[:2]) == pytest.approx(found.bse)


def test_the_spline_is_an_integrated_wiener_process():
    # The whole process instead of its first functions, by whole matrices: the curve and its error are the same.
    places = np.arange(60.0)
    values = 50 + 10 * np.sin(places / 9) + np.random.default_rng(3).normal(size=60)
    cell, rough = curves.Cell(0.5, 1, 0, 1), 300.0
    basis = curves.design(places)
    columns = np.column_stack([basis, values])[..., None]
    [(_, [solution], [covariance], _)] = curves.averaged(columns, places, [cell], None, [rough])
    u = places / places[-1]
    low, high = np.minimum.outer(u, u), np.maximum.outer(u, u)
    process, straight = rough * low**2 * (3 * high - low) / 6, np.column_stack([np.ones(60), u])
    inverse = np.linalg.inv(process + noise(places, cell))
    spread = np.linalg.inv(straight.T @ inverse @ straight)
    coefficients = spread @ straight.T @ inverse @ values
    left = values - straight @ coefficients
    expected = straight @ coefficients + process @ inverse @ left
    part = straight - process @ inverse @ straight
    variance = np.diag(process - process @ inverse @ process + part @ spread @ part.T) * (left @ inverse @ left) / 58
    assert basis @ solution == pytest.approx(expected, abs=0.05)
    sds = np.sqrt(np.diag(basis @ covariance @ basis.T))
    assert sds == pytest.approx(np.sqrt(variance), rel=0.05)


@pytest.mark.slow
def test_counts_without_noise_beyond_counting_are_a_binomial_fit():
    places, totals = np.arange(36.0), np.full(36, 200.0)
    members = np.random.default_rng(4).binomial(200, 1 / (1 + np.exp(-0.05 * (places - 15)))).astype(float)
    odds = curves.working_odds(curves.design(places), members, totals)
    values, information = curves.working_response(odds, members, totals)
    columns = np.column_stack([curves.design(places), values])
    [(_, [solution], [covariance], _)] = curves.averaged(
        columns[..., None], places, [curves.Cell(0, 0, 0, 1)], 1 / information[:, None], [0.0]
    )
    found = sm.GLM(np.column_stack([members, totals - members]), columns[:, :2], family=sm.families.Binomial()).fit()
    assert solution[:2] == pytest.approx(found.params, abs=0.01)
    assert np.sqrt(np.diag(covariance)[:2]) == pytest.approx(found.bse, rel=0.02)


def test_a_line_far_from_a_half_is_sure_and_one_around_it_is_not():
    random = np.random.default_rng(5)
    far = curves.of_shares(np.arange(48.0), 80 + random.normal(size=48))
    assert far.above(50).min() > 0.999
    near = curves.of_shares(np.arange(48.0), 50 + random.normal(size=48))
    assert 0.025 < near.above(50)[-1] < 0.975


def test_relabelling_turns_probabilities_and_rates_round():
    random = np.random.default_rng(6)
    totals = np.full(40, 30.0)
    members = random.binomial(30, np.linspace(0.2, 0.7, 40)).astype(float)
    one, other = (curves.of_counts(np.arange(40.0), part, totals) for part in (members, totals - members))
    assert one.above(0) == pytest.approx(1 - other.above(0), abs=1e-9)
    assert one.slope() == pytest.approx([-value for value in (other.slope()[0], other.slope()[2], other.slope()[1])])
    assert one.risen() == pytest.approx(1 - other.risen())


def test_a_bent_line_has_no_constant_rate():
    places = np.arange(96.0)
    bent = np.where(places < 48, 20, 20 + (places - 48) * 1.2) + np.random.default_rng(7).normal(size=96)
    found = curves.of_odds(places, bent / 100)
    assert found.straight_weight < 0.05
    assert found.risen() > 0.999
    straight = 100 / (1 + np.exp(-0.04 * (places - 48))) + np.random.default_rng(7).normal(size=96)
    assert curves.of_odds(places, straight / 100).straight_weight > 0.2


def test_lines_side_by_side_are_the_lines_by_themselves():
    places, random = np.array([*range(30), 33.0, 34]), np.random.default_rng(8)
    totals = random.integers(50, 90, size=(32, 3)).astype(float)
    members = random.binomial(totals.astype(int), 0.3).astype(float)
    for every, one, lines in (
        (curves.all_of_counts, curves.of_counts, (members, totals)),
        (curves.all_of_shares, curves.of_shares, (100 * members / totals,)),
        (curves.all_of_odds, curves.of_odds, (members / totals,)),
    ):
        for found, own in zip(every(places, *lines), zip(*(each.T for each in lines), strict=True), strict=True):
            alone = one(places, *own)
            assert np.array_equal(found.means, alone.means)
            assert np.array_equal(found.sds, alone.sds)
            assert np.array_equal(found.weights, alone.weights)
