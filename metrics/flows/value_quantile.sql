-- about: The times by which half, three quarters and nine tenths of a period's accounts had reached value.
select
    survival.grain,
    survival.period_start,
    segment.dimension,
    segment.segment,
    count(*) as reached,
    min(case when survival.share_waiting <= 0.5 + 1e-12 then survival.value_us end) as p50_us,
    min(case when survival.share_waiting <= 0.25 + 1e-12 then survival.value_us end) as p75_us,
    min(case when survival.share_waiting <= 0.1 + 1e-12 then survival.value_us end) as p90_us,
from survival
join segment on segment.segment_key = survival.segment_key
group by survival.grain, survival.period_start, segment.dimension, segment.segment
