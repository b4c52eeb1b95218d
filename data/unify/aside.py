"""The quarantine: rows that could not be taken, kept raw with their reason until somebody replays them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from data.store.warehouse import Warehouse
from data.unify.loading import Load


@dataclass(frozen=True)
class Bad:
    """An item that could not be read at all, and why; `raw` is what came."""

    shape: str
    file: str
    row: int
    field: str | None
    value: str | None
    reason: str
    raw: str


@dataclass(frozen=True)
class Quarantined(Bad):
    """A row as the quarantine holds it."""

    source: str
    quarantined_at: datetime


BAD: dict[str, Any] = {
    "shape": pl.String, "file": pl.String, "row": pl.Int64, "field": pl.String, "value": pl.String,
    "reason": pl.String, "raw": pl.String,
}  # fmt: skip


def keep_aside(load: Load, rows: pl.DataFrame) -> None:
    """Keep rows that are described as `BAD` says; a repeat changes nothing."""
    with load.warehouse.given(aside=rows):
        load.warehouse.run(_KEEP, {**load.keys, "source": load.source, "now": load.now})


def take_from_quarantine(warehouse: Warehouse, quarantine_id: str) -> Quarantined | None:
    """Take one row out of the quarantine, in the caller's transaction; none where it is not there (any more).

    Args:
        quarantine_id: as `quarantine_listing` shows it: digits.
    """
    if not quarantine_id.isdecimal():
        return None
    asked = {"id": quarantine_id}
    found = warehouse.rows(_FIND, asked)
    if not found:
        return None
    warehouse.run("delete from quarantine where quarantine_id = cast($id as uhugeint)", asked)
    return Quarantined(*found[0])


_FIND = """
select q.shape, q.file, q.row, q.field, q.value, q.reason, coalesce(q.raw, ''), s.source, q.quarantined_at
from quarantine as q
inner join sources as s on q.source_key = s.source_key
where q.quarantine_id = try_cast($id as uhugeint)
"""
_KEEP = """
insert into quarantine by name
with told as (
    select
        *,
        md5_number(
            concat_ws(chr(31), $source, shape, coalesce(field, chr(28)), coalesce(value, chr(28)), raw)
        ) as quarantine_id,
    from aside
)
select
    quarantine_id, $import_id as import_id, $source_key as source_key, shape, file, row, field, value, reason,
    raw, $now as quarantined_at,
from told
where quarantine_id not in (select quarantine_id from quarantine)
qualify row_number() over (partition by quarantine_id order by row) = 1
order by row
"""
