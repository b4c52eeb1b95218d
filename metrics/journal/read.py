"""Reads what a journal says of one account: what happened to it, and how it was used."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from data.settings import Settings
from data.store.warehouse import quoted
from metrics.journal.facts import COLUMNS, USAGE_DAYS, Kind
from metrics.journal.keep import FOLDER, SCHEMA
from metrics.read import edition, fetch

__all__ = ["USAGE_DAYS", "account_key", "everything", "facts", "told", "usage"]

MEMBERS = "select actor_key from known.member where account_key = $account_key"
NO_FACTS: dict[str, Any] = {
    "happened_at": pl.Datetime("us"), "shape": pl.String, "id": pl.String, "seq": pl.Int64, "told": pl.String,
}  # fmt: skip


def account_key(settings: Settings, name: str, account_id: str) -> int | None:
    """The number of an account in this edition; None for an id that no fact has named."""
    sql = f"select account_key from {rows_of(settings, name, 'key')} where account_id = $account_id"
    found = fetch(settings, name, sql, {"account_id": account_id})["account_key"]
    return int(found[0]) if found.len() else None


def facts(
    settings: Settings, name: str, account_id: str, *, limit: int, shape: str | None = None
) -> pl.DataFrame:
    """What happened to an account up to the edition's instant, the newest first.

    Columns: happened_at, shape, id, seq, and told: what the fact says, as JSON. What was known under an id
    that is this account's counts too.
    """
    keys = actor_keys(settings, name, account_id)
    if not keys:
        return pl.DataFrame(schema=NO_FACTS)
    asked = (
        f"select happened_at, shape, id, seq, told from {rows_of(settings, name, 'fact')} where {among(keys)}"
    )
    given: dict[str, Any] = {"as_of": edition(settings, name).as_of}
    asked += " and happened_at <= $as_of"
    if shape is not None:
        asked += " and shape = $shape"
        given["shape"] = shape
    return fetch(
        settings,
        name,
        f"{asked} order by happened_at desc, seq desc, shape, id, told limit {int(limit)}",
        given,
    )


def usage(settings: Settings, name: str, account_id: str) -> pl.DataFrame:
    """Events of an account in the last days that are held, by local day and name: how many, and the last."""
    keys = actor_keys(settings, name, account_id)
    if not keys:
        return pl.DataFrame(
            schema={"day": pl.Date, "name": pl.String, "events": pl.Int64, "last_at": pl.Datetime("us")}
        )
    sql = f"""
        select
            usage.day, event_name.name, cast(sum(usage.events) as bigint) as events,
            max(usage.last_at) as last_at
        from {rows_of(settings, name, "usage")} as usage
        join known.event_name as event_name using (name_key)
        where {among(keys)} and usage.day > $first
        group by all
        order by usage.day desc, last_at desc, event_name.name
    """
    return fetch(settings, name, sql, {"first": first_day(settings, name)})


def everything(settings: Settings, name: str, kind: Kind) -> pl.DataFrame:
    """All that can be read of a kind, of every account, in one order."""
    asked = {
        "fact": "from {rows} where happened_at <= $as_of",
        "usage": "select actor_key, day, name_key, cast(sum(events) as bigint) as events, "
        "max(last_at) as last_at from {rows} where day > $first group by all",
        "key": "from {rows}",
    }[kind].format(rows=rows_of(settings, name, kind))
    asks: dict[Kind, dict[str, Any]] = {
        "fact": {"as_of": edition(settings, name).as_of},
        "usage": {"first": first_day(settings, name)},
        "key": {},
    }
    return fetch(settings, name, f"from ({asked}) order by all", asks[kind])


def first_day(settings: Settings, name: str) -> date:
    """The local day before the first of which usage is held."""
    info = edition(settings, name)
    return info.as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(info.timezone)).date() - timedelta(
        days=USAGE_DAYS
    )


def actor_keys(settings: Settings, name: str, account_id: str) -> list[int]:
    """The account's number, and those of the ids that stand for it."""
    key = account_key(settings, name, account_id)
    if key is None:
        return []
    return [key, *fetch(settings, name, MEMBERS, {"account_key": key})["actor_key"].to_list()]


def among(keys: list[int]) -> str:
    if len(keys) == 1:
        return f"actor_key = {int(keys[0])}"
    listed = ", ".join(str(int(key)) for key in keys)
    return f"actor_key between {min(keys)} and {max(keys)} and actor_key in ({listed})"


def rows_of(settings: Settings, name: str, kind: Kind) -> str:
    """SQL for all rows of a kind: those in the edition, and those in the files that it names."""
    columns = ", ".join(COLUMNS[kind])
    files = fetch(
        settings, name, f"select name from {SCHEMA}.file where kind = $kind order by name", {"kind": kind}
    )["name"].to_list()
    inside = f"select {columns} from {SCHEMA}.{kind}"
    if not files:
        return f"({inside})"
    listed = ", ".join(quoted(str(settings.published / FOLDER / file)) for file in files)
    return f"({inside} union all select {columns} from read_parquet([{listed}]))"


def told(text: str) -> dict[str, Any]:
    """What a fact says, without what it does not: amounts are decimal, instants naive UTC."""
    found = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return {name: plain(name, value) for name, value in found.items() if value is not None}


def plain(name: str, value: Any) -> Any:
    if name.endswith("_at") and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
