-- says: Closing MRR is not the sum of what subscriptions are worth at the end of the period
-- of: revenue_period kept_subscription_day
-- about: Counted from the states of subscriptions alone: each is worth its amount from its day to its next one.
with spans as (
    select
        account_key,
        mrr,
        day,
        lead(day) over (partition by account_key, subscription_id order by day) as next_day,
    from kept_subscription_day
),
edges as (
    select account_key, day, mrr from spans
    union all
    select account_key, next_day, -mrr from spans where next_day is not null
),
daily as (
    select account.profile_key, edges.day, sum(edges.mrr) as mrr
    from edges
    join kept_account as account on account.account_key = edges.account_key
    group by account.profile_key, edges.day
),
moved as (
    select day_period.period_key, profile_segment.segment_key, sum(daily.mrr) as mrr
    from daily
    join day_period on day_period.day = daily.day
    join profile_segment on profile_segment.profile_key = daily.profile_key
    group by day_period.period_key, profile_segment.segment_key
),
expected as (
    select
        calendar.grain,
        calendar.period_start,
        segment.dimension,
        segment.segment,
        coalesce(
            sum(moved.mrr) over (partition by calendar.grain, segment.segment_key order by calendar.period_start), 0
        ) as mrr,
    from calendar
    cross join segment
    left join moved on moved.period_key = calendar.period_key and moved.segment_key = segment.segment_key
    where calendar.has_revenue
)
select
    coalesce(expected.grain, movements.grain) as grain,
    coalesce(expected.period_start, movements.period_start) as period_start,
    coalesce(expected.dimension, movements.dimension) as dimension,
    coalesce(expected.segment, movements.segment) as segment,
    movements.closing,
    expected.mrr as from_subscriptions,
from expected
full join edition.movements as movements
    on movements.grain = expected.grain
    and movements.period_start = expected.period_start
    and movements.dimension = expected.dimension
    and movements.segment = expected.segment
where movements.closing is distinct from expected.mrr
