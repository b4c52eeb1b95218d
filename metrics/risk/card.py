"""The score card: how right a model was on weeks that matured after it had foretold them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from metrics.risk.encode import rounded
from metrics.risk.fit import Vector, log_loss

Z = 1.959963984540054
DRAWS, DRAWS_OF_MANY, MANY = 200, 60, 100_000
BINS = 10
SEED = 20_240_229
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Measure:
    """One row of the card; `n`: snapshots it is made of, or accounts where it counts those."""

    measure: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Foretold:
    """Snapshots, what was foretold of each and what came of it; rows by week, accounts numbered from 0."""

    risk: Vector
    outcome: Vector
    week: Counts
    account: Counts

    @property
    def churned(self) -> int:
        return len(np.unique(self.account[self.outcome > 0]))

    @property
    def is_telling(self) -> bool:
        return bool(0 < self.outcome.sum() < len(self.outcome))


def auc(risk: Vector, outcome: Vector, weight: Vector | None = None) -> float:
    """The share of pairs, one who left and one who stayed, in which the one who left had the higher risk."""
    return Ranking(risk).auc(outcome, np.ones_like(outcome) if weight is None else weight)


class Ranking:
    """Risks in their order, once, for as many weightings as are asked for."""

    def __init__(self, risk: Vector) -> None:
        self.order = np.argsort(risk, kind="stable")
        ordered = risk[self.order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])

    def auc(self, outcome: Vector, weight: Vector) -> float:
        left = (outcome * weight)[self.order]
        stayed = ((1 - outcome) * weight)[self.order]
        left, stayed = np.add.reduceat(left, self.starts), np.add.reduceat(stayed, self.starts)
        below = np.cumsum(stayed) - stayed
        pairs = left.sum() * stayed.sum()
        return float((left * (below + stayed / 2)).sum() / pairs) if pairs else float("nan")


def top(risk: Vector, week: Counts, share: float) -> Vector:
    """1 for the riskiest share of each week; those at the edge that are equal share what is left of it."""
    found = np.zeros(len(risk))
    edges = np.flatnonzero(np.r_[True, week[1:] != week[:-1], True]) if len(week) else np.array([0])
    for start, end in pairwise(edges):
        part = risk[start:end]
        wanted = share * len(part)
        edge = np.sort(part)[::-1][min(int(wanted), len(part) - 1)]
        above, equal = part > edge, part == edge
        found[start:end] = above + equal * (wanted - above.sum()) / equal.sum()
    return found


def draws(foretold: Foretold) -> list[Vector]:
    """Bootstrap weights of the snapshots: whole accounts are drawn, for their weeks are not independent."""
    random = np.random.default_rng(SEED)
    accounts = int(foretold.account.max()) + 1
    count = DRAWS if len(foretold.risk) <= MANY else DRAWS_OF_MANY
    present = np.unique(foretold.account)
    made = []
    for _ in range(count):
        drawn = np.bincount(present[random.integers(0, len(present), len(present))], minlength=accounts)
        made.append(drawn[foretold.account].astype(np.float64))
    return made


def interval(
    name: str, n: int, of: Callable[[Vector], float], weights: list[Vector], *, is_ratio: bool = False
) -> Measure:
    """A figure with its 95 % interval: normal, with the spread of the draws; of a ratio, of its logarithm."""
    value = of(np.ones(n))
    drawn = np.array([of(weight) for weight in weights])
    drawn = drawn[np.isfinite(drawn) & ((drawn > 0) | (not is_ratio))]
    if not np.isfinite(value) or len(drawn) < 20 or (is_ratio and value <= 0):
        return Measure(name, finite(value), None, None, n)
    if is_ratio:
        wide = Z * float(np.std(np.log(drawn)))
        return Measure(name, finite(value), finite(value * np.exp(-wide)), finite(value * np.exp(wide)), n)
    wide = Z * float(np.std(drawn))
    return Measure(name, finite(value), finite(value - wide), finite(value + wide), n)


def finite(value: float) -> float | None:
    return rounded(float(value)) if np.isfinite(value) else None


def ranking_card(foretold: Foretold, weights: list[Vector]) -> list[Measure]:
    """AUC, lift and capture."""
    n, outcome = len(foretold.risk), foretold.outcome
    ranking = Ranking(foretold.risk)
    tenth, fifth = (top(foretold.risk, foretold.week, share) for share in (0.1, 0.2))

    def captured(flag: Vector) -> Callable[[Vector], float]:
        return lambda weight: float((flag * outcome * weight).sum() / max((outcome * weight).sum(), 1e-12))

    def lift(weight: Vector) -> float:
        share = (tenth * weight).sum() / weight.sum()
        return float(captured(tenth)(weight) / share) if share else float("nan")

    return [
        interval("auc", n, lambda weight: ranking.auc(outcome, weight), weights),
        interval("lift_at_10", n, lift, weights),
        interval("capture_at_10", n, captured(tenth), weights),
        interval("capture_at_20", n, captured(fifth), weights),
    ]


def loss_card(foretold: Foretold, weights: list[Vector], suffix: str = "") -> list[Measure]:
    """Log-loss and Brier score."""
    n, outcome = len(foretold.risk), foretold.outcome
    held = np.clip(foretold.risk, 1e-12, 1 - 1e-12)
    losses = -(outcome * np.log(held) + (1 - outcome) * np.log1p(-held))
    squares = (foretold.risk - outcome) ** 2
    return [
        interval(f"log_loss{suffix}", n, mean_of(losses), weights),
        interval(f"brier{suffix}", n, mean_of(squares), weights),
    ]


def mean_of(each: Vector) -> Callable[[Vector], float]:
    """The weighted mean of a figure of each snapshot."""
    return lambda weight: float((each * weight).sum() / max(weight.sum(), 1e-12))


def level_card(foretold: Foretold, weights: list[Vector]) -> list[Measure]:
    """Observed over expected, the calibration curve by tenths of risk, and its mean gap (ECE)."""
    n, risk, outcome = len(foretold.risk), foretold.risk, foretold.outcome
    found = [
        interval(
            "observed_over_expected",
            n,
            lambda weight: float((outcome * weight).sum() / (risk * weight).sum()),
            weights,
            is_ratio=True,
        )
    ]
    gap = 0.0
    for number, place in enumerate(np.array_split(np.argsort(risk, kind="stable"), BINS), start=1):
        if not len(place):
            continue
        each, told = outcome[place], risk[place]
        gap += abs(each.mean() - told.mean()) * len(place) / n
        seen = interval(
            f"calibration_observed.{number}",
            len(place),
            mean_of(each),
            [weight[place] for weight in weights],
        )
        found += [Measure(f"calibration_expected.{number}", finite(told.mean()), n=len(place)), seen]
    return [found[0], Measure("ece", finite(gap), n=n), *found[1:]]


def card(foretold: Foretold, rule: Vector, base: Vector) -> list[Measure]:
    """Everything, against the rule and the base rate as they were told in the same weeks."""
    if not foretold.is_telling:
        return []
    weights = draws(foretold)
    n = len(foretold.risk)
    told = [Foretold(other, foretold.outcome, foretold.week, foretold.account) for other in (rule, base)]
    ruled = Ranking(rule)
    return [
        *ranking_card(foretold, weights),
        *level_card(foretold, weights),
        *loss_card(foretold, weights),
        interval("auc_rule", n, lambda weight: ruled.auc(foretold.outcome, weight), weights),
        *loss_card(told[0], weights, "_rule"),
        *loss_card(told[1], weights, "_base_rate"),
    ]


def gain(foretold: Foretold, challenger: Vector) -> Measure:
    """How much better a challenger ranks, with its interval by accounts."""
    mine, theirs = Ranking(foretold.risk), Ranking(challenger)
    return interval(
        "auc_gain",
        len(challenger),
        lambda weight: theirs.auc(foretold.outcome, weight) - mine.auc(foretold.outcome, weight),
        draws(foretold),
    )


def loss(foretold: Foretold, risk: Vector) -> float:
    return log_loss(risk, foretold.outcome)
