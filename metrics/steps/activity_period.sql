-- about: Active accounts of every period, and of the 28 days that end with it.
with dense as (
    select
        calendar.period_start as day,
        segment.segment_key,
        coalesce(activity_day.active, 0) as active,
        coalesce(activity_day.change_28, 0) as change_28,
    from calendar
    cross join segment
    left join activity_day
        on activity_day.day = calendar.period_start and activity_day.segment_key = segment.segment_key
    where calendar.grain = 'day' and calendar.has_accounts
),
last_28 as (
    select
        dense.day,
        dense.segment_key,
        cast(
            sum(dense.active) over (
                partition by dense.segment_key
                order by dense.day
                rows between 27 preceding and current row
            ) as bigint
        ) as account_days,
        cast(
            sum(dense.change_28) over (
                partition by dense.segment_key
                order by dense.day
                rows between unbounded preceding and current row
            ) as bigint
        ) as accounts,
    from dense
),
rolled as (
    select
        day_period.period_key,
        activity_day.segment_key,
        cast(
            sum(
                case day_period.grain
                    when 'day' then activity_day.active
                    when 'week' then activity_day.first_in_week
                    else activity_day.first_in_month
                end
            ) as bigint
        ) as active_accounts,
    from activity_day
    join day_period on day_period.day = activity_day.day
    group by day_period.period_key, activity_day.segment_key
)
select
    calendar.grain,
    calendar.period_start,
    segment.dimension,
    segment.segment,
    calendar.is_complete,
    coalesce(rolled.active_accounts, 0) as active_accounts,
    cast(last_28.account_days as double) / 28 as daily_active_28,
    last_28.accounts as active_28,
from calendar
cross join segment
join last_28 on last_28.day = calendar.last_day and last_28.segment_key = segment.segment_key
left join rolled on rolled.period_key = calendar.period_key and rolled.segment_key = segment.segment_key
where calendar.has_accounts
