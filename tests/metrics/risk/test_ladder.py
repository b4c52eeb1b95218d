"""The ladder and the gate: which model a company has, and whether it may speak."""

import pytest

from metrics.risk.gate import decide
from metrics.risk.ladder import is_challenged, rung_of, should_promote


@pytest.mark.parametrize(
    ("churned", "rung"),
    [(0, "bands"), (29, "bands"), (30, "rule"), (149, "rule"), (150, "ridge"), (900, "ridge")],
)
def test_the_rung_follows_from_how_many_accounts_have_left(churned: int, rung: str) -> None:
    assert rung_of(churned) == rung


def test_trees_stand_against_the_regression_from_five_hundred_on() -> None:
    assert not is_challenged(499)
    assert is_challenged(500)


@pytest.mark.parametrize(
    ("losses", "gain", "wins"),
    [
        ((0.20, 0.19), 0.01, True),
        ((0.20, 0.19), 0.0, False),
        ((0.20, 0.20), 0.01, False),
        ((0.2, 0.21), 0.05, False),
    ],
)
def test_a_challenger_wins_by_loss_and_by_rank(losses: tuple[float, float], gain: float, wins: bool) -> None:
    assert should_promote(*losses, gain) is wins


@pytest.mark.parametrize(
    ("lower", "lift", "churned", "is_open"),
    [
        (0.56, 1.5, 10, True),
        (0.55, 3.0, 10, False),
        (0.7, 1.49, 10, False),
        (0.7, 3.0, 9, False),
        (None, None, 40, False),
    ],
)
def test_the_gate_opens_on_evidence_alone(
    lower: float | None, lift: float | None, churned: int, is_open: bool
) -> None:
    decision = decide(lower, lift, churned)
    assert decision.is_open is is_open
    assert bool(decision.reason) is not is_open
