-- says: A figure is there twice
-- about: Looks where a refresh wrote: what it did not touch was looked at before.
with keys as (
    select 'figures' as in_table, metric, grain, period_start, dimension, segment, null as period_index
    from edition.figures
    semi join figures using (metric, grain, period_start, dimension, segment)
    union all
    select 'cohorts', null, grain, cohort_start, dimension, segment, period_index
    from edition.cohorts
    semi join cohort_retained using (grain, cohort_start, dimension, segment, period_index)
    union all
    select 'movements', null, grain, period_start, dimension, segment, null from edition.movements
)
select
    *,
    count(*) as times,
from keys
group by all
having count(*) > 1
