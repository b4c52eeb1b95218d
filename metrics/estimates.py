"""When what is estimated of accounts is told anew: risks and lifetime values, which cost more than counts.

Counts follow every fact within seconds. An estimate hardly moves with one, so while an engine runs it may
stand for some minutes (`patience`); what would have changed it meanwhile is kept, and told with the next. A
refresh that somebody asks for has no patience: what it publishes depends on the facts alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from metrics.session import run

Connection = duckdb.DuckDBPyConnection
TABLES = {
    "kept_told": "told_at timestamp, day date, model varchar, import_id integer, has_deferred boolean",
    "kept_deferred": "account_key integer",
}
# Whose estimates a refresh may have changed by more than late facts: its temporary tables, and their keys.
DEFERRED = {"paying_scope": ("account_key",), "moved": ("new_key", "old_key")}


@dataclass(frozen=True)
class Told:
    """When, on which local day, by which model and up to which import estimates were told last."""

    told_at: datetime
    day: date
    model: str
    import_id: int
    has_deferred: bool

    def stands(self, as_of: datetime, day: date, model: str, patience: timedelta) -> bool:
        """Whether what was told may be shown a while longer."""
        return (self.day, self.model) == (day, model) and timedelta(0) <= as_of - self.told_at < patience


def last_told(connection: Connection, place: str) -> Told | None:
    """Nothing where the kept tables have just begun."""
    for name, columns in TABLES.items():
        run(connection, f"create table if not exists {place}.{name} ({columns})")
    rows = run(connection, f"from {place}.kept_told")
    return Told(*rows[0]) if rows else None


def defer(connection: Connection, place: str, rows: dict[str, int]) -> None:
    """Keep whose estimates a refresh would have changed; nothing is told of them yet."""
    run(connection, f"update {place}.kept_told set has_deferred = true")
    for table, keys in DEFERRED.items():
        for key in keys if rows.get(table) else ():
            run(connection, f"insert into {place}.kept_deferred select {key} from {table}")
    rows["risk_change"] = rows["more_paying_flow"] = 0


def note(connection: Connection, place: str, told: Told) -> None:
    """Everything deferred has been told now."""
    for name in TABLES:
        run(connection, f"delete from {place}.{name}")
    run(connection, f"insert into {place}.kept_told values ($1, $2, $3, $4, $5)", vars_of(told))


def vars_of(told: Told) -> dict[str, object]:
    return {str(number): value for number, value in enumerate(vars(told).values(), start=1)}
