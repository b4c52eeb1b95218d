"""Walks through a company's history week by week, knowing at each what was known then, and learns.

Every four weeks models are fitted to the weeks that have matured; every week their level is set right; what
they foretell of a week is looked at once it has matured. The last step is the model of today, and all the
steps before say what would have been told on each day of the past.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.risk import boosted, gate, rule
from metrics.risk.card import Counts, Foretold, Measure, card, draws, gain, loss, ranking_card
from metrics.risk.columns import Column
from metrics.risk.encode import rounded
from metrics.risk.fit import RIDGE, Linear, Vector, fit, probability
from metrics.risk.ladder import Rung, is_challenged, rung_of, should_promote
from metrics.risk.platt import shift
from metrics.risk.snapshots import HORIZON

MONDAY = date(1970, 1, 5)
WEEK, RETRAIN = 7, 28
MANY, SPARSE = 200_000, 3  # snapshots, from which on only every third step of the past is made
WALKED = 364  # days back that models are fitted for
LOOKED_BACK = 182  # days of matured weeks that a card is made of
LEVELLED = 91  # days of matured weeks that set the level
CHALLENGES = 2  # steps back on which a challenger is tried
FEWEST = 10  # who left, to fit anything to
AT_ONCE = 2  # fits, each on one core
Show = Callable[[str], None]
KINDS: tuple[Rung, ...] = ("rule", "ridge")


def mondays(first: date, last: date) -> list[date]:
    start = first + timedelta(days=-(first - MONDAY).days % WEEK)
    return [start + timedelta(days=WEEK * n) for n in range((last - start).days // WEEK + 1)]


def numbered(day: date) -> int:
    return (day - date(1970, 1, 1)).days


@dataclass(frozen=True)
class Shots:
    """Weekly snapshots by week and account: features, what came of each, and when accounts left first."""

    table: pl.DataFrame
    outcome: Vector
    week: Counts
    account: Counts
    churn_days: Counts  # of every account that ever left, the first time, sorted

    def until(self, day: int) -> int:
        """How many snapshots are of a week that begins before a day."""
        return int(np.searchsorted(self.week, day, side="left"))

    def matured(self, day: int) -> int:
        """How many have had their thirty days by a day."""
        return int(np.searchsorted(self.week, day - HORIZON, side="right"))

    def churned(self, day: int) -> int:
        return int(np.searchsorted(self.churn_days, day, side="left"))


@dataclass(frozen=True)
class Step:
    """What is told from a day on: by which rung, moved by how much; `base`: the share that leaves."""

    day: date
    rung: Rung
    linear: int | None
    shift: float
    is_open: bool
    base: float


@dataclass
class Walked:
    """What was learnt: models, and the steps that use them; the card of the last."""

    linears: list[Linear] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    card: list[Measure] = field(default_factory=list)
    reason: str = ""
    challenger: boosted.Boosted | None = None
    challenger_shift: float = 0.0
    churned: int = 0


class Walk:
    """One walk; `today`: the day up to which everything is known."""

    def __init__(self, shots: Shots, columns: tuple[Column, ...], today: date, show: Show) -> None:
        self.shots, self.columns, self.today, self.show = shots, columns, today, show
        size = len(shots.outcome)
        self.log_odds = {kind: np.full(size, np.nan) for kind in KINDS}
        self.risk = {kind: np.full(size, np.nan) for kind in KINDS}
        self.base = np.full(size, np.nan)
        self.made = Walked()
        self.fitted: dict[date, dict[Rung, Linear]] = {}
        self.reason = ""  # why the gate is closed at the last origin

    def run(self, *, refit: bool = True) -> Walked:
        """All steps up to today. `refit`: whether today has models of its own."""
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 (training alone needs it)

        origins = self.origins(refit)
        with threadpool_limits(1):  # threads of two libraries on one machine wait for each other
            self.go(origins)
        return self.made

    def go(self, origins: list[date]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:  # what is fitted depends on nothing that was told
            for number, fits in enumerate(pool.map(self.fit, origins)):
                self.show(f"learning: {number + 1} of {len(origins)} steps")
                until = origins[number + 1] if number + 1 < len(origins) else self.today + timedelta(days=1)
                self.step(origins[number], until, fits)
        self.finish(origins)

    def origins(self, refit: bool) -> list[date]:
        if not len(self.shots.week):
            return [self.today]
        first = date(1970, 1, 1) + timedelta(days=int(self.shots.week[0]) + HORIZON)
        begin = max(first, self.today - timedelta(days=WALKED))
        grid = [day for day in mondays(begin, self.today) if (day - MONDAY).days % RETRAIN == 0]
        if len(self.shots.week) > MANY:
            grid = grid[::-1][::SPARSE][::-1]
        told = [day for day in grid if self.shots.churned(numbered(day)) >= 30]
        return told if told and not refit else sorted({*told, self.today})

    def step(self, origin: date, until: date, fits: dict[Rung, Linear]) -> None:
        day = numbered(origin)
        rung = rung_of(self.shots.churned(day))
        rung = rung if rung in fits else "bands"
        self.fitted[origin] = fits
        index = len(self.made.linears) if rung in fits else None
        if rung in fits:
            self.made.linears.append(fits[rung])
        decision = self.decide(rung, day) if rung != "bands" else gate.Decision(False)
        is_open, self.reason = decision.is_open, decision.reason
        weeks = sorted({origin, *(day for day in mondays(origin, until) if origin <= day < until)})
        self.foretell(weeks, fits)
        for week in weeks:
            moved = self.tell(week, fits).get(rung, 0.0)
            base = self.base_rate(numbered(week))
            self.made.steps.append(Step(week, rung, index, moved, is_open, base))

    def fit(self, origin: date) -> dict[Rung, Linear]:
        """Both kinds, fitted to what had matured; none where too few had left."""
        size = self.shots.matured(numbered(origin))
        outcome = self.shots.outcome[:size]
        is_rung = rung_of(self.shots.churned(numbered(origin))) != "bands"
        if not is_rung or not FEWEST <= outcome.sum() < size:
            return {}
        table = self.shots.table[:size]
        found: dict[Rung, Linear] = {"rule": rule.scaled(table, outcome)}
        found["ridge"] = fit(table, outcome, self.columns, ridge=RIDGE)
        return found

    def foretell(self, weeks: list[date], fits: dict[Rung, Linear]) -> None:
        """Foretell the snapshots of some weeks with models of before."""
        start, end = self.shots.until(numbered(weeks[0])), self.shots.until(numbered(weeks[-1]) + 1)
        for kind, linear in fits.items() if start < end else ():
            self.log_odds[kind][start:end] = linear.log_odds(self.shots.table[start:end])

    def tell(self, week: date, fits: dict[Rung, Linear]) -> dict[Rung, float]:
        """Set a week's risks to the level that was known at its beginning; how far each kind moves."""
        day = numbered(week)
        start, end = self.shots.until(day), self.shots.until(day + 1)
        moved = {kind: self.level(kind, day) for kind in fits}
        for kind, shifted in moved.items():
            self.risk[kind][start:end] = probability(self.log_odds[kind][start:end] + shifted)
        self.base[start:end] = self.base_rate(day)
        return moved

    def level(self, kind: Rung, day: int) -> float:
        """How far the foretold weeks that have matured lately say that the level is off."""
        start, end = self.shots.until(day - HORIZON - LEVELLED), self.shots.matured(day)
        told = self.log_odds[kind][start:end]
        known = ~np.isnan(told)
        return shift(told[known], self.shots.outcome[start:end][known])

    def base_rate(self, day: int) -> float:
        start, end = self.shots.until(day - HORIZON - LOOKED_BACK), self.shots.matured(day)
        part = self.shots.outcome[start:end]
        return rounded(float(part.mean())) if len(part) else 0.0

    def looked_back(self, kind: Rung, day: int) -> tuple[Foretold, NDArray[np.intp]]:
        """What was foretold of the weeks that have matured by a day, and where those snapshots are."""
        start, end = self.shots.until(day - HORIZON - LOOKED_BACK), self.shots.matured(day)
        place = start + np.flatnonzero(~np.isnan(self.risk[kind][start:end]))
        shots = self.shots
        return Foretold(
            self.risk[kind][place], shots.outcome[place], shots.week[place], shots.account[place]
        ), place

    def decide(self, kind: Rung, day: int) -> gate.Decision:
        foretold, _ = self.looked_back(kind, day)
        if not foretold.is_telling or foretold.churned < gate.FEWEST:
            return gate.decide(None, None, foretold.churned)
        ranked = {row.measure: row for row in ranking_card(foretold, draws(foretold))}
        return gate.decide(ranked["auc"].lower, ranked["lift_at_10"].value, foretold.churned)

    def finish(self, origins: list[date]) -> None:
        made, day = self.made, numbered(self.today)
        made.churned = self.shots.churned(day)
        rung = made.steps[-1].rung
        if rung == "bands":
            made.reason = (
                f"{made.churned} accounts have left so far; from 30 on there is enough to learn from."
                if made.churned < 30
                else "Too few of the snapshots that have matured are of accounts that left."
            )
            return
        self.show("looking back")
        foretold, place = self.looked_back(rung, day)
        made.card = card(foretold, self.risk["rule"][place], self.base[place])
        made.reason = self.reason
        if rung == "ridge" and is_challenged(made.churned) and made.steps[-1].is_open:
            self.challenge(origins, foretold, place)

    def challenge(self, origins: list[date], foretold: Foretold, place: NDArray[np.intp]) -> None:
        """Let boosted trees tell the same matured weeks; they take over only where they win."""
        told = np.full(len(self.shots.outcome), np.nan)
        tried = [day for day in origins if numbered(day) + HORIZON <= numbered(self.today)][-CHALLENGES:]
        self.show("trying the challenger")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            grown = pool.map(self.grown, tried)
            for (origin, until), trees in zip(pairwise([*tried, self.today]), grown, strict=True):
                start, end = self.shots.until(numbered(origin)), self.shots.until(numbered(until))
                told[start:end] = trees.log_odds(self.shots.table[start:end])
        both = ~np.isnan(told[place])
        if not both.any():
            return
        part = Foretold(*(getattr(foretold, name)[both] for name in ("risk", "outcome", "week", "account")))
        if not part.is_telling:
            return
        level = shift(told[place][both], part.outcome)
        better = gain(part, told[place][both])
        losses = (loss(part, part.risk), loss(part, probability(told[place][both])))
        self.made.card += [better, Measure("log_loss_challenger", rounded(losses[1]), n=len(part.risk))]
        if should_promote(*losses, better.lower or 0.0):
            self.made.challenger = self.grown(origins[-1])
            self.made.challenger_shift = level

    def grown(self, origin: date) -> boosted.Boosted:
        size = self.shots.matured(numbered(origin))
        encoding = self.fitted[origin]["ridge"].encoding
        return boosted.grow(self.shots.table[:size], self.shots.outcome[:size], encoding)
