-- says: The days' movements do not add up to those of their week or month
-- of: revenue_period
with daily as (
    select
        day_period.grain,
        day_period.period_start,
        dimension,
        segment,
        sum(new) as new,
        sum(reactivation) as reactivation,
        sum(expansion) as expansion,
        sum(contraction) as contraction,
        sum(churned) as churned,
    from edition.movements
    join day_period on day_period.day = movements.period_start
    where movements.grain = 'day'
    group by all
)
select
    whole.grain,
    whole.period_start,
    dimension,
    segment,
from edition.movements as whole
join daily using (grain, period_start, dimension, segment)
where
    (whole.new, whole.reactivation, whole.expansion, whole.contraction, whole.churned)
    <> (daily.new, daily.reactivation, daily.expansion, daily.contraction, daily.churned)
