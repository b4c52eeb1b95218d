"""What one account may bring: the survival of all by age, its next month as its own risk says."""

from datetime import date

import numpy as np
import pytest

from metrics.lifetime.account import months_between, stays

CURVE = np.r_[1.0, np.cumprod([0.8, 0.9, *[0.95] * 34])]


def test_an_account_of_an_age_leaves_as_those_of_that_age_do() -> None:
    assert stays(CURVE, 0, None, None)[:3] == pytest.approx(np.cumprod([0.8, 0.9, 0.95]))
    assert stays(CURVE, 1, None, None)[:2] == pytest.approx(np.cumprod([0.9, 0.95]))


def test_one_older_than_the_curve_leaves_as_at_its_end() -> None:
    assert stays(CURVE, 100, None, None) == pytest.approx(0.95 ** np.arange(1, 13))


def test_the_usual_risk_changes_nothing_and_another_the_odds_of_the_next_month() -> None:
    usual = stays(CURVE, 5, 0.04, 0.04)
    assert usual == pytest.approx(stays(CURVE, 5, None, None))
    risky = stays(CURVE, 5, 0.4, 0.04)
    odds = 0.05 / 0.95 * (0.4 / 0.6) / (0.04 / 0.96)
    assert risky[0] == pytest.approx(1 / (1 + odds))
    assert risky[1:] / risky[:-1] == pytest.approx(usual[1:] / usual[:-1])
    assert (stays(CURVE, 5, 0.001, 0.04) > usual).all()


def test_accounts_tilted_around_their_usual_risk_leave_on_average_as_their_segment_does() -> None:
    """So the value of a segment is that of its accounts, each tilted by its own risk."""
    risks = np.random.default_rng(1).beta(0.5, 9.5, 5000)
    curve = np.cumprod([1.0, *[1 - risks.mean()] * 36])
    first = [stays(curve, 3, risk, float(risks.mean()))[0] for risk in risks]
    assert 1 - np.mean(first) == pytest.approx(risks.mean(), rel=1e-3)


def test_a_risk_of_nothing_or_of_all_stays_a_chance() -> None:
    for risk in (0.0, 1.0):
        found = stays(CURVE, 0, risk, 0.05)
        assert ((found > 0) & (found < 1)).all()


def test_age_is_counted_in_months_of_the_calendar() -> None:
    assert months_between(date(2024, 11, 30), date(2025, 1, 1)) == 2
    assert months_between(date(2025, 1, 1), date(2025, 1, 31)) == 0
