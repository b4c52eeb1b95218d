"""What every load writes down about itself: its number, its source, and what came, kept as running counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from data.store.warehouse import Warehouse
from data.unify.report import Tally


@dataclass
class Gain:
    """What one load brought to a table of facts."""

    facts: int = 0
    last_at: datetime | None = None

    def add(self, facts: int, last_at: datetime | None) -> None:
        self.facts += facts
        known = [at for at in (self.last_at, last_at) if at]
        self.last_at = max(known, default=None)


def next_import(warehouse: Warehouse) -> int:
    """The number of the load that begins; a rollback gives it back."""
    warehouse.run("update last_import set import_id = import_id + 1")
    return int(warehouse.value("select import_id from last_import"))


def key_of_source(warehouse: Warehouse, source: str) -> int:
    found = warehouse.rows("select source_key from sources where source = $source", {"source": source})
    if not found:
        warehouse.run(
            "insert into sources select coalesce(max(source_key), 0) + 1, $source from sources",
            {"source": source},
        )
        return key_of_source(warehouse, source)
    return int(found[0][0])


def keep_counts(
    warehouse: Warehouse,
    source_key: int,
    tallies: Mapping[str, Tally],
    gains: Mapping[str, Gain],
    now: datetime,
) -> None:
    """Add what one load did to the running counts of its source and of this minute."""
    names = sorted({*tallies, *gains})
    if not names:
        return
    rows = [(name, tallies.get(name, Tally()), gains.get(name, Gain())) for name in names]
    frame = pl.DataFrame(
        [(n, g.facts, g.last_at, t.read, t.added, t.repeated) for n, t, g in rows],
        schema=_COUNTS,
        orient="row",
    )
    warehouse.connection.register("gains", frame)
    try:
        warehouse.run(_ADD_COUNTS, {"source_key": source_key, "now": now})
    finally:
        warehouse.connection.unregister("gains")
    if facts := sum(gain.facts for gain in gains.values()):
        warehouse.run(_ADD_ARRIVALS, {"source_key": source_key, "now": now, "facts": facts})


_COUNTS = {
    "shape": pl.String,
    "facts": pl.Int64,
    "last_fact_at": pl.Datetime("us"),
    "read": pl.Int64,
    "added": pl.Int64,
    "repeated": pl.Int64,
}
_ADD_COUNTS = """
merge into source_counts as c
using (select *, $source_key as source_key, $now as arrived_at from gains) as g
on c.source_key = g.source_key and c.shape = g.shape
when matched then update set
    facts = c.facts + g.facts,
    last_fact_at = greatest(c.last_fact_at, g.last_fact_at),
    last_arrival_at = greatest(c.last_arrival_at, g.arrived_at),
    read = c.read + g.read, added = c.added + g.added, repeated = c.repeated + g.repeated
when not matched then insert
    (source_key, shape, facts, last_fact_at, last_arrival_at, read, added, repeated)
    values (g.source_key, g.shape, g.facts, g.last_fact_at, g.arrived_at, g.read, g.added, g.repeated)
"""
_ADD_ARRIVALS = """
merge into arrivals as a
using (
    select $source_key as source_key, date_trunc('minute', cast($now as timestamp)) as minute, $facts as facts
) as g
on a.source_key = g.source_key and a.minute = g.minute
when matched then update set facts = a.facts + g.facts
when not matched then insert (source_key, minute, facts) values (g.source_key, g.minute, g.facts)
"""
