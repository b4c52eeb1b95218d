-- about: What a cohort pays in each period, of the cohorts in question and every segment with accounts.
with present as (
    select
        day_period.grain,
        day_period.period_key as cohort_key,
        day_period.period_start as cohort_start,
        profile_segment.segment_key,
    from onboarding_flow
    join day_period on day_period.day = onboarding_flow.day
    join cohort_wanted
        on cohort_wanted.grain = day_period.grain and cohort_wanted.cohort_start = day_period.period_start
    join profile_segment on profile_segment.profile_key = onboarding_flow.profile_key
    group by day_period.grain, day_period.period_key, day_period.period_start, profile_segment.segment_key
    having cast(sum(onboarding_flow.signups) as bigint) > 0
),
moved as (
    select
        cohort_revenue_flow.grain,
        cohort_revenue_flow.cohort_start,
        cohort_revenue_flow.period_start,
        profile_segment.segment_key,
        cast(sum(cohort_revenue_flow.net) as decimal(18, 4)) as net,
        cast(sum(cohort_revenue_flow.gross) as decimal(18, 4)) as gross,
    from cohort_revenue_flow
    join cohort_wanted
        on cohort_wanted.grain = cohort_revenue_flow.grain
        and cohort_wanted.cohort_start = cohort_revenue_flow.cohort_start
    join profile_segment on profile_segment.profile_key = cohort_revenue_flow.profile_key
    group by
        cohort_revenue_flow.grain,
        cohort_revenue_flow.cohort_start,
        cohort_revenue_flow.period_start,
        profile_segment.segment_key
),
running as (
    select
        present.grain,
        present.cohort_start,
        present.segment_key,
        calendar.period_key - present.cohort_key as period_index,
        cast(
            sum(coalesce(moved.net, 0)) over (
                partition by present.cohort_key, present.segment_key
                order by calendar.period_key
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as mrr_k,
        cast(
            sum(coalesce(moved.gross, 0)) over (
                partition by present.cohort_key, present.segment_key
                order by calendar.period_key
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as gross_mrr_k,
    from present
    join calendar on calendar.grain = present.grain and calendar.period_key >= present.cohort_key
    left join moved
        on moved.grain = present.grain
        and moved.cohort_start = present.cohort_start
        and moved.period_start = calendar.period_start
        and moved.segment_key = present.segment_key
)
select
    running.grain,
    running.cohort_start,
    segment.dimension,
    segment.segment,
    running.period_index,
    first.mrr_k as mrr_0,
    running.mrr_k,
    running.gross_mrr_k,
from running
join running as first
    on first.grain = running.grain
    and first.cohort_start = running.cohort_start
    and first.segment_key = running.segment_key
    and first.period_index = 0
join segment on segment.segment_key = running.segment_key
