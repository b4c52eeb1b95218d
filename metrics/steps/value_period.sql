-- about: The times by which half, three quarters and nine tenths had reached value, for every period and segment.
with quantiles as (
    select
        survival.period_key,
        survival.segment_key,
        count(*) as reached,
        min(case when survival.share_waiting <= 0.5 + 1e-12 then survival.value_us end) as p50_us,
        min(case when survival.share_waiting <= 0.25 + 1e-12 then survival.value_us end) as p75_us,
        min(case when survival.share_waiting <= 0.1 + 1e-12 then survival.value_us end) as p90_us,
    from survival
    group by survival.period_key, survival.segment_key
)
select
    onboarding_period.grain,
    onboarding_period.period_start,
    onboarding_period.dimension,
    onboarding_period.segment,
    onboarding_period.is_complete,
    onboarding_period.signups as accounts,
    coalesce(quantiles.reached, 0) as reached,
    cast(quantiles.p50_us as double) / 3600000000 as p50_hours,
    cast(quantiles.p75_us as double) / 3600000000 as p75_hours,
    cast(quantiles.p90_us as double) / 3600000000 as p90_hours,
from onboarding_period
left join quantiles
    on quantiles.period_key = onboarding_period.period_key and quantiles.segment_key = onboarding_period.segment_key
