with told as (
    select
        max(told_at) filter (lane = 'cohorts') as cohorts_as_of,
        max(told_at) filter (lane = 'curves') as curves_as_of,
        max(told_at) filter (lane = 'explorer') as explorer_as_of,
    from kept_lane
),
estimated as (
    select max(told_at) as risks_as_of, max(past_at) as lifetime_as_of from kept_told
),
counted as (
    select
        cast(coalesce(sum(facts) filter (shape = 'events'), 0) as bigint) as events,
        cast(coalesce(sum(waiting), 0) as bigint) as waiting,
        cast(coalesce(sum(quarantined), 0) as bigint) as quarantined,
        max(last_fact_at) filter (shape <> 'fx_rates') as last_fact_at,
    from edition.sources
)
select
    $edition as edition,
    cast($as_of as timestamp) as as_of,
    cast($published_at as timestamp) as published_at,
    $timezone as timezone,
    $base_currency as base_currency,
    $week_start as week_start,
    cast($within_days as integer) as within_days,
    cast($refresh_seconds as double) as refresh_seconds,
    (select count(*) from kept_account) as accounts,
    counted.*,
    told.*,
    estimated.*,
    $segments as segments,
    $steps as steps,
    $problems as problems,
from counted
cross join told
cross join estimated
