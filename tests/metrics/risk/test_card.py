"""The score card's measures, against what their definitions say."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from metrics.risk.card import Foretold, auc, card, gain, top
from metrics.risk.platt import shift

RANDOM = np.random.default_rng(3)


def foretold(accounts: int = 200, weeks: int = 8, says: float = 1.0) -> Foretold:
    """Weekly snapshots of accounts that leave, or not, once and for all, as their risk says."""
    score = RANDOM.normal(0, 1, accounts)
    leaves = RANDOM.random(accounts) < 1 / (1 + np.exp(2 - score))
    told = 1 / (1 + np.exp(2 - says * score))
    return Foretold(
        np.tile(told, weeks), np.tile(leaves.astype(float), weeks),
        np.repeat(np.arange(weeks) * 7, accounts), np.tile(np.arange(accounts), weeks),
    )  # fmt: skip


def test_auc_is_the_share_of_pairs_ranked_rightly_ties_half() -> None:
    risk = RANDOM.integers(0, 6, 300).astype(float)
    left = (RANDOM.random(300) < 0.3).astype(float)
    weight = RANDOM.integers(0, 4, 300).astype(float)
    assert auc(risk, left) == pytest.approx(roc_auc_score(left, risk))
    assert auc(risk, left, weight) == pytest.approx(roc_auc_score(left, risk, sample_weight=weight))


def test_the_top_tenth_is_a_tenth_of_every_week_however_many_are_equal() -> None:
    week = np.repeat([0, 7], [50, 30])
    found = top(np.zeros(80), week, 0.1)
    assert [found[week == 0].sum(), found[week == 7].sum()] == pytest.approx([5, 3])
    assert top(np.arange(10.0), np.zeros(10, dtype=int), 0.1).tolist() == [0] * 9 + [1]


def test_weeks_of_one_account_count_as_one_witness() -> None:
    """The interval hardly narrows when the same accounts are looked at again and again."""
    once, often = foretold(weeks=1), None
    often = Foretold(*(np.tile(getattr(once, name), 8) for name in ("risk", "outcome")),
                     np.repeat(np.arange(8) * 7, 200), np.tile(once.account, 8))  # fmt: skip
    wide = [
        row.upper - row.lower
        for one in (once, often)
        for row in card(one, one.risk, one.risk)
        if row.measure == "auc"
    ]
    assert wide[1] == pytest.approx(wide[0], rel=0.25)


def test_the_card_holds_the_model_against_the_rule_and_the_base_rate() -> None:
    told = foretold()
    rows = {row.measure: row for row in card(told, np.full(1600, 0.2), np.full(1600, told.outcome.mean()))}
    assert rows["log_loss"].value < rows["log_loss_base_rate"].value <= rows["log_loss_rule"].value + 1e-9
    assert rows["auc_rule"].value == pytest.approx(0.5)
    low, high = rows["observed_over_expected"].lower, rows["observed_over_expected"].upper
    assert low < rows["observed_over_expected"].value < high
    assert len([name for name in rows if name.startswith("calibration_observed.")]) == 10


def test_nothing_is_said_of_weeks_in_which_nobody_left() -> None:
    told = foretold()
    assert card(Foretold(told.risk, np.zeros(1600), told.week, told.account), told.risk, told.risk) == []


def test_a_challenger_that_ranks_no_better_has_no_gain_beyond_chance() -> None:
    told = foretold()
    found = gain(told, told.risk + RANDOM.normal(0, 0.2, 1600))
    assert found.lower is not None
    assert found.lower < 0


def test_the_level_moves_towards_what_was_seen_and_stays_where_nothing_was() -> None:
    odds = np.full(4000, -3.0)
    assert shift(np.empty(0), np.empty(0)) == 0
    assert 0.4 < shift(odds, (np.arange(4000) % 10 == 0).astype(float)) < 0.81
    assert 0 < shift(odds[:40], (np.arange(40) % 10 == 0).astype(float)) < 0.2
