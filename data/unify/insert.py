"""Puts checked facts where they rest: each once, the first to come wins, under the keys of its names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.shapes import Shape
from data.store.local_time import day_of
from data.store.warehouse import Warehouse


@dataclass(frozen=True)
class Facts:
    """A temporary table of facts: the columns of `shape`, and `row`, `position`, `is_bad`, `fact_id`."""

    table: str
    shape: Shape
    came_as: str  # the name of the shape in the file: spans come as subscriptions, rest as changes
    first_seq: int
    import_id: int
    source_key: int
    now: datetime

    @property
    def keys(self) -> dict[str, Any]:
        return {"import_id": self.import_id, "source_key": self.source_key}

    @property
    def are_halves(self) -> bool:
        """Whether a row of the file gave more than one fact."""
        return self.came_as != self.shape.name

    @property
    def place(self) -> str:
        """SQL for the position of the row that a fact came from."""
        return "(f.position // 2)" if self.are_halves else "f.position"

    @property
    def rows(self) -> str:
        return f"count(distinct {self.place})" if self.are_halves else "count(*)"


@dataclass(frozen=True)
class Added:
    """What a stretch brought: rows that brought something, those of them that wait, the facts in them."""

    rows: int = 0
    waiting: int = 0
    facts: int = 0
    last_at: datetime | None = None
    sightings: int = 0  # rows that only said an account was there


def add(warehouse: Warehouse, facts: Facts, relation: Callable[[], str]) -> Added:
    """Insert what is new.

    `relation` gives SQL for the rows as they came, with `position`, `file` and `raw`.
    """
    fresh = _fresh(warehouse, facts)
    origin = f"{facts.table} as f"
    if "account_id" in facts.shape.names:
        _learn(warehouse, facts, "account_keys", "account_key", "account_id")
        origin += " inner join account_keys as k on f.account_id = k.account_id"
    if "into_id" in facts.shape.names:
        _learn(warehouse, facts, "account_keys", "account_key", "account_id", "into_id")
        origin += " inner join account_keys as i on f.into_id = i.account_id"
    if facts.shape.name == "events":
        _learn(warehouse, facts, "event_names", "name_key", "name")
        origin += " inner join event_names as n on f.name = n.name"
    waiting = _waiting(warehouse, facts, origin, fresh) if facts.shape.waits else 0
    if facts.shape.has_currency:
        _remember_foreign(warehouse, facts, fresh, relation)
    last_at = f"max(cast(f.{facts.shape.happened_at} as timestamp))" if facts.shape.happened_at else "null"
    rows, stored, last = warehouse.rows(
        f"select {facts.rows}, count(*), {last_at} from {facts.table} as f where {fresh}"
    )[0]
    columns = stored_columns(facts, _day(warehouse, facts))
    warehouse.run(
        f"insert into {facts.shape.rests_in} ({', '.join(columns)}) "
        f"select {', '.join(columns.values())} from {origin} where {fresh}",
        facts.keys,
    )
    return Added(int(rows), waiting, int(stored), last)


def _fresh(warehouse: Warehouse, facts: Facts) -> str:
    """SQL, true for a fact `f` that is neither stored nor said earlier in this stretch."""
    good = f"from {facts.table} where not is_bad"
    warehouse.run(
        "create or replace temp table doubled as "
        f"select fact_id, min(position) as position {good} group by fact_id having count(*) > 1"
    )
    warehouse.run(
        "create or replace temp table stored as "
        f"select fact_id from {facts.shape.rests_in} where fact_id in (select fact_id {good})"
    )
    conditions = ["not f.is_bad"]
    if warehouse.value("select count(*) from doubled"):
        again = "d.fact_id = f.fact_id and d.position < f.position"
        conditions.append(f"not exists (select 1 from doubled as d where {again})")
    if warehouse.value("select count(*) from stored"):
        conditions.append("f.fact_id not in (select fact_id from stored)")
    return " and ".join(conditions)


def _learn(warehouse: Warehouse, facts: Facts, table: str, key: str, name: str, given: str = "") -> None:
    """Number the names that are new, in the order in which they came; `given` is what the fact calls them."""
    given = given or name
    warehouse.run(f"""
        insert into {table} ({key}, {name})
        with new as (
            select {given} as {name}, min(position) as first
            from {facts.table}
            where not is_bad and {given} not in (select {name} from {table})
            group by {given}
        )
        select (select coalesce(max({key}), 0) from {table}) + row_number() over (order by first), {name}
        from new
    """)


def _waiting(warehouse: Warehouse, facts: Facts, origin: str, fresh: str) -> int:
    """Count the rows whose account is not known, and note under which ids they wait."""
    warehouse.run(f"""
        create or replace temp table kept_waiting as
        select f.position, k.account_key from {origin}
        left join merged as m on k.account_key = m.account_key
        where
            {fresh}
            and coalesce(m.into_key, k.account_key) not in (select account_key from known_accounts)
    """)
    if not warehouse.run(
        """
        insert into waiting
        select $source_key, $shape, account_key, count(*) from kept_waiting group by account_key order by min(position)
    """,
        {"source_key": facts.source_key, "shape": facts.shape.name},
    ):
        return 0
    return int(warehouse.value(f"select {facts.rows} from kept_waiting as f"))


def _remember_foreign(warehouse: Warehouse, facts: Facts, fresh: str, relation: Callable[[], str]) -> None:
    """Note where the facts stand that came in a currency without a rate on or before their day."""
    base = {"base": warehouse.settings.base_currency}
    foreign = f"{fresh} and f.currency is not null and f.currency <> $base"
    if not warehouse.value(f"select count(*) from {facts.table} as f where {foreign}", base):
        return
    at = "issued_at" if facts.shape.name == "invoices" else "effective_at"
    day = f"cast(timezone('{warehouse.settings.timezone}', timezone('UTC', f.{at})) as date)"
    warehouse.run(
        f"""
        insert into unconverted by name
        select
            f.fact_id, $shape as shape, $source_key as source_key, $import_id as import_id,
            f.{at} as occurred_at, f.currency, r.file, f.row, r.raw,
            $now as quarantined_at
        from {facts.table} as f
        inner join ({relation()}) as r on {facts.place} = r.position
        where
            {foreign}
            and not exists (select 1 from fx_rates as x where x.currency = f.currency and x.date <= {day})
        qualify row_number() over (partition by {facts.place} order by f.position) = 1
        """,
        {**base, **facts.keys, "shape": facts.came_as, "now": facts.now},
    )


def _day(warehouse: Warehouse, facts: Facts) -> str:
    if facts.shape.name != "events":
        return ""
    asked = f"select min(occurred_at), max(occurred_at) from {facts.table} where not is_bad"
    first, last = warehouse.rows(asked)[0]
    zone = warehouse.settings.timezone
    return day_of("f.occurred_at", zone, first, last) if isinstance(first, datetime) else "null"


def stored_columns(facts: Facts, day: str) -> dict[str, str]:
    """The store's columns for a shape, with SQL over a fact `f` joined to its keys."""
    shape = facts.shape
    columns = {"fact_id": "f.fact_id", "source_key": "$source_key", "import_id": "$import_id"}
    if "account_id" in shape.names:
        columns["account_key"] = "k.account_key"
    columns |= {name: f"f.{name}" for name in shape.names} | {shape.extras: "f.extras"}
    if shape.name != "accounts":
        columns.pop("account_id", None)
    if "into_id" in columns:
        del columns["into_id"]
        columns["into_key"] = "i.account_key"
    if shape.name == "events":
        del columns["event_id"], columns["name"]
        return columns | {"day": day, "name_key": "n.name_key", "properties": _PROPERTIES}
    columns["seq"] = f"{facts.first_seq} + f.position"
    if shape.name == "subscription_changes":
        columns["status"] = "coalesce(f.status, 'active')"
        columns["ends_span"] = "f.ends_span" if facts.are_halves else "false"
    return columns


# An event has properties of its own; columns that the shape does not name join them.
_PROPERTIES = """
case
    when f.extras is null then f.properties
    when f.properties is null then f.extras
    when json_type(f.properties) = 'OBJECT' then cast(json_merge_patch(f.extras, f.properties) as varchar)
    else cast(json_merge_patch(f.extras, json_object('properties', json(f.properties))) as varchar)
end
"""
