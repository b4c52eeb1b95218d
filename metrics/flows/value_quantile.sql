-- about: The times by which half, three quarters and nine tenths of a period's accounts had reached value.
with quantiles as (
    select
        survival.curve,
        survival.segment_key,
        count(*) as reached,
        min(case when survival.share_waiting <= 0.5 + 1e-12 then survival.value_us end) as p50_us,
        min(case when survival.share_waiting <= 0.25 + 1e-12 then survival.value_us end) as p75_us,
        min(case when survival.share_waiting <= 0.1 + 1e-12 then survival.value_us end) as p90_us,
    from survival
    group by survival.curve, survival.segment_key
)
select
    stale_period.grain,
    stale_period.period_start,
    segment.dimension,
    segment.segment,
    quantiles.reached,
    quantiles.p50_us,
    quantiles.p75_us,
    quantiles.p90_us,
from quantiles
join stale_period on stale_period.curve = quantiles.curve
join segment on segment.segment_key = quantiles.segment_key
