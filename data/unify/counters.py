"""What every load leaves behind about itself: running counts of what its source brought, and when."""

from typing import Any

import polars as pl

from data.unify.loading import Load
from data.unify.report import Gain, Tally


def keep_counts(load: Load) -> None:
    """Add what one load did to the running counts of its source and of this minute."""
    names = sorted({*load.tallies, *load.gains})
    if not names:
        return
    rows = [(name, load.gains.get(name, Gain()), load.tallies.get(name, Tally())) for name in names]
    counts = [(n, g.facts, g.last_at, t.read, t.added, t.repeated) for n, g, t in rows]
    with load.warehouse.given(gains=pl.DataFrame(counts, schema=_COUNTS, orient="row")):
        load.warehouse.run(_ADD_COUNTS, {"source_key": load.source_key, "now": load.now})
    if facts := sum(gain.facts for gain in load.gains.values()):
        minute = load.now.replace(second=0, microsecond=0)
        given = {"source_key": load.source_key, "minute": minute, "facts": facts}
        if not load.warehouse.run(_ADD_ARRIVALS, given):
            load.warehouse.run("insert into arrivals values ($source_key, $minute, $facts)", given)


_COUNTS: dict[str, Any] = {
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
update arrivals set facts = facts + $facts where source_key = $source_key and minute = $minute
"""
