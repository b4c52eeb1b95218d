-- about: MRR from opening to closing, and who kept paying, for every period and segment since the first change.
with dense as (
    select
        calendar.grain,
        calendar.period_start,
        calendar.is_complete,
        segment.segment_key,
        segment.dimension,
        segment.segment,
        coalesce(revenue_moved.net, 0) as net,
        coalesce(revenue_moved.new, 0) as new,
        coalesce(revenue_moved.reactivation, 0) as reactivation,
        coalesce(revenue_moved.expansion, 0) as expansion,
        coalesce(revenue_moved.contraction, 0) as contraction,
        coalesce(revenue_moved.churned, 0) as churned,
        coalesce(revenue_moved.paying_mrr, 0) as paying_mrr,
        coalesce(revenue_moved.paying, 0) as paying,
        coalesce(revenue_moved.kept_net, 0) as kept_net,
        coalesce(revenue_moved.kept_gross, 0) as kept_gross,
        coalesce(revenue_moved.lost, 0) as lost,
    from calendar
    cross join segment
    left join revenue_moved
        on revenue_moved.grain = calendar.grain
        and revenue_moved.period_start = calendar.period_start
        and revenue_moved.segment_key = segment.segment_key
    where calendar.has_revenue
),
running as (
    select
        dense.*,
        cast(
            sum(dense.net) over (
                partition by dense.grain, dense.segment_key
                order by dense.period_start
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as closing,
        cast(
            sum(dense.paying_mrr) over (
                partition by dense.grain, dense.segment_key
                order by dense.period_start
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as paying_closing,
        cast(
            sum(dense.paying) over (
                partition by dense.grain, dense.segment_key
                order by dense.period_start
                rows between unbounded preceding and current row
            ) as bigint
        ) as paying_accounts,
    from dense
)
select
    running.grain,
    running.period_start,
    running.dimension,
    running.segment,
    running.is_complete,
    cast(running.closing - running.net as decimal(18, 4)) as opening,
    running.new,
    running.reactivation,
    running.expansion,
    running.contraction,
    running.churned,
    running.closing,
    running.paying_accounts,
    running.paying_accounts - running.paying as opening_accounts,
    running.lost as lost_accounts,
    cast(running.paying_closing - running.paying_mrr as decimal(18, 4)) as paying_opening,
    cast(running.paying_closing - running.paying_mrr + running.kept_net as decimal(18, 4)) as kept_mrr,
    cast(running.paying_closing - running.paying_mrr + running.kept_gross as decimal(18, 4)) as kept_without_growth,
from running
