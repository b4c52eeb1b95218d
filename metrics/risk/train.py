"""Trains: the company's history as it was known at an instant, walked through, kept as data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import polars as pl

from data.settings import Settings
from data.store.warehouse import Warehouse
from metrics import kept
from metrics.compute import detach, present_place
from metrics.risk import drift, rule, snapshots
from metrics.risk.card import Measure
from metrics.risk.model import Model, made, save
from metrics.risk.snapshots import Ground
from metrics.risk.walk import LOOKED_BACK, Shots, Walk, mondays, numbered
from metrics.roll import roll
from metrics.session import run

Connection = duckdb.DuckDBPyConnection
Show = Callable[[str], None]
WEEKS = 104
MOST = 500_000  # snapshots; where there are more, of a share of the accounts, drawn by a hash of their ids
SHARES = 10_000


def train(
    warehouse: Warehouse, settings: Settings, *, as_of: datetime, refit: bool = True, show: Show
) -> Model:
    """Learn from what was known at `as_of` and keep it. Interrupted, nothing has changed.

    `refit`: fit models as of now; without it only the level is set anew, on models of the last four weeks.
    """
    with standing(warehouse, settings, as_of) as connection:
        return taught(connection, settings, as_of=as_of, refit=refit, show=show)


def taught(
    connection: Connection, settings: Settings, *, as_of: datetime, refit: bool = False, show: Show
) -> Model:
    """The same, on a connection that looks in the kept tables of that instant."""
    ground = Ground(connection, settings, as_of)
    show("reading the history")
    model = learn(ground, refit=refit, show=show)
    save(settings, model)
    return model


def learn(ground: Ground, *, refit: bool, show: Show) -> Model:
    snapshots.spans(ground)
    today = ground.today
    shots, accounts = shots_of(ground, show)
    walked = Walk(shots, ground.columns, today, show).run(refit=refit)
    walked.card += moved(shots, ground, today) if walked.card else []
    weeks = shots.week
    return made(
        walked,
        as_of=ground.as_of,
        first_week=date(1970, 1, 1) + timedelta(days=int(weeks[0])) if len(weeks) else None,
        snapshots=len(weeks),
        accounts=accounts,
        features=tuple(column.name for column in ground.columns),
    )


@contextmanager
def standing(warehouse: Warehouse, settings: Settings, as_of: datetime) -> Iterator[Connection]:
    """A connection that looks in kept tables of an instant: those of the present, or others beside them."""
    connection = warehouse.connection.cursor()
    detach(connection)
    try:
        place = present_place(connection)
        now = kept.read(connection, place)
        [(import_id,)] = run(connection, "select import_id from last_import")
        known = (as_of, import_id, kept.fingerprint(settings))
        if (now.as_of, now.import_id, now.fingerprint) != known:
            run(connection, "attach ':memory:' as past")
            place = f"past.{kept.SCHEMA}"
            connection.begin()
            roll(
                connection, settings, place, before=kept.NOTHING, as_of=as_of, import_id=import_id, full=True
            )
            connection.commit()
        kept.look_in(connection, place)
        yield connection
    finally:
        detach(connection)
        connection.close()


def hold(warehouse: Warehouse) -> tuple[Connection, datetime] | None:
    """A connection that goes on seeing the kept tables as they are now, and of which instant they are.

    Close it. Nothing where facts were loaded that are not counted yet.
    """
    connection = warehouse.connection.cursor()
    try:
        connection.begin()
        place = present_place(connection)
        now = kept.read(connection, place)
        [(import_id,)] = run(connection, "select import_id from last_import")
        kept.look_in(connection, place)
    except BaseException:
        connection.close()
        raise
    if now.import_id == import_id:
        return connection, now.as_of
    connection.close()
    return None


def shots_of(ground: Ground, show: Show) -> tuple[Shots, int]:
    """The weekly snapshots of at most `MOST` rows, and how many accounts they are of."""
    days, share = weeks_of(ground)
    some = f"(select account_key from account_keys where hash(account_id) % {SHARES} < {share})"
    drawn = "true" if share >= SHARES else f"s.account_key in {some}"
    if not days or not snapshots.paying(ground, days, drawn):
        empty = np.empty(0, dtype=np.int64)
        return Shots(pl.DataFrame(), np.empty(0), empty, empty, churn_days(ground)), 0
    show("reading the features")
    told = snapshots.outcomes(ground)
    table = rule.with_points(snapshots.gather(ground), snapshots.usage_from(ground))
    account = told["account_key"].rank("dense").cast(pl.Int64).to_numpy() - 1
    week = told["day"].cast(pl.Int32).cast(pl.Int64).to_numpy()
    shots = Shots(table, told["outcome"].to_numpy(), week, account, churn_days(ground))
    return shots, told["account_key"].n_unique()


def weeks_of(ground: Ground) -> tuple[list[date], int]:
    """The Mondays looked at, and the share of accounts in ten thousand that keeps to the limit."""
    [(first,)] = ground.run("select min(from_day) from risk_span where mrr > 0")
    if first is None:
        return [], SHARES
    days = mondays(max(first, ground.today - timedelta(weeks=WEEKS)), ground.today)
    ground.days(days)
    [(pairs,)] = ground.run(
        "select count(*) from risk_span as s join risk_day as d "
        "on s.from_day < d.day and (s.until_day is null or s.until_day >= d.day) where s.mrr > 0"
    )
    return days, SHARES if pairs <= MOST else max(int(SHARES * MOST / pairs), 1)


def churn_days(ground: Ground) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The day on which each account left for the first time, of those that ever did."""
    rows = ground.run(
        "select min(zero_day) from risk_span where zero_day is not null group by account_key order by 1"
    )
    return np.array([numbered(day) for (day,) in rows], dtype=np.int64)


def moved(shots: Shots, ground: Ground, today: date) -> list[Measure]:
    """How far the newest week is from the weeks that were learnt from."""
    newest = int(shots.week[-1])
    start, end = shots.until(numbered(today) - LOOKED_BACK - 30), shots.matured(numbered(today))
    return drift.drift(shots.table[start:end], shots.table[shots.until(newest) :], ground.columns)
