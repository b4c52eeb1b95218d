"""Links between ids, as identify, group and alias say them: each kept once, with the time that decides."""

import polars as pl

from data.shapes import SHAPES
from data.unify.insert import Facts, insert, learnt, with_keys
from data.unify.loading import Load
from data.unify.resolve import resolve

_SHAPE = SHAPES["identities"]
_LINKED_AT = pl.when(pl.col("kind").first() == "group").then(pl.col("linked_at").max())


def add_links(load: Load, given: pl.DataFrame, first_seq: int) -> int:
    """Keep the links, and let the accounts of ids follow from them; how many links are new.

    A link that was said before only moves its time: to the first, or of a group to the last.
    """
    links = given.filter(pl.col("account_id") != pl.col("into_id"))
    if links.is_empty():
        return 0
    links = with_keys(load, _SHAPE, _once_each(links))
    is_new = pl.Series(learnt(load, _SHAPE.rests_in, links))
    fresh, said = links.filter(is_new), links.filter(~is_new)
    if fresh.height:
        insert(load, Facts(fresh, _SHAPE, _SHAPE.name, first_seq), fresh)
    resolve(load, pl.concat([fresh.select(_ENDS), _moved(load, said)]))
    return fresh.height


def _once_each(links: pl.DataFrame) -> pl.DataFrame:
    others = [name for name in links.columns if name not in ("high", "low", "linked_at")]
    linked_at = _LINKED_AT.otherwise(pl.col("linked_at").min()).alias("linked_at")
    return links.group_by("high", "low", maintain_order=True).agg(pl.col(others).first(), linked_at)


_ENDS = ("account_key", "into_key", "kind")


def _moved(load: Load, said: pl.DataFrame) -> pl.DataFrame:
    """Move the times of links that are known; those that moved."""
    if said.is_empty():
        return said.select(_ENDS)
    with load.warehouse.given(said=said):
        found = load.warehouse.rows(_MOVE, {"source_key": load.source_key})
    return pl.DataFrame(found, schema=said.select(_ENDS).schema, orient="row")


_MOVE = """
update identities as i
set linked_at = s.linked_at
from said as s
where
    i.account_key = s.account_key and i.into_key = s.into_key and i.kind = s.kind
    and i.source_key = $source_key
    and case when s.kind = 'group' then s.linked_at > i.linked_at else s.linked_at < i.linked_at end
returning i.account_key, i.into_key, i.kind
"""
