-- about: When time alone will next change a stale period's curve: an account still waiting outlasts a time that counts.
-- caveat: A time counts when another account of the period reached value by then, or when the month's curve is read at it.
with mark as (
    select grain, period_start, value_us as mark_us from newcomer where value_us is not null
    union all
    select 'month', period_start, cast(hours as bigint) * 3600000000
    from (select distinct period_start from newcomer where grain = 'month')
    cross join (select range as hours from range(0, 49) union all select range from range(60, 721, 12))
),
passing as (
    select waiting.grain, waiting.period_start, waiting.created_at + to_microseconds(mark.mark_us) as passes_at
    from newcomer as waiting
    asof join mark on
        mark.grain = waiting.grain
        and mark.period_start = waiting.period_start
        and mark.mark_us >= waiting.age_us
    where waiting.value_us is null
)
select
    grain,
    period_start,
    min(passes_at) as next_at,
from passing
group by grain, period_start
