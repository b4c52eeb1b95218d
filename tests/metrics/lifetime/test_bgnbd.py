"""BG/NBD and Gamma–Gamma against the published figures and the library that is no longer kept up."""

import numpy as np
import pytest
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.datasets import load_cdnow_summary, load_cdnow_summary_data_with_monetary_value

from metrics.lifetime import bgnbd, gamma_gamma


@pytest.fixture(scope="module")
def cdnow() -> np.ndarray:
    return load_cdnow_summary(index_col=[0])[["frequency", "recency", "T"]].to_numpy(dtype=float).T


@pytest.fixture(scope="module")
def model(cdnow: np.ndarray) -> bgnbd.Bgnbd:
    return bgnbd.fit(*cdnow)


def test_cdnow_gives_the_papers_parameters(model: bgnbd.Bgnbd) -> None:
    assert model.parameters.round(3).tolist() == [0.243, 4.414, 0.793, 2.426]
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_days_give_the_same_customers_as_weeks(cdnow: np.ndarray, model: bgnbd.Bgnbd) -> None:
    by_day = bgnbd.fit(cdnow[0], cdnow[1] * 7, cdnow[2] * 7)
    assert by_day.parameters == pytest.approx(model.parameters * [1, 7, 1, 1], rel=2e-3)


def test_expectations_are_those_of_lifetimes(cdnow: np.ndarray, model: bgnbd.Bgnbd) -> None:
    oracle = BetaGeoFitter()
    oracle.fit(*cdnow)
    found = bgnbd.expected_purchases(model.parameters, *cdnow, 39.0)
    expected = oracle.conditional_expected_number_of_purchases_up_to_time(39, *cdnow)
    assert found == pytest.approx(np.asarray(expected), abs=1e-3)
    assert bgnbd.is_alive(model.parameters, *cdnow) == pytest.approx(
        np.asarray(oracle.conditional_probability_alive(*cdnow)), abs=1e-4
    )


def test_parameters_are_as_uncertain_as_simulated_customers_leave_them() -> None:
    random = np.random.default_rng(3)
    n, truth = 3000, np.array([0.8, 6.0, 0.9, 3.0])
    rate, drop = random.gamma(truth[0], 1 / truth[1], n), random.beta(truth[2], truth[3], n)
    age, rows = random.uniform(20, 60, n), []
    for one, gone, until in zip(rate, drop, age, strict=True):
        now = last = 0.0
        bought = 0
        while (now := now + random.exponential(1 / one)) <= until:
            bought, last = bought + 1, now
            if random.random() < gone:
                break
        rows.append((bought, last, until))
    found = bgnbd.fit(*np.array(rows).T)
    errors = np.abs(np.log(found.parameters / truth)) / np.sqrt(np.diag(found.covariance))
    assert errors.max() < 3.5


def test_cdnow_spend_gives_the_published_parameters() -> None:
    table = load_cdnow_summary_data_with_monetary_value()
    bought, spent = table[table["frequency"] > 0][["frequency", "monetary_value"]].to_numpy(dtype=float).T
    found = gamma_gamma.fit(bought, spent)
    # The published v of 15.44 comes from spend before it was rounded to cents.
    assert [found.p, found.q, found.gamma] == pytest.approx([6.25, 3.74, 15.44], abs=0.01)
    oracle = GammaGammaFitter()
    oracle.fit(bought, spent)
    expected = oracle.conditional_expected_average_profit(bought, spent)
    assert gamma_gamma.expected_spend(found, bought, spent) == pytest.approx(np.asarray(expected), rel=1e-3)


def test_spend_without_a_finite_mean_is_not_made_up() -> None:
    heavy = gamma_gamma.GammaGamma(2.0, 0.9, 5.0, 0.0)
    assert heavy.mean is None
    assert gamma_gamma.expected_spend(heavy, np.array([2.0]), np.array([7.0])).tolist() == [7.0]
