"""Puts the estimates where an edition is made: from what is kept, as of now, computed where facts changed."""

import hashlib
from datetime import date, datetime

import duckdb
import polars as pl

from data.calendar import Calendar
from data.settings import Settings
from metrics.lifetime import purchases, tables
from metrics.lifetime.memory import Memory
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
# What accounts paid on each local day, in the base currency: payments, or invoices paid without one.
PAID = """
with billed as (
    select invoice_id, issued_at, amount, currency, paid_at, account_key,
        row_number() over (partition by invoice_id order by seq) as arrival
    from invoices
),
money as (
    select payments.account_key, payments.attempted_at as at, payments.amount, billed.currency
    from payments
    left join billed on billed.invoice_id = payments.invoice_id and billed.arrival = 1
    where payments.outcome = 'succeeded' and payments.amount > 0
    union all
    select account_key, paid_at, amount, currency
    from billed
    where arrival = 1 and paid_at is not null and amount > 0
        and invoice_id not in (select invoice_id from payments where outcome = 'succeeded')
),
dated as (
    select
        coalesce(merged.into_key, money.account_key) as account_key, local_date(money.at) as day,
        money.amount,
        coalesce(nullif(money.currency, ''), $base) as currency
    from money
    left join merged on merged.account_key = money.account_key
    where money.at <= $as_of
),
rated as (
    select dated.*, case when dated.currency = $base then 1 else (
        select arg_max(rate, date) from fx_rates
        where fx_rates.currency = dated.currency and fx_rates.date <= dated.day
    ) end as rate
    from dated
)
select
    kept_account.account_key, kept_account.profile_key, rated.day,
    cast(sum(cast(rated.amount * rated.rate as decimal(18, 4))) as double) as amount
from rated
join kept_account on kept_account.account_key = rated.account_key
where rated.rate is not null
group by all
order by all
"""
MEMBERS = """
select profile_segment.profile_key, segment.dimension, segment.segment
from profile_segment join segment on segment.segment_key = profile_segment.segment_key
order by all
"""
_made: Memory[Tables] = Memory(4)


def lay(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: datetime) -> None:
    """Create the tables of lifetime value in `steps.main`; the same facts are counted once a month."""
    today = Calendar.of(settings).local_date(as_of)
    rows = connection.sql(ROWS).pl()
    known = connection.sql("select dimension, segment from segment order by all").fetchall()
    found = made(rows, [(str(d), str(s)) for d, s in known], settings, today)
    if rows.is_empty():
        given = {"as_of": as_of, "base": settings.base_currency}
        paid = connection.sql(PAID, params=given).pl()
        if not paid.is_empty():
            found = found | made_without(paid, connection.sql(MEMBERS).pl(), settings, today)
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
    return _made.of(
        told.digest(), lambda: tables.tabled(most_paying(panels(rows, month)), known, terms, month)
    )


def most_paying(found: dict[Key, Panel]) -> dict[Key, Panel]:
    """All customers, and of each dimension the segments that matter most."""
    order = sorted(found, key=lambda key: (key[0], -found[key].paying(found[key].last), key[1]))
    kept: dict[Key, Panel] = {ALL: found[ALL]} if ALL in found else {}
    for dimension in sorted({dimension for dimension, _ in order} - {"all"}):
        kept |= {key: found[key] for key in [key for key in order if key[0] == dimension][:SEGMENTS]}
    return kept


def made_without(paid: pl.DataFrame, members: pl.DataFrame, settings: Settings, today: date) -> Tables:
    """Where nobody has a subscription: what those who buy now and then are worth."""
    terms = Terms(settings.lifetime.gross_margin, settings.lifetime.discount_rate)
    told = hashlib.sha256(repr((terms, today, settings.timezone)).encode())
    for frame in (paid, members):
        told.update(frame.write_csv().encode())
    return _made.of(
        told.digest(), lambda: counted_without(paid, members, terms, today, Calendar.of(settings))
    )


def counted_without(
    paid: pl.DataFrame, members: pl.DataFrame, terms: Terms, today: date, calendar: Calendar
) -> Tables:
    order = paid["account_key"].unique().sort()
    number = pl.DataFrame({"account_key": order, "member": pl.Series(range(len(order)), dtype=pl.Int64)})
    days = paid.join(number, on="account_key", maintain_order="left")
    whose = days.select("member", "profile_key").unique().join(members, on="profile_key")
    groups: dict[Key, list[int]] = {}
    for member, dimension, segment in (
        whose.select("member", "dimension", "segment").sort(pl.all()).iter_rows()
    ):
        groups.setdefault((dimension, segment), []).append(member)
    largest = sorted(groups, key=lambda key: (key[0], -len(groups[key]), key[1]))
    kept = {
        key: groups[key]
        for dimension in sorted({key[0] for key in largest} - {"all"})
        for key in [key for key in largest if key[0] == dimension][:SEGMENTS]
    }
    values, checks = purchases.rows_of(
        days, purchases.everyone(len(order), kept), terms=terms, today=today, calendar=calendar
    )
    return {
        "made_lifetime": tables.framed("made_lifetime", values),
        "made_lifetime_backtest": tables.framed("made_lifetime_backtest", checks),
    }
