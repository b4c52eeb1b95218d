-- says: The segments of a dimension do not add up to the whole
-- about: Looks at the periods in which a refresh wrote: what it did not touch was looked at before.
with written as (
    select distinct metric, grain, period_start
    from figures
    where metric in ('signups', 'activations', 'active_accounts', 'paying_accounts')
),
parts as (
    select 'closing' as figure, grain, period_start, dimension, closing as amount from edition.movements
    union all
    select metric, grain, period_start, dimension, cast(value as decimal(18, 4))
    from edition.figures
    semi join written using (metric, grain, period_start)
),
summed as (
    select figure, grain, period_start, dimension, sum(amount) as amount from parts group by all
)
select
    part.figure,
    part.grain,
    part.period_start,
    part.dimension,
    part.amount as segments,
    whole.amount as whole,
from summed as part
join summed as whole using (figure, grain, period_start)
where whole.dimension = 'all' and part.amount <> whole.amount
