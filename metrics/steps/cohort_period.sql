-- about: The cohort triangle: every cohort and segment with accounts, in every period up to that of as_of.
with sizes as (
    select
        day_period.grain,
        day_period.period_key as cohort_key,
        profile_segment.segment_key,
        cast(sum(onboarding_flow.signups) as bigint) as size,
    from onboarding_flow
    join day_period on day_period.day = onboarding_flow.day
    join profile_segment on profile_segment.profile_key = onboarding_flow.profile_key
    where day_period.grain <> 'day'
    group by day_period.grain, day_period.period_key, profile_segment.segment_key
    having cast(sum(onboarding_flow.signups) as bigint) > 0
),
dense as (
    select
        sizes.cohort_key,
        sizes.segment_key,
        sizes.size,
        calendar.period_key,
        calendar.is_complete,
    from sizes
    join calendar on calendar.grain = sizes.grain and calendar.period_key >= sizes.cohort_key
),
running as (
    select
        dense.cohort_key,
        dense.period_key,
        dense.segment_key,
        dense.size,
        dense.is_complete,
        coalesce(cohort_activity.retained, 0) as retained,
        cast(
            sum(coalesce(cohort_revenue.net, 0)) over (
                partition by dense.cohort_key, dense.segment_key
                order by dense.period_key
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as mrr_k,
        cast(
            sum(coalesce(cohort_revenue.gross, 0)) over (
                partition by dense.cohort_key, dense.segment_key
                order by dense.period_key
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as gross_mrr_k,
        cast(
            max(case when dense.period_key = dense.cohort_key then coalesce(cohort_revenue.net, 0) end) over (
                partition by dense.cohort_key, dense.segment_key
                order by dense.period_key
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as mrr_0,
    from dense
    left join cohort_activity
        on cohort_activity.cohort_key = dense.cohort_key
        and cohort_activity.period_key = dense.period_key
        and cohort_activity.segment_key = dense.segment_key
    left join cohort_revenue
        on cohort_revenue.cohort_key = dense.cohort_key
        and cohort_revenue.period_key = dense.period_key
        and cohort_revenue.segment_key = dense.segment_key
)
select
    cohort.grain,
    cohort.period_start as cohort_start,
    segment.dimension,
    segment.segment,
    running.period_key - running.cohort_key as period_index,
    running.size,
    running.retained,
    running.is_complete,
    running.mrr_0,
    running.mrr_k,
    running.gross_mrr_k,
from running
join calendar as cohort on cohort.period_key = running.cohort_key
join segment on segment.segment_key = running.segment_key
