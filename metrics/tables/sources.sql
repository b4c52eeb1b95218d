-- about: What each source brought: how many facts of each shape, how fresh, how many wait or were set aside.
with facts as (
    select source_key, 'accounts' as shape, count(*) as facts, max(created_at) as last_fact_at
    from accounts group by source_key
    union all
    select source_key, 'events', count(*), max(occurred_at) from events group by source_key
    union all
    select source_key, 'subscription_changes', count(*), max(effective_at)
    from subscription_changes group by source_key
    union all
    select source_key, 'invoices', count(*), max(issued_at) from invoices group by source_key
    union all
    select source_key, 'invoice_lines', count(*), max(period_start) from invoice_lines group by source_key
    union all
    select source_key, 'payments', count(*), max(attempted_at) from payments group by source_key
    union all
    select source_key, 'messages', count(*), max(sent_at) from messages group by source_key
    union all
    select source_key, 'feedback', count(*), max(given_at) from feedback group by source_key
    union all
    select source_key, 'tickets', count(*), max(opened_at) from tickets group by source_key
    union all
    select source_key, 'plan_limits', count(*), null from plan_limits group by source_key
    union all
    select source_key, 'redemptions', count(*), max(redeemed_at) from redemptions group by source_key
    union all
    select source_key, 'fx_rates', count(*), max(cast(date as timestamp)) from fx_rates group by source_key
),
counted as (
    select
        imports.source_key,
        import_counts.shape,
        max(imports.finished_at) as last_import_at,
        sum(import_counts.read) as read,
        sum(import_counts.added) as added,
        sum(import_counts.repeated) as repeated,
    from import_counts
    join imports on imports.import_id = import_counts.import_id
    group by imports.source_key, import_counts.shape
),
set_aside as (
    select source, shape, count(*) as quarantined from quarantine_listing group by source, shape
),
named as (
    select source_key, shape from facts
    union
    select source_key, shape from counted
)
select
    sources.source,
    named.shape,
    coalesce(facts.facts, 0) as facts,
    facts.last_fact_at,
    counted.last_import_at,
    cast(coalesce(counted.read, 0) as bigint) as read,
    cast(coalesce(counted.added, 0) as bigint) as added,
    cast(coalesce(counted.repeated, 0) as bigint) as repeated,
    coalesce(waiting_counts.waiting, 0) as waiting,
    coalesce(set_aside.quarantined, 0) as quarantined,
from named
join sources on sources.source_key = named.source_key
left join facts on facts.source_key = named.source_key and facts.shape = named.shape
left join counted on counted.source_key = named.source_key and counted.shape = named.shape
left join waiting_counts on waiting_counts.source = sources.source and waiting_counts.shape = named.shape
left join set_aside on set_aside.source = sources.source and set_aside.shape = named.shape
