-- says: A figure is there twice
with keys as (
    select 'figures' as in_table, metric, grain, period_start, dimension, segment, null as period_index
    from edition.figures
    union all
    select 'cohorts', null, grain, cohort_start, dimension, segment, period_index from edition.cohorts
    union all
    select 'movements', null, grain, period_start, dimension, segment, null from edition.movements
)
select
    *,
    count(*) as times,
from keys
group by all
having count(*) > 1
