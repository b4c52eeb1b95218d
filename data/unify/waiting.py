"""Which facts came under an id of which no account is known."""

import polars as pl

from data.unify.loading import Load


def keep_waiting(load: Load) -> None:
    """Count the rows of this load that wait for their account, and note under which ids."""
    if not load.named:
        return
    by = ["came_as", "rests_as", "account_key"]
    named = pl.concat(load.named).group_by(by, maintain_order=True).agg(pl.col("rows", "facts").sum())
    with load.warehouse.given(named=named):
        unknown = [key for (key,) in load.warehouse.rows(_UNKNOWN)]
    waiting = named.filter(pl.col("account_key").is_in(unknown))
    for shape, rows in waiting.group_by("came_as").agg(pl.col("rows").sum()).iter_rows():
        load.tally(shape).waiting += rows
    if waiting.height:
        _note(load, waiting)


def _note(load: Load, waiting: pl.DataFrame) -> None:
    facts = waiting.group_by("rests_as", "account_key", maintain_order=True).agg(pl.col("facts").sum())
    with load.warehouse.given(waits=facts):
        load.warehouse.run(_NOTE, {"source_key": load.source_key})


# An account is known by any of the ids that stand for it.
_UNKNOWN = """
with
asked as (
    select distinct n.account_key, coalesce(m.into_key, n.account_key) as root
    from named as n
    left join merged as m on n.account_key = m.account_key
),
ids as (
    select root, root as account_key from asked
    union all
    select m.into_key, m.account_key from merged as m where m.into_key in (select root from asked)
),
known as (
    select root from ids where account_key in (select account_key from accounts)
    union all
    select root from ids where account_key in (select account_key from first_seen)
)
select account_key from asked where root not in (select root from known)
"""
_NOTE = """
merge into waiting as w
using (select rests_as as shape, account_key, facts from waits) as n
on w.source_key = $source_key and w.shape = n.shape and w.account_key = n.account_key
when matched then update set facts = w.facts + n.facts
when not matched then insert (source_key, shape, account_key, facts)
    values ($source_key, n.shape, n.account_key, n.facts)
"""
