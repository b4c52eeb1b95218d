"""The tables that hold what is told of accounts, the facts behind them, and how they are summed."""

from metrics.risk.reasons import GROUPS

PARTS = ", ".join(f"part_{group} bigint" for group in GROUPS)
TABLES = {
    "kept_risk": "account_key integer, day date, risk double, band varchar, mrr decimal(18, 4)",
    "kept_risk_day": "day date, mark varchar",
    "kept_risk_reason": "account_key integer, reason_1 varchar, reason_2 varchar, reason_3 varchar",
    "kept_risk_part": f"account_key integer, day date, {PARTS}",
    "kept_risk_flow": "day date, profile_key integer, accounts bigint, known bigint, high bigint, "
    "risk_nano bigint, mrr_at_risk decimal(18, 4)",
    "kept_risk_model": "mark varchar, model varchar, rung varchar, is_open boolean, reason varchar, "
    "trained_as_of timestamp, first_week date, snapshots bigint, accounts bigint, churned bigint, "
    "base double",
    "kept_risk_card": "measure varchar, value double, lower double, upper double, n bigint",
}
# Every shape that features are made of: whose fact it is, and when it counts from.
FACTS = {
    "events": "occurred_at",
    "subscription_changes": "effective_at",
    "payments": "attempted_at",
    "invoices": "issued_at",
    "tickets": "opened_at",
    "feedback": "given_at",
    "messages": "sent_at",
    "accounts": "created_at",
    "account_updates": "updated_at",
}
UPDATED = """
select f.account_key, min(u.updated_at) as at_instant
from invoice_updates as u join invoices as f on f.source_key = u.source_key and f.invoice_id = u.invoice_id
where u.import_id > $since
group by all
"""
FLOW = """
with now as (
    select account_key, arg_max(mrr_after, day) as mrr from kept_mrr_change group by account_key
),
told as (
    select account_key, add_days(day, -1) as day, mrr, risk, band from kept_risk where mrr is not null
    union all
    select r.account_key, r.day, now.mrr, r.risk, r.band
    from kept_risk as r
    join now on now.account_key = r.account_key
    where r.day = $today and now.mrr > 0
)
select
    told.day, kept_account.profile_key, count(*) as accounts, count(told.risk) as known,
    count(*) filter (told.band = 'high') as high,
    cast(sum(cast(round(told.risk * 1000000000) as bigint)) as bigint) as risk_nano,
    cast(sum(cast(told.risk * cast(told.mrr as double) as decimal(18, 4))) as decimal(18, 4)) as mrr_at_risk,
from told
join kept_account on kept_account.account_key = told.account_key
group by all
"""
