-- about: The times by which half, three quarters and nine tenths had reached value, for every period and segment.
with quantiles as (
    select
        survival.period_key,
        survival.segment_key,
        count(*) as accounts,
        cast(sum(survival.is_reached) as bigint) as reached,
        min(case when survival.is_reached = 1 and survival.share_waiting <= 0.5 + 1e-12 then survival.elapsed_us end)
            as p50_us,
        min(case when survival.is_reached = 1 and survival.share_waiting <= 0.25 + 1e-12 then survival.elapsed_us end)
            as p75_us,
        min(case when survival.is_reached = 1 and survival.share_waiting <= 0.1 + 1e-12 then survival.elapsed_us end)
            as p90_us,
    from survival
    group by survival.period_key, survival.segment_key
)
select
    calendar.grain,
    calendar.period_start,
    segment.dimension,
    segment.segment,
    calendar.is_complete,
    coalesce(quantiles.accounts, 0) as accounts,
    coalesce(quantiles.reached, 0) as reached,
    cast(quantiles.p50_us as double) / 3600000000 as p50_hours,
    cast(quantiles.p75_us as double) / 3600000000 as p75_hours,
    cast(quantiles.p90_us as double) / 3600000000 as p90_hours,
from calendar
cross join segment
left join quantiles on quantiles.period_key = calendar.period_key and quantiles.segment_key = segment.segment_key
where calendar.has_accounts
