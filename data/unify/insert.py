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
    file: str
    first_seq: int
    import_id: int
    source_key: int

    @property
    def keys(self) -> dict[str, Any]:
        return {"import_id": self.import_id, "source_key": self.source_key}

    @property
    def are_halves(self) -> bool:
        """Whether a row of the file gave more than one fact."""
        return self.came_as != self.shape.name

    @property
    def rows(self) -> str:
        return "count(distinct f.row)" if self.are_halves else "count(*)"


def add(warehouse: Warehouse, facts: Facts, relation: Callable[[], str]) -> tuple[int, int]:
    """Insert what is new; how many rows of the file brought something, and how many wait for their account.

    `relation` gives SQL for the rows as they came, with `row` and `raw`.
    """
    fresh = _fresh(warehouse, facts)
    origin = f"{facts.table} as f"
    if "account_id" in facts.shape.names:
        _learn(warehouse, facts, "account_keys", "account_key", "account_id")
        origin += " inner join account_keys as k on f.account_id = k.account_id"
    if facts.shape.name == "events":
        _learn(warehouse, facts, "event_names", "name_key", "name")
        origin += " inner join event_names as n on f.name = n.name"
    waiting = _waiting(warehouse, facts, origin, fresh) if facts.shape.waits else 0
    if facts.shape.has_currency:
        _remember_foreign(warehouse, facts, fresh, relation)
    rows = warehouse.value(f"select {facts.rows} from {facts.table} as f where {fresh}")
    columns = stored_columns(facts, _day(warehouse, facts))
    warehouse.run(
        f"insert into {facts.shape.rests_in} ({', '.join(columns)}) "
        f"select {', '.join(columns.values())} from {origin} where {fresh}",
        facts.keys,
    )
    return int(rows), waiting


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


def _learn(warehouse: Warehouse, facts: Facts, table: str, key: str, name: str) -> None:
    """Number the names that are new, in the order in which they came."""
    warehouse.run(f"""
        insert into {table} ({key}, {name})
        with new as (
            select {name}, min(position) as first
            from {facts.table}
            where not is_bad and {name} not in (select {name} from {table})
            group by {name}
        )
        select (select coalesce(max({key}), 0) from {table}) + row_number() over (order by first), {name}
        from new
    """)


def _waiting(warehouse: Warehouse, facts: Facts, origin: str, fresh: str) -> int:
    unknown = (
        "select account_key from account_keys where account_key not in (select account_key from accounts)"
    )
    if not warehouse.value(f"select count(*) from ({unknown})"):
        return 0
    counted = f"select {facts.rows} from {origin} where {fresh} and k.account_key in ({unknown})"
    return int(warehouse.value(counted))


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
            f.{at} as occurred_at, f.currency, $file as file, f.row, r.raw
        from {facts.table} as f
        inner join ({relation()}) as r on f.row = r.row
        where
            {foreign}
            and not exists (select 1 from fx_rates as x where x.currency = f.currency and x.date <= {day})
        qualify row_number() over (partition by f.row order by f.position) = 1
        """,
        {**base, **facts.keys, "shape": facts.came_as, "file": facts.file},
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
