-- about: What each source brought: how many facts of each shape, how fresh, how many wait or were set aside.
with set_aside as (
    select source, shape, count(*) as quarantined from quarantine_listing group by source, shape
)
select
    sources.source,
    source_counts.shape,
    source_counts.facts,
    source_counts.last_fact_at,
    source_counts.last_arrival_at as last_import_at,
    source_counts.read,
    source_counts.added,
    source_counts.repeated,
    coalesce(waiting_counts.waiting, 0) as waiting,
    coalesce(set_aside.quarantined, 0) as quarantined,
from source_counts
join sources on sources.source_key = source_counts.source_key
left join waiting_counts
    on waiting_counts.source = sources.source and waiting_counts.shape = source_counts.shape
left join set_aside on set_aside.source = sources.source and set_aside.shape = source_counts.shape
