-- about: The risk told at the end of every day looked back on, by segment.
with spread as (
    select
        kept_risk_flow.day,
        profile_segment.segment_key,
        cast(sum(kept_risk_flow.accounts) as bigint) as accounts,
        cast(sum(kept_risk_flow.known) as bigint) as known,
        cast(sum(kept_risk_flow.high) as bigint) as high,
        cast(sum(kept_risk_flow.risk_nano) as bigint) as risk_nano,
        cast(sum(kept_risk_flow.mrr_at_risk) as decimal(18, 4)) as mrr_at_risk,
    from kept_risk_flow
    join profile_segment on profile_segment.profile_key = kept_risk_flow.profile_key
    group by kept_risk_flow.day, profile_segment.segment_key
),
looked_back as (
    select min(kept_risk_flow.day) as first_day, max(kept_risk_flow.day) as last_day
    from kept_risk_flow
)
select
    calendar.grain,
    calendar.period_start,
    segment.dimension,
    segment.segment,
    calendar.is_complete,
    coalesce(spread.accounts, 0) as accounts,
    coalesce(spread.known, 0) as known,
    coalesce(spread.high, 0) as high,
    cast(spread.risk_nano as double) / 1000000000.0 as risk,
    spread.mrr_at_risk,
from calendar
cross join segment
cross join looked_back
left join spread on spread.day = calendar.period_start and spread.segment_key = segment.segment_key
where
    calendar.grain = 'day'
    and calendar.period_start >= looked_back.first_day
    and calendar.period_start <= looked_back.last_day
