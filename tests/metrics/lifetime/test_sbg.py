"""The shifted-beta-geometric model against the paper's figures and against what can be worked by hand."""

import numpy as np
import pytest
from scipy.special import betaln

from metrics.lifetime import sbg

# Fader & Hardie 2007, table 1: of 1,000 subscribers, those left after each of seven years.
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]


@pytest.mark.parametrize(
    ("alive", "alpha", "beta"),
    [(HIGH_END, 0.668, 3.806), (REGULAR, 0.704, 1.182)],
    ids=["high end", "regular"],
)
def test_the_papers_cohorts_give_the_papers_parameters(alive: list[int], alpha: float, beta: float) -> None:
    found = sbg.fit_cohort(alive)
    assert (round(found.alpha, 3), round(found.beta, 3)) == (alpha, beta)


def test_the_papers_retention_rates_and_forecast_come_out() -> None:
    found = sbg.fit_cohort(REGULAR)
    assert sbg.retention_rate(found.alpha, found.beta, [1, 2, 3]).round(2).tolist() == [0.63, 0.76, 0.82]
    # Figure 4 of the paper: about 17 % of the regular customers are left in year 12.
    assert sbg.survival(found.alpha, found.beta, 12) == pytest.approx(0.17, abs=0.01)


def test_survival_is_the_product_of_the_retention_rates() -> None:
    rates = sbg.retention_rate(0.7, 1.2, np.arange(1, 30))
    assert sbg.survival(0.7, 1.2, np.arange(1, 30)) == pytest.approx(np.cumprod(rates))


def test_an_endless_mean_is_said_to_be_none() -> None:
    assert sbg.expected_residual_lifetime(0.9, 2.0) is None
    # With alpha 3 and beta 4: sum of B(3, 4 + t) / B(3, 4) over t = 1, 2, …
    t = np.arange(1, 2_000_000)
    assert sbg.expected_residual_lifetime(3.0, 4.0) == pytest.approx(
        np.exp(betaln(3, 4 + t) - betaln(3, 4)).sum(), rel=1e-5
    )


def test_discounting_gives_what_the_sum_over_renewals_gives() -> None:
    t = np.arange(1, 4000)
    alive = sbg.survival(0.7, 1.2, t + 2) / sbg.survival(0.7, 1.2, 2)
    assert sbg.discounted_residual_lifetime(0.7, 1.2, 2, 0.1) == pytest.approx((alive / 1.1**t).sum())


def test_who_left_early_and_who_has_not_come_far_are_both_used() -> None:
    """Cohorts of different ages together: the curve they were drawn from is found."""
    random = np.random.default_rng(5)
    churn = random.beta(2.0, 8.0, 40_000)
    seen = random.integers(1, 24, 40_000)
    left = random.geometric(churn)
    at_risk = [(np.minimum(left, seen) >= t).sum() for t in range(1, 24)]
    lost = [((left == t) & (seen >= t)).sum() for t in range(1, 24)]
    found = sbg.fit(at_risk, lost)
    errors = np.abs(found.place - np.log([2.0 / 8.0, 10.0])) / np.sqrt(np.diag(found.covariance))
    assert errors.max() < 3


@pytest.mark.parametrize("alive", [[10, 10, 10], [3, 0], [1000, 999, 998], [1, 1]])
def test_thin_cohorts_give_finite_parameters_and_draws(alive: list[int]) -> None:
    found = sbg.fit_cohort(alive)
    draws = np.stack(sbg.draw(found, np.random.default_rng(1), 50))
    assert np.isfinite([found.alpha, found.beta]).all()
    assert np.isfinite(draws).all()
    assert (draws > 0).all()
