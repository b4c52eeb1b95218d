"""Keeps the account of every id up to date: looks again at the ids that new links reach, and no others."""

from collections.abc import Iterator

import polars as pl

from data.store.known import words
from data.store.warehouse import Warehouse
from data.unify.identity import Link, Name, accounts_of
from data.unify.loading import Load

_KEYS = {"account_key": pl.Int32}


def resolve(load: Load, links: pl.DataFrame) -> None:
    """Look again at the ids of links that are new or moved, and note whose account changed."""
    keys = _worth_a_look(load.warehouse, links)
    while keys:
        known = _reached(load.warehouse, keys)
        changed = _changed(load.warehouse, accounts_of(known.values(), _name_by(load.warehouse)))
        members = _members(load.warehouse, changed) - {link.account for link in known.values()}
        if not members:
            _note(load, changed)
            return
        keys |= members


def _worth_a_look(warehouse: Warehouse, links: pl.DataFrame) -> set[int]:
    """The ids that the links are about; who is in the group already stays there, however often it is said."""
    if links.is_empty():
        return set()
    with warehouse.given(told=links):
        return {key for (key,) in warehouse.rows(_WORTH_A_LOOK)}


def _reached(warehouse: Warehouse, keys: set[int]) -> dict[int, Link]:
    """Every link of the ids that these are linked with: as one person either way, as members only upwards."""
    found: dict[int, Link] = {}
    seen: set[int] = set()
    while ahead := keys - seen:
        seen |= ahead
        fresh = {link.fact_id: link for link in _links_at(warehouse, ahead)}
        keys = {key for link in fresh.values() for key in (link.account, link.into)}
        found |= fresh
    return found


def _links_at(warehouse: Warehouse, keys: set[int]) -> Iterator[Link]:
    with warehouse.given(ahead=_frame(keys)):
        rows = warehouse.frame(_LINKS_AT)
    for account, into, kind, linked_at, high, low in rows.iter_rows():
        yield Link(account, into, kind, linked_at, high << 64 | low)


def _changed(warehouse: Warehouse, accounts: dict[int, int]) -> pl.DataFrame:
    """`account_key`, `old_key`, `new_key` of the ids that have another account than before."""
    schema = {"account_key": pl.Int32, "new_key": pl.Int32}
    now = pl.DataFrame({"account_key": accounts.keys(), "new_key": accounts.values()}, schema=schema)
    with warehouse.given(now_resolved=now):
        return warehouse.frame(_CHANGED)


def _members(warehouse: Warehouse, changed: pl.DataFrame) -> set[int]:
    """Who was ever said to be a member of ids whose account changed."""
    if changed.is_empty():
        return set()
    with warehouse.given(changed=changed):
        return {key for (key,) in warehouse.rows(_MEMBERS)}


def _name_by(warehouse: Warehouse) -> Name:
    def name(key: int) -> str:
        asked = "select account_id from account_keys where account_key = $key"
        return str(warehouse.value(asked, {"key": key}))

    return name


def _note(load: Load, changed: pl.DataFrame) -> None:
    if changed.height:
        with load.warehouse.given(changed=changed):
            load.warehouse.run(_MERGE)
            load.warehouse.run(_LOG, {"import_id": load.import_id})


def _frame(keys: set[int]) -> pl.DataFrame:
    return pl.DataFrame({"account_key": list(keys)}, schema=_KEYS)


_WORTH_A_LOOK = """
select distinct t.account_key
from told as t
left join merged as m on t.account_key = m.account_key
where t.kind <> 'group' or m.into_key is distinct from t.into_key
"""
_LINKS_AT = f"""
with at_hand as (
    select * from identities where account_key in (select account_key from ahead)
    union all
    select * from identities
    where kind <> 'group' and into_key in (select account_key from ahead)
)
select account_key, into_key, kind, epoch_us(linked_at) as linked_at, {words("fact_id")} from at_hand
"""
_CHANGED = """
select n.account_key, coalesce(m.into_key, n.account_key) as old_key, n.new_key
from now_resolved as n
left join merged as m on n.account_key = m.account_key
where n.new_key <> coalesce(m.into_key, n.account_key)
order by n.account_key
"""
_MEMBERS = """
select distinct account_key from identities
where kind = 'group' and into_key in (select account_key from changed)
"""
_MERGE = """
merge into merged as m
using changed as c
on m.account_key = c.account_key
when matched and c.new_key = c.account_key then delete
when matched then update set into_key = c.new_key
when not matched then insert (account_key, into_key) values (c.account_key, c.new_key)
"""
_LOG = "insert into merges select $import_id, account_key, old_key, new_key from changed"
