"""When what is estimated of accounts is told anew: risks and lifetime values, which cost more than counts.

Counts follow every fact within seconds. An estimate hardly moves with one, so while an engine runs it may
stand for some minutes (`patience`), and longer where it is of a day past; what would have changed it
meanwhile is kept, and told with the next. A refresh that somebody asks for has no patience: what it publishes
depends on the facts alone.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import duckdb

from data.calendar import Calendar
from data.settings import Settings
from metrics.kept import Kept
from metrics.patience import Patience
from metrics.risk.keep import keep
from metrics.risk.model import in_force
from metrics.session import run

Connection = duckdb.DuckDBPyConnection
TABLES = {
    "kept_told": "told_at timestamp, day date, model varchar, import_id integer, has_deferred boolean, "
    "past_at timestamp, past_import_id integer",
    "kept_deferred": "account_key integer",
}
# Whose estimates a refresh may have changed by more than late facts: its temporary tables, and their keys.
DEFERRED = {"paying_scope": ("account_key",), "moved": ("new_key", "old_key")}


@dataclass(frozen=True)
class Told:
    """When, on which local day, by which model and up to which import estimates were told last.

    `past_at`, `past_import_id`: the same of those of days past, and of lifetime values.
    """

    told_at: datetime
    day: date
    model: str
    import_id: int
    has_deferred: bool
    past_at: datetime
    past_import_id: int

    def stands(self, now: "Told", patience: timedelta) -> bool:
        """Whether what was told of today may be shown a while longer."""
        return self.is_like(now) and timedelta(0) <= now.told_at - self.told_at < patience

    def past_stands(self, now: "Told", patience: timedelta) -> bool:
        """Whether what was told of days past may be."""
        return self.is_like(now) and timedelta(0) <= now.told_at - self.past_at < patience

    def is_like(self, now: "Told") -> bool:
        return (self.day, self.model) == (now.day, now.model)

    def of_today(self, now: "Told") -> "Told":
        """Told of today as of now, and of days past as before."""
        return replace(self, told_at=now.told_at, import_id=now.import_id)


def tell(
    connection: Connection,
    settings: Settings,
    place: str,
    states: tuple[Kept, Kept],
    rows: dict[str, int],
    *,
    patience: Patience,
) -> None:
    """Tell what may not stand; `rows` of the refresh's temporary tables then say what did.

    Lifetime values follow the risks of days past: they rest upon who stayed and who left.
    """
    before, made = states
    now, last = told_now(settings, made), last_told(connection, place)
    is_new = not made.after_token  # it began from nothing
    told = partial(keep, connection, settings, place, as_of=made.as_of, rows=rows)
    deferred = bool(last and last.has_deferred)
    if last is None or is_new or not last.past_stands(now, patience.past):
        since = 0 if is_new else last.past_import_id if last else before.import_id
        rows["risk_change"] = told(since=since, deferred=deferred)
        rows["more_paying_flow"] = rows.get("more_paying_flow", 0) + deferred
        note(connection, place, now)
        return
    if last.stands(now, patience.estimates):
        rows["risk_change"] = 0
    else:
        rows["risk_change"] = told(since=last.import_id, deferred=deferred, today_alone=True)
        last = last.of_today(now)
    defer(connection, place, rows)
    rows["past_stands"] = 1
    note(connection, place, replace(last, has_deferred=True))


def told_now(settings: Settings, made: Kept) -> Told:
    model, day = in_force(settings, made.as_of), Calendar.of(settings).local_date(made.as_of)
    version, upto = model.version if model else "", made.import_id
    return Told(made.as_of, day, version, upto, has_deferred=False, past_at=made.as_of, past_import_id=upto)


def last_told(connection: Connection, place: str) -> Told | None:
    """Nothing where the kept tables have just begun."""
    for name, columns in TABLES.items():
        run(connection, f"create table if not exists {place}.{name} ({columns})")
    rows = run(connection, f"from {place}.kept_told")
    return Told(*rows[0]) if rows else None


def defer(connection: Connection, place: str, rows: dict[str, int]) -> None:
    """Keep whose estimates a refresh would have changed; of days past nothing is told of them yet."""
    for table, keys in DEFERRED.items():
        for key in keys if rows.get(table) else ():
            run(connection, f"insert into {place}.kept_deferred select {key} from {table}")
    rows["more_paying_flow"] = 0


def note(connection: Connection, place: str, told: Told) -> None:
    """What has been told now; where nothing is deferred any more, nobody's estimates are."""
    for name in TABLES if not told.has_deferred else ("kept_told",):
        run(connection, f"delete from {place}.{name}")
    run(connection, f"insert into {place}.kept_told values ($1, $2, $3, $4, $5, $6, $7)", vars_of(told))


def vars_of(told: Told) -> dict[str, object]:
    return {str(number): value for number, value in enumerate(vars(told).values(), start=1)}
