"""Puts the estimates where an edition is made: from what is kept, as of now, computed where facts changed."""

import hashlib
from datetime import date, datetime

import duckdb
import polars as pl

from data.calendar import Calendar
from data.settings import Settings
from metrics.lifetime import tables
from metrics.lifetime.outlook import ALL, Key
from metrics.lifetime.panel import Panel, panels
from metrics.lifetime.tables import TABLES, Tables
from metrics.lifetime.value import Terms

SEGMENTS = 24  # of a dimension, those with the most paying accounts: the others would cost more than they say
ROWS = """
select
    segment.dimension, segment.segment, paying_flow.begun, paying_flow.period_start,
    paying_flow.is_yearly, cast(sum(paying_flow.accounts) as bigint) as accounts,
    cast(sum(paying_flow.mrr) as decimal(18, 4)) as mrr,
    cast(sum(paying_flow.squares) as decimal(38, 4)) as squares,
    cast(sum(paying_flow.lost_mrr) as decimal(18, 4)) as lost_mrr
from paying_flow
join profile_segment on profile_segment.profile_key = paying_flow.profile_key
join segment on segment.segment_key = profile_segment.segment_key
group by all
having not (sum(accounts) = 0 and sum(mrr) = 0 and sum(squares) = 0 and sum(lost_mrr) = 0)
order by all
"""
_made: dict[bytes, Tables] = {}


def lay(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: datetime) -> None:
    """Create the tables of lifetime value in `steps.main`; the same facts are counted once a month."""
    today = Calendar.of(settings).local_date(as_of)
    rows = connection.sql(ROWS).pl()
    known = connection.sql("select dimension, segment from segment order by all").fetchall()
    found = made(rows, [(str(d), str(s)) for d, s in known], settings, today)
    for name, schema in TABLES.items():
        frame = found[name]
        connection.register("lifetime_given", frame)
        columns = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in schema.items())
        connection.execute(f"create table steps.main.{name} as select {columns} from lifetime_given")
        connection.unregister("lifetime_given")


def made(rows: pl.DataFrame, known: list[Key], settings: Settings, today: date) -> Tables:
    terms = Terms(settings.lifetime.gross_margin, settings.lifetime.discount_rate)
    month = today.replace(day=1)
    told = hashlib.sha256(repr((terms, month, known)).encode())
    told.update(rows.write_csv().encode())
    digest = told.digest()
    if digest not in _made:
        chosen = most_paying(panels(rows, month))
        while len(_made) >= 4:
            _made.pop(next(iter(_made)))
        _made[digest] = tables.tabled(chosen, known, terms, month)
    return _made[digest]


def most_paying(found: dict[Key, Panel]) -> dict[Key, Panel]:
    """All customers, and of each dimension the segments that matter most."""
    order = sorted(found, key=lambda key: (key[0], -found[key].paying(found[key].last), key[1]))
    kept: dict[Key, Panel] = {ALL: found[ALL]} if ALL in found else {}
    for dimension in sorted({dimension for dimension, _ in order} - {"all"}):
        kept |= {key: found[key] for key in [key for key in order if key[0] == dimension][:SEGMENTS]}
    return kept
