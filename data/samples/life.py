"""The demo company's life after it was made: the facts of an interval, as files of the canonical shapes."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import polars as pl

from data.samples import present
from data.samples.clock import HOUR, MINUTE, seconds
from data.samples.company import TIME
from data.samples.newcomers import Moment, moments, newcomers
from data.samples.scenario import Scenario
from data.samples.world import World, play

AT_ONCE = 6 * HOUR  # seconds of use that are drawn together, so that memory stays flat
WATCHED = 2 * MINUTE  # an interval no longer than this is lived as one that somebody watches


def write_next(
    folder: Path,
    since: datetime,
    until: datetime,
    *,
    accounts: int = 2000,
    months: int = 18,
    seed: int = 7,
    born_at: datetime,
) -> int:
    """Write what happens in `[since, until)` as NDJSON into `folder`; returns the number of facts.

    The company is the one `company.write` made of the same accounts, months and seed with `now=born_at`;
    import both with the source name `demo`. Times are naive UTC, whole seconds count. Nothing is remembered
    between calls: a fact belongs to its second, so an interval may be asked for again, or cut elsewhere, and
    a repeat brings the same ids. (The first call in a process plays the company once more, about a second.)

    Time is lively, not real, so that the pages visibly move: about 2.5 uses a second, a sign-up every 18
    seconds in the first 20 minutes after `born_at` and ever fewer then, and some 150 accounts that grow,
    shrink or leave within the first days, most of them within the first hours. Trials, bills, retries and
    the onboarding of those who signed up just before go on at their own pace for 35 days.

    An interval of more than two minutes (the machine slept) is lived at the company's usual pace instead,
    about 2,000 uses a day; its sign-ups are those of its seconds. Six hours take well under a second.
    """
    start, end = seconds(since), seconds(until)
    if end <= start:
        return 0
    world = _world(Scenario(accounts, months, seed, born_at))
    return sum(_write(folder, shape, frames) for shape, frames in _by_shape(world, start, end).items())


@lru_cache(maxsize=2)
def _world(scenario: Scenario) -> World:
    return play(scenario)


@lru_cache(maxsize=2)
def _to_come(world: World) -> tuple[Moment, ...]:
    return tuple(present.to_come(world))


def _by_shape(world: World, start: int, end: int) -> dict[str, list[pl.DataFrame]]:
    found: dict[str, list[pl.DataFrame]] = {}
    for shape, frame in _moments(world, start, end):
        happens = frame.filter(pl.col("at").is_between(start, end, closed="left"))
        if len(happens):
            found.setdefault(shape, []).append(happens)
    return found


def _moments(world: World, start: int, end: int) -> Iterator[Moment]:
    scenario = world.scenario
    share = present.LIVELY if end - start <= WATCHED else present.USUAL
    yield from _to_come(world)
    yield from moments(newcomers(scenario.seed, scenario.end, end))
    for first in range(max(start, scenario.end), end, AT_ONCE):
        yield present.use(world, first, min(first + AT_ONCE, end), share)


def _write(folder: Path, shape: str, frames: list[pl.DataFrame]) -> int:
    rows = pl.concat(frames, how="diagonal").sort("at", maintain_order=True).drop("at")
    told = rows.with_columns(
        pl.col(pl.Datetime).dt.strftime(TIME),
        pl.col(pl.Decimal).cast(pl.String),
        pl.col(pl.Date).cast(pl.String),
    )
    told.write_ndjson(folder / f"{shape}.ndjson")
    return len(told)
