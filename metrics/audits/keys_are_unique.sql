-- says: A figure is there twice
-- about: Looks where a refresh wrote: what it did not touch was looked at before.
with written as (
    select distinct period_start, hash(metric, grain, dimension, segment) as other_keys from figures
),
keys as (
    select
        'figures' as in_table, metric, grain, f.period_start, dimension, segment, null as period_index,
        written.other_keys,
    from edition.figures as f
    join written
        on written.period_start = f.period_start
        and written.other_keys = hash(f.metric, f.grain, f.dimension, f.segment)
    union all
    select
        'cohorts', null, grain, c.cohort_start, dimension, segment, c.period_index,
        hash(c.grain, c.dimension, c.segment),
    from edition.cohorts as c
    semi join cohort_retained as written
        on written.cohort_start = c.cohort_start
        and written.period_index = c.period_index
        and hash(written.grain, written.dimension, written.segment) = hash(c.grain, c.dimension, c.segment)
    union all
    select
        'movements', null, grain, period_start, dimension, segment, null, hash(grain, dimension, segment)
    from edition.movements
)
select
    in_table,
    any_value(metric) as metric,
    any_value(grain) as grain,
    period_start,
    any_value(dimension) as dimension,
    any_value(segment) as segment,
    period_index,
    count(*) as times,
from keys
group by in_table, period_start, period_index, other_keys
having count(*) > 1
