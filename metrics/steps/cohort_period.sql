-- about: The cohort triangle: every cohort and segment with accounts, in every period up to that of as_of.
with sizes as (
    select
        day_period.grain,
        day_period.period_start as cohort_start,
        day_period.number,
        profile_segment.segment_key,
        count(*) as size,
    from account
    join day_period on day_period.day = account.created_day
    join profile_segment on profile_segment.profile_key = account.profile_key
    where day_period.grain <> 'day'
    group by day_period.grain, day_period.period_start, day_period.number, profile_segment.segment_key
),
dense as (
    select
        sizes.grain,
        sizes.cohort_start,
        sizes.segment_key,
        sizes.size,
        calendar.number - sizes.number as period_index,
        calendar.period_start,
        calendar.is_complete,
    from sizes
    join calendar on calendar.grain = sizes.grain and calendar.number >= sizes.number
),
running as (
    select
        dense.grain,
        dense.cohort_start,
        dense.segment_key,
        dense.size,
        dense.period_index,
        dense.is_complete,
        coalesce(cohort_activity.retained, 0) as retained,
        cast(
            sum(coalesce(cohort_revenue.net, 0)) over (
                partition by dense.grain, dense.cohort_start, dense.segment_key
                order by dense.period_index
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as mrr_k,
        cast(
            sum(coalesce(cohort_revenue.gross, 0)) over (
                partition by dense.grain, dense.cohort_start, dense.segment_key
                order by dense.period_index
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as gross_mrr_k,
    from dense
    left join cohort_activity
        on cohort_activity.grain = dense.grain
        and cohort_activity.cohort_start = dense.cohort_start
        and cohort_activity.period_start = dense.period_start
        and cohort_activity.segment_key = dense.segment_key
    left join cohort_revenue
        on cohort_revenue.grain = dense.grain
        and cohort_revenue.cohort_start = dense.cohort_start
        and cohort_revenue.period_index = dense.period_index
        and cohort_revenue.segment_key = dense.segment_key
)
select
    running.grain,
    running.cohort_start,
    segment.dimension,
    segment.segment,
    running.period_index,
    running.size,
    running.retained,
    running.is_complete,
    first_value(running.mrr_k) over (
        partition by running.grain, running.cohort_start, running.segment_key
        order by running.period_index
    ) as mrr_0,
    running.mrr_k,
    running.gross_mrr_k,
from running
join segment on segment.segment_key = running.segment_key
