-- about: The times by which half, three quarters and nine tenths had reached value, for every period and segment.
select
    onboarding_period.grain,
    onboarding_period.period_start,
    onboarding_period.dimension,
    onboarding_period.segment,
    onboarding_period.is_complete,
    onboarding_period.signups as accounts,
    coalesce(kept_quantile.reached, 0) as reached,
    cast(kept_quantile.p50_us as double) / 3600000000 as p50_hours,
    cast(kept_quantile.p75_us as double) / 3600000000 as p75_hours,
    cast(kept_quantile.p90_us as double) / 3600000000 as p90_hours,
from onboarding_period
left join kept_quantile
    on kept_quantile.grain = onboarding_period.grain
    and kept_quantile.period_start = onboarding_period.period_start
    and kept_quantile.dimension = onboarding_period.dimension
    and kept_quantile.segment = onboarding_period.segment
