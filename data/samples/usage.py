"""What the accounts do with the product: named features, busy on weekdays, fading before a farewell."""

import numpy as np
import polars as pl

from data.samples import clock
from data.samples.clock import DAY, HOUR, MINUTE, NEVER, Bools, Floats, Ints, column, numbered, text
from data.samples.market import FEATURE_SHARE, FEATURES, STEPS
from data.samples.scenario import Scenario
from data.samples.stories import during, release
from data.samples.subscriptions import ACTIVE, CANCELED, PAST_DUE, TRIALING, Lives
from data.samples.world import World

AT_ONCE = 4_000  # accounts whose days are drawn together, so that memory stays flat
FADING = 28  # days in which use fades before a farewell
# Events on a usual working day, by plan; people who use it in one account.
PACE = np.array([1.6, 3.2, 5.6])
PEOPLE = np.array([2, 6, 20])
# How much goes on in each status: not begun, trialing, active, past due, paused, canceled.
LIVELINESS = np.array([0.0, 0.9, 1.0, 0.8, 0.04, 0.0])
STRANGERS = ("acc-imported-0001", "acc-imported-0002", "acc-imported-0003")


def events(world: World) -> pl.DataFrame:
    """The shape `events`: onboarding steps and use, in order of time, and three of accounts nobody knows."""
    parts = [steps(world, until=world.scenario.end), _strangers(world.scenario)]
    for first in range(0, len(world.signups), AT_ONCE):
        parts.append(_use(world, slice(first, min(first + AT_ONCE, len(world.signups)))))
    joined = pl.concat(parts).sort("occurred_at", "account_id", "name", "user_id", maintain_order=True)
    return joined.select(numbered("ev", len(joined), 8).alias("event_id"), pl.all())


def frame(
    account: pl.Series, at: Ints, name: pl.Series, user: Ints, more: dict[str, pl.Series]
) -> pl.DataFrame:
    return pl.DataFrame({"account_id": account, "occurred_at": column(at), "name": name}).with_columns(
        (pl.lit("user-") + account.str.slice(4) + "-" + pl.Series(user).cast(pl.String)).alias("user_id"),
        more.get("value", pl.lit(None, pl.Float64)).alias("value"),
        more.get("properties", pl.lit(None, pl.String)).alias("properties"),
    )


def steps(world: World, *, until: int) -> pl.DataFrame:
    """The onboarding steps that are taken before `until`."""
    scenario, signups, onboarding = world.scenario, world.signups, world.onboarding
    at = np.concatenate(onboarding.steps)
    account = np.tile(np.arange(len(signups)), 3)
    step = np.repeat(np.arange(3), len(signups))
    kept = at < min(until, NEVER)
    at, account, step = at[kept], account[kept], step[kept]
    version = np.select([at < release(scenario.now)[0], during(at, release(scenario.now))], [0, 1], 2)
    releases = tuple(f'{{"release": "{name}"}}' for name in ("4.1", "4.2", "4.3"))
    more = {"properties": text(releases, version)}
    return frame(signups.ids.gather(account), at, text(STEPS, step), np.ones_like(at), more)


def _strangers(scenario: Scenario) -> pl.DataFrame:
    """Use of accounts that the export has forgotten: they wait on the Sources page."""
    at = scenario.end - np.array([9, 5, 2]) * DAY
    names = pl.Series([FEATURES[0], FEATURES[1], FEATURES[0]])
    return frame(pl.Series(STRANGERS), at, names, np.ones(3, dtype=np.int64), {})


def _use(world: World, part: slice) -> pl.DataFrame:
    chance = world.scenario.random(f"usage {part.start}")
    days = np.arange(world.scenario.today + 1)
    rate = _habit(chance, world, part) * _phase(chance, world, part)
    rate *= np.exp(0.45 * world.health[days // 7, part]) * _rhythm(world.scenario)[:, None]
    day, account = np.nonzero(rate > 0)
    count = _bursts(chance, rate[day, account])
    return _moments(chance, world, np.repeat(day, count), np.repeat(account, count) + part.start)


def _status(lives: Lives, part: slice) -> Ints:
    """The liveliest status of each account's subscriptions, by day."""
    status = lives.status[:, part].astype(np.int64)
    second = np.arange(len(lives.account)) >= lives.account.max() + 1
    for index in np.flatnonzero(second & (lives.account >= part.start) & (lives.account < part.stop)):
        mine = lives.status[:, index]
        account = lives.account[index] - part.start
        status[:, account] = np.where(_is_live(mine), mine, status[:, account])
    return status


def _is_live(status: Ints | np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> Bools:
    live: Bools = (status == ACTIVE) | (status == PAST_DUE)
    return live


def _habit(chance: np.random.Generator, world: World, part: slice) -> Floats:
    plan = world.signups.plan[part]
    habit: Floats = PACE[plan] * np.exp(chance.normal(-0.2, 0.6, len(plan)))
    return habit * np.where(world.onboarding.is_activated[part], 1.0, 0.45)


def _phase(chance: np.random.Generator, world: World, part: slice) -> Floats:
    """How much of its habit an account keeps on each day, for where it stands in its life."""
    today = world.scenario.today + 1
    status = _status(world.lives, part)
    age = np.arange(today)[:, None] - (world.signups.at[part] // DAY - world.scenario.first_day)
    lively = LIVELINESS[status[:today] + 1]
    waning = (status[:today] == TRIALING) & ~world.onboarding.is_activated[part]
    lively = np.where(waning, lively * np.exp(-age / 7), lively)
    gone = status[:today] == CANCELED
    lingers = np.where(chance.random(status.shape[1]) < 0.4, 0.22, 0.0)
    lively = np.where(gone, lingers * np.exp(-np.maximum(age - 14, 0) / 60), lively)
    fades = chance.random(status.shape[1]) < 0.75
    fading = 0.12 + 0.88 * np.minimum(_days_left(status)[:today], FADING) / FADING
    return np.where(fades & _is_live(status[:today]), lively * fading, lively)


def _days_left(status: Ints) -> Ints:
    """Days until the account leaves next, for each of its days."""
    left = np.full(status.shape, FADING, dtype=np.int64)
    for day in range(len(status) - 2, -1, -1):
        leaves = (status[day + 1] == CANCELED) & (status[day] != CANCELED)
        left[day] = np.where(leaves, 1, np.minimum(left[day + 1] + 1, FADING))
    return left


def _rhythm(scenario: Scenario) -> Floats:
    day = np.arange(scenario.today + 1) + scenario.first_day
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    season = np.array([1, 1, 1, 1, 1, 0.97, 0.88, 0.86, 1, 1, 1, 0.84])
    rhythm: Floats = np.array([1.1, 1.15, 1.12, 1.08, 0.95, 0.2, 0.15])[clock.weekday(day)] * season[month]
    return rhythm


def _bursts(chance: np.random.Generator, rate: Floats) -> Ints:
    """Events of a day: on many days nothing, on the others the more."""
    comes = 0.72 * (1 - np.exp(-1.1 * rate))
    drawn = chance.poisson(rate / np.maximum(comes, 1e-9) * (comes > 1e-4))
    return np.where(chance.random(len(rate)) < comes, np.minimum(drawn, 400), 0).astype(np.int64)


def _moments(chance: np.random.Generator, world: World, day: Ints, account: Ints) -> pl.DataFrame:
    scenario, signups = world.scenario, world.signups
    local = clock.office_seconds(chance.random(len(day)))
    at = (scenario.first_day + day) * DAY + (local - signups.offset[account] * HOUR) % DAY
    begins = np.minimum(world.onboarding.welcome, signups.at + 5 * MINUTE)[account]
    kept = (at > begins) & (at < scenario.end)
    at, account = at[kept], account[kept]
    feature = np.searchsorted(np.cumsum(FEATURE_SHARE), chance.random(len(at)) * FEATURE_SHARE.sum())
    people = PEOPLE[signups.plan[account]]
    user = 1 + (people * chance.random(len(at)) ** 2).astype(np.int64)
    name = text(FEATURES, np.minimum(feature, len(FEATURES) - 1))
    return frame(signups.ids.gather(account), at, name, user, _values(chance, feature))


def _values(chance: np.random.Generator, feature: Ints) -> dict[str, pl.Series]:
    """Runs of an automation have a size; nothing else has a value."""
    runs = feature == FEATURES.index("automation_run")
    size = chance.integers(1, 120, len(feature)).astype(np.float64)
    return {"value": pl.Series(size).set(pl.Series(~runs), None)}
