"""What is said of an account when it is seen: the earliest time counts, whatever else was said."""

import polars as pl

from data.shapes import SHAPES
from data.unify.loading import Load
from data.unify.names import account_keys

_SHAPE = SHAPES["account_updates"]
_SAYINGS = [name for name in (*_SHAPE.names, "extras") if name not in ("account_id", "updated_at")]


def without_sightings(load: Load, updates: pl.DataFrame) -> pl.DataFrame:
    """Note when accounts were seen first; the updates that say more than that."""
    if updates.height:
        _see(load, updates)
    return updates.filter(pl.any_horizontal(pl.col(_SAYINGS).is_not_null()))


def _see(load: Load, updates: pl.DataFrame) -> None:
    keyed = updates.select("updated_at").hstack([account_keys(load, updates["account_id"])])
    seen = keyed.group_by("account_key", maintain_order=True).agg(first_at=pl.col("updated_at").min())
    with load.warehouse.given(seen=seen):
        load.warehouse.run(_SEE, {"import_id": load.import_id})


_SEE = """
merge into first_seen as f
using seen as s
on f.account_key = s.account_key
when matched and s.first_at < f.first_at then update set first_at = s.first_at, import_id = $import_id
when not matched then insert (account_key, import_id, first_at) values (s.account_key, $import_id, s.first_at)
"""
