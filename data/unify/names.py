"""Names to numbers: account ids and event names, each numbered when it first comes."""

import polars as pl

from data.store.ids import NONE, Ids
from data.store.known import words
from data.store.warehouse import Warehouse

HASHED = f"select name, {words('hash')} from (select name, md5_number(name) as hash from {{given}})"


def account_keys(warehouse: Warehouse, account_ids: pl.Series) -> pl.DataFrame:
    """`name`, `key` of each account id; new ones are learnt."""
    return _numbered(warehouse, "account_keys", "account_key", "account_id", account_ids)


def event_names(warehouse: Warehouse, names: pl.Series) -> pl.DataFrame:
    """`name`, `key` of each event's name; new ones are learnt."""
    return _numbered(warehouse, "event_names", "name_key", "name", names)


def _numbered(warehouse: Warehouse, table: str, key: str, name: str, given: pl.Series) -> pl.DataFrame:
    with warehouse.sieve.holding(pl.DataFrame({"name": given.unique(maintain_order=True)})) as frame:
        hashed = warehouse.sieve.select(HASHED.format(given=frame))
    known = warehouse.known.names(table, key, name)
    ids = Ids.of(hashed["high"].to_numpy(), hashed["low"].to_numpy())
    found = hashed.select("name", "high", "low", key=pl.Series(known.find(ids.high, ids.low)))
    fresh = found.filter(pl.col("key") == NONE)
    if fresh.is_empty():
        return found.select("name", "key")
    first = known.highest + 1
    fresh = fresh.with_columns(key=pl.int_range(first, first + fresh.height, dtype=pl.Int32))
    with warehouse.given(learnt=fresh):
        warehouse.run(f"insert into {table} ({key}, {name}) select key, name from learnt")
    known.add(Ids(*(fresh[column].to_numpy() for column in ("high", "low", "key"))))
    return pl.concat([found.filter(pl.col("key") != NONE), fresh]).select("name", "key")
