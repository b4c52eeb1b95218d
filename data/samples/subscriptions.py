"""The subscriptions, lived a day at a time: trials, renewals, failed cards, growth, farewells, returns."""

from dataclasses import dataclass

import numpy as np

from data.samples import clock, market, stories
from data.samples.clock import DAY, HOUR, Bools, Floats, Ints, office_seconds
from data.samples.market import PARTNER, SEATS, STARTER, TEAM
from data.samples.onboarding import Onboarding
from data.samples.scenario import Scenario
from data.samples.signups import Signups

STATUSES = ("trialing", "active", "past_due", "paused", "canceled")
TRIALING, ACTIVE, PAST_DUE, PAUSED, CANCELED = range(5)
NONE = -1
TRIAL_DAYS = 14
MONTH = 30.4375
FAR = 1 << 30  # a day that does not come

# A month's chances. Leaving: by plan, then times what health, tenure and channel say.
LEAVES = np.array([0.042, 0.034, 0.026])
UPGRADES = np.array([0.016, 0.008, 0.0])
DOWNGRADES = np.array([0.0, 0.009, 0.009])
MORE_SEATS = np.array([0.0, 0.145, 0.155])
FEWER_SEATS = np.array([0.0, 0.025, 0.025])
PAUSES = np.array([0.005, 0.003, 0.001])
RETURNS = 0.03
LEAVES_AT_YEAR_END = np.array([0.28, 0.2, 0.12])
ANNUAL_SHARE = np.array([0.1, 0.18, 0.3])

# Payments: how often the first attempt fails, then what happens to the failed ones: mended at the second,
# third or fourth attempt, or never. Attempts come on these days after the first.
FAILS = 0.045
MENDED = np.array([0.52, 0.2, 0.1, 0.18])
RETRY_DAYS = np.array([3, 7, 14, 21])


@dataclass(frozen=True)
class Lives:
    """What becomes of the subscriptions, beyond `now` as well.

    `changes` and `bills` hold equally long arrays by name, in order of time.
    """

    account: Ints
    status: np.ndarray[tuple[int, int], np.dtype[np.int8]]  # by day and subscription, at the end of the day
    changes: dict[str, Ints]
    bills: dict[str, Ints]


class Walk:
    """All subscriptions at once; each account's own first, then the second ones that a few have."""

    def __init__(self, scenario: Scenario, signups: Signups, onboarding: Onboarding, health: Floats) -> None:
        self.scenario, self.signups, self.onboarding, self.health = scenario, signups, onboarding, health
        self.chance = chance = scenario.random("subscriptions")
        second = self._second()
        self.account = np.concatenate([np.arange(len(signups)), second])
        self.is_second = np.arange(len(self.account)) >= len(signups)
        self.starts = signups.at[self.account] // DAY - scenario.first_day
        self.starts[self.is_second] += chance.integers(60, 240, len(second))
        self.plan = np.where(self.is_second, TEAM, signups.plan[self.account])
        low, high = np.array(SEATS)[self.plan].T
        self.seats = low + ((high - low + 1) * chance.random(len(low)) ** 2).astype(np.int64)
        self.annual = (chance.random(len(low)) < ANNUAL_SHARE[self.plan]).astype(np.int64)
        self.currency = signups.currency[self.account]
        self.converts = chance.random(len(low)) < self._conversion()
        self._reset()

    def _second(self) -> Ints:
        likely = self.onboarding.is_activated & (self.signups.plan != STARTER)
        return np.flatnonzero(likely & (self.chance.random(len(self.signups)) < 0.06))

    def _conversion(self) -> Floats:
        activated = self.onboarding.is_activated[self.account]
        odds = np.where(activated, 0.25, -2.2) + 0.4 * self.signups.quality[self.account]
        odds += 0.5 * (self.signups.channel[self.account] == PARTNER)
        share: Floats = 1 / (1 + np.exp(-odds))
        return share

    def _reset(self) -> None:
        count = len(self.account)
        self.status = np.full(count, NONE, dtype=np.int64)
        self.paid_since, self.due, self.until, self.left = (np.full(count, FAR) for _ in range(4))
        self.mends = np.zeros(count, dtype=bool)
        self.owed = np.zeros(count, dtype=np.int64)
        self.moved = np.zeros(count, dtype=bool)
        self.billed = 0
        self.changes: list[Ints] = []
        self.bills: list[Ints] = []

    def live(self) -> Lives:
        history = np.empty((self.scenario.days, len(self.account)), dtype=np.int8)
        for day in range(self.scenario.days):
            self.moved[:] = False
            self._begin(day)
            self._end_trials(day)
            self._resume(day)
            self._bill(day)
            self._decide(day)
            self._return(day)
            history[day] = self.status
        return Lives(self.account, history, self._table(CHANGE, self.changes), self._table(BILL, self.bills))

    # What the calendar brings

    def _begin(self, day: int) -> None:
        new = self.starts == day
        self._change(new & ~self.is_second, TRIALING, day, automatic=True)
        self.until[new] = day + TRIAL_DAYS
        self._buy(new & self.is_second, day)

    def _end_trials(self, day: int) -> None:
        ends = (self.status == TRIALING) & (self.until <= day) & ~self.moved
        self._change(ends & ~self.converts, CANCELED, day, automatic=True)
        self._buy(ends & self.converts, day)

    def _buy(self, who: Bools, day: int) -> None:
        self._change(who, ACTIVE, day, automatic=True)
        self.paid_since[who] = self.due[who] = day

    def _resume(self, day: int) -> None:
        back = (self.status == PAUSED) & (self.until <= day)
        self._change(back, ACTIVE, day, automatic=True)
        self.due[back] = day
        settled = (self.status == PAST_DUE) & (self.until <= day)
        self._change(settled & self.mends, ACTIVE, day, automatic=True)
        lost = settled & ~self.mends
        self._change(lost, CANCELED, day, automatic=True)
        self.left[lost] = day

    def _bill(self, day: int) -> None:
        due = (self.status == ACTIVE) & (self.due <= day)
        leaves = due & (self.annual == 1) & (self.paid_since < day) & ~self.moved
        leaves &= self.chance.random(len(due)) < LEAVES_AT_YEAR_END[self.plan] * self._mood(day)
        self._leave(leaves, day)
        due &= ~leaves
        failures = self._failures(due, day)
        price = market.monthly(self.plan, self.seats, self.annual, self.currency)
        ahead = market.yearly(self.plan, self.seats, self.currency)
        self._charge(due, day, np.where(self.annual == 1, ahead, price), failures)
        cycle = np.where(self.annual == 1, 365, MONTH)
        turns = np.floor((day - self.paid_since[due] + 0.5) / cycle[due]) + 1
        self.due[due] = np.maximum(
            day + 1, self.paid_since[due] + np.round(turns * cycle[due]).astype(np.int64)
        )
        self._miss(due & (failures > 0), failures, day)

    def _failures(self, due: Bools, day: int) -> Ints:
        """How many attempts fail: none, or all up to the one that succeeds; four if none does."""
        at = (self.scenario.first_day + day) * DAY
        down = stories.during(np.array([at]), stories.outage(self.scenario.now))[0]
        luck = np.zeros(len(due))
        luck[due] = clock.evenly(self.billed, int(due.sum()))
        self.billed += int(due.sum())
        fails = luck < FAILS * (stories.OUTAGE_TIMES if down else 1.0)
        after = market.pick(self.chance.random(len(due)), MENDED) + 1
        return np.where(due & fails, after, 0)

    def _miss(self, who: Bools, failures: Ints, day: int) -> None:
        self._change(who, PAST_DUE, day, automatic=True)
        self.mends[who] = failures[who] < len(MENDED)
        self.until[who] = day + RETRY_DAYS[failures[who] - 1]

    # What people decide

    def _decide(self, day: int) -> None:
        monthly = self.annual == 0
        self._leave(self._some(monthly, day, LEAVES[self.plan] * self._mood(day)), day)
        pausing = self._some(monthly, day, PAUSES[self.plan])
        self._change(pausing, PAUSED, day)
        self.until[pausing] = day + self.chance.integers(30, 75, int(pausing.sum()))
        keen = np.exp(0.35 * self._feeling(day))
        self._move(self._some(True, day, UPGRADES[self.plan] * keen), day, 1)
        self._move(self._some(monthly, day, DOWNGRADES[self.plan] / keen), day, -1)
        self._resize(self._some(True, day, MORE_SEATS[self.plan] * keen), day, 1)
        self._resize(self._some(monthly, day, FEWER_SEATS[self.plan] / keen), day, -1)

    def _some(self, who: Bools | bool, day: int, monthly_chance: Floats) -> Bools:
        """Those of the paying who do something today, with what it is in a month as chance."""
        settled = (self.status == ACTIVE) & ~self.moved & (self.paid_since < day - 2)
        busy = 7 / 5.36 * np.array([1, 1, 1, 1, 0.9, 0.26, 0.2])[(self.scenario.first_day + day + 3) % 7]
        some: Bools = settled & who & (self.chance.random(len(settled)) < busy * monthly_chance / MONTH)
        return some

    def _feeling(self, day: int) -> Floats:
        feeling: Floats = self.health[day // 7, self.account]
        return feeling

    def _mood(self, day: int) -> Floats:
        """How much likelier than usual somebody is to leave."""
        tenure = np.where(day - self.paid_since < 95, 1.35, 0.85)
        partner = np.where(self.signups.channel[self.account] == PARTNER, 0.55, 1.0)
        mood: Floats = np.exp(-0.75 * self._feeling(day)) * tenure * partner
        return mood

    def _leave(self, who: Bools, day: int) -> None:
        self._change(who, CANCELED, day)
        self.left[who] = day

    def _move(self, who: Bools, day: int, step: int) -> None:
        before = market.monthly(self.plan, self.seats, self.annual, self.currency)
        self.plan[who] += step
        low, high = np.array(SEATS)[self.plan[who]].T
        self.seats[who] = np.clip(self.seats[who], low, high)
        self._owe(who, day, before)

    def _resize(self, who: Bools, day: int, sign: int) -> None:
        before = market.monthly(self.plan, self.seats, self.annual, self.currency)
        share = self.chance.random(int(who.sum())) * 0.25
        step = np.maximum(1, (self.seats[who] * share).astype(np.int64))
        self.seats[who] = np.maximum(1, self.seats[who] + sign * step)
        self._owe(who, day, before)

    def _owe(self, who: Bools, day: int, before: Ints) -> None:
        """The rest of the paid cycle at the new price: with the next bill, or at once if that is far."""
        now = market.monthly(self.plan, self.seats, self.annual, self.currency)
        rest = (now - before) * (self.due - day) // 30
        self.owed[who] += (rest // 100 * 100)[who]
        self._change(who, ACTIVE, day)
        self._charge(
            who & (self.annual == 1) & (rest > 0), day, np.zeros(len(who), dtype=np.int64), 0 * before
        )

    def _return(self, day: int) -> None:
        gone = (self.status == CANCELED) & (self.left < day - 20) & (self.left > day - 200)
        back = gone & (self.chance.random(len(gone)) < RETURNS / MONTH) & ~self.moved
        self._change(back, ACTIVE, day)
        self.due[back] = self.paid_since[back] = day
        self.left[back] = FAR

    # What is written down

    def _change(self, who: Bools, status: int, day: int, *, automatic: bool = False) -> None:
        self.status[who] = status
        self.moved |= who
        index = np.flatnonzero(who)
        at = self._automatic(index, day) if automatic else self._office(index, day)
        if status == PAST_DUE:
            at = at + HOUR + 60
        price = market.monthly(self.plan, self.seats, self.annual, self.currency)[index]
        columns = [index, at, np.full(len(index), status), price, self.plan[index], self.seats[index]]
        self.changes.append(np.stack([*columns, self.annual[index], self.due[index]]))

    def _charge(self, who: Bools, day: int, recurring: Ints, failures: Ints) -> None:
        index = np.flatnonzero(who)
        columns = [index, self._automatic(index, day), recurring[index], self.owed[index], failures[index]]
        self.bills.append(np.stack([*columns, self.annual[index], self.plan[index]]))
        self.owed[index] = 0

    def _automatic(self, index: Ints, day: int) -> Ints:
        """The time of day at which the subscription was made, which its machinery keeps."""
        at: Ints = (self.scenario.first_day + day) * DAY + self.signups.at[self.account[index]] % DAY
        return at

    def _office(self, index: Ints, day: int) -> Ints:
        local = office_seconds(self.chance.random(len(index)))
        offset = self.signups.offset[self.account[index]]
        # Kept inside the day, so that a subscription's history runs in the order of the days.
        at: Ints = (self.scenario.first_day + day) * DAY + (local - offset * HOUR) % DAY
        return at

    def _table(self, names: tuple[str, ...], rows: list[Ints]) -> dict[str, Ints]:
        joined = np.concatenate(rows, axis=1)
        order = np.lexsort((joined[0], joined[1]))
        return {name: values[order] for name, values in zip(names, joined, strict=True)}


CHANGE = ("subscription", "at", "status", "mrr", "plan", "seats", "annual", "due")
BILL = ("subscription", "at", "recurring", "owed", "failures", "annual", "plan")
