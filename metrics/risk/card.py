"""The score card: how right a model was on weeks that matured after it had foretold them."""

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
    return Ranking(risk, outcome).auc(np.ones_like(outcome) if weight is None else weight)


class Ranking:
    """Risks in their order, once, for as many weightings as are asked for."""

    def __init__(self, risk: Vector, outcome: Vector) -> None:
        self.order = np.argsort(risk, kind="stable")
        ordered, left = risk[self.order], outcome[self.order] > 0
        edges = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1], True])
        self.stayed, self.left = ~left, np.flatnonzero(left)
        group = np.searchsorted(edges, self.left, side="right") - 1
        self.start, self.end = edges[group], edges[group + 1]  # of those with the same risk

    def auc(self, weight: Vector) -> float:
        """`weight`: of each snapshot, in the order that the risks were given in."""
        return self.of_ordered(weight[self.order])

    def of_ordered(self, weight: Vector) -> float:
        below = np.zeros(len(weight) + 1)
        np.cumsum(weight * self.stayed, out=below[1:])
        left = weight[self.left]
        pairs = float(left.sum() * below[-1])
        return float(left @ (below[self.start] + below[self.end])) / 2 / pairs if pairs else float("nan")


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


@dataclass(frozen=True)
class Draws:
    """A bootstrap of whole accounts, for the weeks of one are not independent; `drawn`: (draw, account)."""

    account: Counts  # of each snapshot
    drawn: NDArray[np.uint8]  # how often

    def sums(self, each: Vector, place: NDArray[np.intp] | None = None) -> Vector:
        """By draw, the sum of a figure of each snapshot, or of those at the places."""
        account = self.account if place is None else self.account[place]
        by_account = np.bincount(account, each, minlength=self.drawn.shape[1])
        return np.array([float(drawn @ by_account) for drawn in self.drawn])

    def aucs(self, ranking: Ranking) -> Vector:
        ordered = self.account[ranking.order]
        return np.array([ranking.of_ordered(drawn[ordered].astype(np.float64)) for drawn in self.drawn])


def draws(foretold: Foretold) -> Draws:
    random = np.random.default_rng(SEED)
    accounts = int(foretold.account.max()) + 1
    present = np.unique(foretold.account)
    count = DRAWS if len(foretold.risk) <= MANY else DRAWS_OF_MANY
    drawn = np.empty((count, accounts), dtype=np.uint8)
    for number in range(count):
        chosen = present[random.integers(0, len(present), len(present))]
        drawn[number] = np.bincount(chosen, minlength=accounts)
    return Draws(foretold.account, drawn)


def interval(name: str, n: int, value: float, drawn: Vector, *, is_ratio: bool = False) -> Measure:
    """A figure with its 95 % interval: normal, with the spread of the draws; of a ratio, of its logarithm."""
    drawn = drawn[np.isfinite(drawn) & ((drawn > 0) | (not is_ratio))]
    if not np.isfinite(value) or len(drawn) < 20 or (is_ratio and value <= 0):
        return Measure(name, finite(value), None, None, n)
    if is_ratio:
        wide = Z * float(np.std(np.log(drawn)))
        return Measure(name, finite(value), finite(value * np.exp(-wide)), finite(value * np.exp(wide)), n)
    wide = Z * float(np.std(drawn))
    return Measure(name, finite(value), finite(value - wide), finite(value + wide), n)


def shared(above: Vector, below: Vector) -> Vector:
    """One over the other, where there is another; else no number."""
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0))


def quotient(
    name: str, above: Vector, below: Vector, drawn: Draws, *, is_ratio: bool = False,
    place: NDArray[np.intp] | None = None,
) -> Measure:  # fmt: skip
    """The sum of one figure of the snapshots over that of another, with its interval."""
    sums = np.array([above.sum()]), np.array([below.sum()])
    found = shared(drawn.sums(above, place), drawn.sums(below, place))
    return interval(name, len(above), float(shared(*sums)[0]), found, is_ratio=is_ratio)


def finite(value: float) -> float | None:
    return rounded(float(value)) if np.isfinite(value) else None


def auc_of(name: str, ranking: Ranking, drawn: Draws) -> Measure:
    n = len(drawn.account)
    return interval(name, n, ranking.auc(np.ones(n)), drawn.aucs(ranking))


def ranking_card(foretold: Foretold, drawn: Draws) -> list[Measure]:
    """AUC, lift and capture."""
    outcome = foretold.outcome
    tenth, fifth = (top(foretold.risk, foretold.week, share) for share in (0.1, 0.2))
    return [
        auc_of("auc", Ranking(foretold.risk, outcome), drawn),
        lifted(tenth, outcome, drawn),
        quotient("capture_at_10", tenth * outcome, outcome, drawn),
        quotient("capture_at_20", fifth * outcome, outcome, drawn),
    ]


def lifted(tenth: Vector, outcome: Vector, drawn: Draws) -> Measure:
    """The share of those who left that the riskiest tenth holds, over the share of all that it is."""
    n = len(outcome)
    captured = shared(drawn.sums(tenth * outcome), drawn.sums(outcome))
    share = shared(drawn.sums(tenth), drawn.sums(np.ones(n)))
    value = float((tenth * outcome).sum() / outcome.sum() / (tenth.sum() / n))
    return interval("lift_at_10", n, value, shared(captured, share))


def loss_card(foretold: Foretold, drawn: Draws, suffix: str = "") -> list[Measure]:
    """Log-loss and Brier score."""
    outcome, ones = foretold.outcome, np.ones(len(foretold.risk))
    held = np.clip(foretold.risk, 1e-12, 1 - 1e-12)
    losses = -(outcome * np.log(held) + (1 - outcome) * np.log1p(-held))
    squares = (foretold.risk - outcome) ** 2
    return [
        quotient(f"log_loss{suffix}", losses, ones, drawn),
        quotient(f"brier{suffix}", squares, ones, drawn),
    ]


def level_card(foretold: Foretold, drawn: Draws) -> list[Measure]:
    """Observed over expected, the calibration curve by tenths of risk, and its mean gap (ECE)."""
    n, risk, outcome = len(foretold.risk), foretold.risk, foretold.outcome
    found = [quotient("observed_over_expected", outcome, risk, drawn, is_ratio=True)]
    gap = 0.0
    for number, place in enumerate(np.array_split(np.argsort(risk, kind="stable"), BINS), start=1):
        if not len(place):
            continue
        each, told = outcome[place], risk[place]
        gap += abs(each.mean() - told.mean()) * len(place) / n
        seen = quotient(f"calibration_observed.{number}", each, np.ones(len(place)), drawn, place=place)
        found += [Measure(f"calibration_expected.{number}", finite(told.mean()), n=len(place)), seen]
    return [found[0], Measure("ece", finite(gap), n=n), *found[1:]]


def card(foretold: Foretold, rule: Vector, base: Vector) -> list[Measure]:
    """Everything, against the rule and the base rate as they were told in the same weeks."""
    if not foretold.is_telling:
        return []
    drawn = draws(foretold)
    told = [Foretold(other, foretold.outcome, foretold.week, foretold.account) for other in (rule, base)]
    return [
        *ranking_card(foretold, drawn),
        *level_card(foretold, drawn),
        *loss_card(foretold, drawn),
        auc_of("auc_rule", Ranking(rule, foretold.outcome), drawn),
        *loss_card(told[0], drawn, "_rule"),
        *loss_card(told[1], drawn, "_base_rate"),
    ]


def gain(foretold: Foretold, challenger: Vector) -> Measure:
    """How much better a challenger ranks, with its interval by accounts."""
    drawn = draws(foretold)
    mine, theirs = (Ranking(risk, foretold.outcome) for risk in (foretold.risk, challenger))
    ones = np.ones(len(challenger))
    better = drawn.aucs(theirs) - drawn.aucs(mine)
    return interval("auc_gain", len(challenger), theirs.auc(ones) - mine.auc(ones), better)


def loss(foretold: Foretold, risk: Vector) -> float:
    return log_loss(risk, foretold.outcome)
