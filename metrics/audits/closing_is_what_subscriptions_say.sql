-- says: Closing MRR is not the sum of what subscriptions are worth at the end of the period
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
    select profile_segment.segment_key, edges.day, sum(edges.mrr) as mrr
    from edges
    join kept_account as account on account.account_key = edges.account_key
    join profile_segment on profile_segment.profile_key = account.profile_key
    group by all
),
standing as (
    select segment_key, day, sum(mrr) over (partition by segment_key order by day) as mrr from daily
),
ends as (
    select calendar.grain, calendar.period_start, calendar.last_day, segment.*
    from calendar
    cross join segment
    where calendar.has_revenue
),
expected as (
    select ends.grain, ends.period_start, ends.dimension, ends.segment, coalesce(standing.mrr, 0) as mrr
    from ends
    asof left join standing on standing.segment_key = ends.segment_key and standing.day <= ends.last_day
)
select
    grain,
    period_start,
    dimension,
    segment,
    movements.closing,
    expected.mrr as from_subscriptions,
from expected
full join edition.movements as movements using (grain, period_start, dimension, segment)
where movements.closing is distinct from expected.mrr
