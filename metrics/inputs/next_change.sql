-- about: When time alone will next change a stale period's curve: an account still waiting outlasts a time that counts.
-- caveat: A time counts when another account of the period reached value by then, or when the month's curve is read at it.
with mark as (
    select curve, value_us as mark_us from newcomer where value_us is not null
    union all
    select stale_period.curve, cast(hours as bigint) * 3600000000
    from stale_period
    cross join (select range as hours from range(0, 49) union all select range from range(60, 721, 12))
    where stale_period.grain = 'month'
),
passing as (
    select waiting.curve, waiting.created_at + to_microseconds(mark.mark_us) as passes_at
    from newcomer as waiting
    asof join mark on mark.curve = waiting.curve and mark.mark_us >= waiting.age_us
    where waiting.value_us is null
)
select
    stale_period.grain,
    stale_period.period_start,
    min(passing.passes_at) as next_at,
from passing
join stale_period on stale_period.curve = passing.curve
group by stale_period.grain, stale_period.period_start
