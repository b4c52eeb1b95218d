-- about: Who of a cohort was active in a later period, for the cells in question and every segment with accounts.
with sizes as (
    select
        day_period.period_key as cohort_key,
        profile_segment.segment_key,
        cast(sum(onboarding_flow.signups) as bigint) as size,
    from onboarding_flow
    join day_period on day_period.day = onboarding_flow.day
    join profile_segment on profile_segment.profile_key = onboarding_flow.profile_key
    where day_period.grain <> 'day'
    group by day_period.period_key, profile_segment.segment_key
    having cast(sum(onboarding_flow.signups) as bigint) > 0
),
active as (
    select
        cohort_cell.cohort_key,
        cohort_cell.period_key,
        profile_segment.segment_key,
        cast(sum(cohort_activity_flow.retained) as bigint) as retained,
    from cohort_activity_flow
    join cohort_cell
        on cohort_cell.grain = cohort_activity_flow.grain
        and cohort_cell.cohort_start = cohort_activity_flow.cohort_start
        and cohort_cell.period_start = cohort_activity_flow.period_start
    join profile_segment on profile_segment.profile_key = cohort_activity_flow.profile_key
    group by cohort_cell.cohort_key, cohort_cell.period_key, profile_segment.segment_key
)
select
    cohort_cell.grain,
    cohort_cell.cohort_start,
    segment.dimension,
    segment.segment,
    cohort_cell.period_index,
    sizes.size,
    coalesce(active.retained, 0) as retained,
    cohort_cell.is_complete,
from cohort_cell
join sizes on sizes.cohort_key = cohort_cell.cohort_key
join segment on segment.segment_key = sizes.segment_key
left join active
    on active.cohort_key = cohort_cell.cohort_key
    and active.period_key = cohort_cell.period_key
    and active.segment_key = sizes.segment_key
