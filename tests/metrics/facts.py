"""Facts put straight into a warehouse, past the import: what a metric's example needs and no more."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

import polars as pl

from data.calendar import Calendar
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.refresh import refresh
from metrics import read

MONEY = pl.Decimal(18, 4)
TYPES = {
    "mrr": MONEY,
    "amount": MONEY,
    "rate": pl.Decimal(18, 10),
    "ends_span": pl.Boolean,
    "fact_id": pl.Int64,
    "date": pl.Date,
    "day": pl.Date,
    "created_at": pl.Datetime("us"),
    "occurred_at": pl.Datetime("us"),
    "effective_at": pl.Datetime("us"),
    "renews_at": pl.Datetime("us"),
    "attempted_at": pl.Datetime("us"),
}
NUMBERS = {"seq", "source_key", "import_id", "account_key", "name_key"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass
class Facts:
    """Accounts, events, changes and rates as a test gives them."""

    settings: Settings
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    accounts: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    def account(self, account_id: str, created_at: str | datetime, **others: Any) -> Self:
        return self.add(
            "accounts", account_id, created_at=moment(created_at), account_id=account_id, **others
        )

    def event(self, account_id: str, occurred_at: str | datetime, name: str = "login") -> Self:
        when = moment(occurred_at)
        key = self.names.setdefault(name, len(self.names) + 1)
        day = Calendar.of(self.settings).local_date(when)
        return self.add("events", account_id, occurred_at=when, day=day, name_key=key)

    def change(
        self,
        account_id: str,
        effective_at: str | datetime,
        mrr: str | Decimal,
        status: str = "active",
        *,
        subscription: str = "",
        currency: str | None = None,
        ends_span: bool = False,
        renews_at: str | None = None,
    ) -> Self:
        return self.add(
            "subscription_changes",
            account_id,
            subscription_id=subscription or f"s-{account_id}",
            effective_at=moment(effective_at),
            mrr=Decimal(mrr),
            status=status,
            currency=currency,
            ends_span=ends_span,
            renews_at=moment(renews_at) if renews_at else None,
        )

    def rate(self, day: str | date, currency: str, rate: str | Decimal) -> Self:
        when = date.fromisoformat(day) if isinstance(day, str) else day
        return self.add("fx_rates", None, date=when, currency=currency, rate=Decimal(rate))

    def payment(self, account_id: str, attempted_at: str, amount: str, outcome: str, code: str = "") -> Self:
        return self.add(
            "payments",
            account_id,
            payment_id=f"p{len(self.rows['payments'])}",
            invoice_id="i",
            attempted_at=moment(attempted_at),
            amount=Decimal(amount),
            outcome=outcome,
            decline_code=code or None,
        )

    def add(self, shape: str, of: str | None, **row: Any) -> Self:
        number = sum(map(len, self.rows.values())) + 1
        if of is not None:
            row["account_key"] = self.accounts.setdefault(of, len(self.accounts) + 1)
        self.rows[shape].append({"fact_id": number, "seq": number, "source_key": 1, "import_id": 1} | row)
        return self

    def store(self, warehouse: Warehouse) -> None:
        """Put the facts into an empty warehouse."""
        keys = [{"account_key": key, "account_id": name} for name, key in self.accounts.items()]
        names = [{"name_key": key, "name": name} for name, key in self.names.items()]
        put(warehouse, "sources", [{"source_key": 1, "source": "files"}])
        put(warehouse, "account_keys", keys)
        put(warehouse, "event_names", names)
        warehouse.run("update last_import set import_id = 1")
        for shape, rows in self.rows.items():
            kept = [{k: v for k, v in row.items() if shape != "events" or k != "seq"} for row in rows]
            put(warehouse, shape, kept)
            warehouse.run(
                "insert into source_counts by name select 1 as source_key, $shape as shape, $facts as facts, "
                "$last as last_fact_at, timestamp '2000-01-01' as last_arrival_at, "
                "0 as read, 0 as added, 0 as repeated",
                {"shape": shape, "facts": len(kept), "last": last_moment(rows)},
            )

    def figures(self, as_of: str | datetime) -> "Figures":
        """Compute, audit and publish, and read the edition."""
        with Warehouse.open(self.settings) as warehouse:
            self.store(warehouse)
            return Figures(self.settings, refresh(self.settings, warehouse, moment(as_of)).name)


def last_moment(rows: list[dict[str, Any]]) -> datetime | None:
    times = ("created_at", "occurred_at", "effective_at", "attempted_at")
    return max((row[name] for row in rows for name in times if name in row), default=None)


def moment(value: str | datetime) -> datetime:
    return at(value) if isinstance(value, str) else value


def put(warehouse: Warehouse, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    if not rows:
        return
    columns = {name for row in rows for name in row}
    schema = {name: TYPES.get(name, pl.Int64 if name in NUMBERS else pl.String) for name in sorted(columns)}
    warehouse.connection.register("given", pl.DataFrame(rows, schema=schema))
    warehouse.run(f"insert into {table} by name select * from given")
    warehouse.connection.unregister("given")


@dataclass(frozen=True)
class Figures:
    """An edition, asked briefly."""

    settings: Settings
    edition: str

    def table(self, name: str) -> pl.DataFrame:
        return read.table(self.settings, self.edition, name)

    def row(
        self, metric: str, grain: Any, start: str, dimension: str = "all", segment: str = "all"
    ) -> dict[str, Any]:
        rows = read.series(
            self.settings, self.edition, [metric], grain=grain, dimension=dimension, segment=segment
        ).filter(pl.col("period_start") == date.fromisoformat(start))
        assert len(rows) == 1, f"{metric} {grain} {start}: {len(rows)} rows"
        return rows.row(0, named=True)

    def value(self, metric: str, grain: Any, start: str, **place: str) -> float | None:
        return self.row(metric, grain, start, **place)["value"]

    def values(self, metric: str, grain: Any, dimension: str = "all", segment: str = "all") -> dict[str, Any]:
        """period_start → value."""
        rows = read.series(
            self.settings, self.edition, [metric], grain=grain, dimension=dimension, segment=segment
        )
        return {str(start): value for start, value in rows.select("period_start", "value").iter_rows()}
