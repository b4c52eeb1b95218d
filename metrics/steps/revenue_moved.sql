-- about: What MRR moved in a period, by segment.
select
    revenue_flow.grain,
    revenue_flow.period_start,
    profile_segment.segment_key,
    cast(sum(revenue_flow.net) as decimal(18, 4)) as net,
    cast(sum(revenue_flow.new) as decimal(18, 4)) as new,
    cast(sum(revenue_flow.reactivation) as decimal(18, 4)) as reactivation,
    cast(sum(revenue_flow.expansion) as decimal(18, 4)) as expansion,
    cast(sum(revenue_flow.contraction) as decimal(18, 4)) as contraction,
    cast(sum(revenue_flow.churned) as decimal(18, 4)) as churned,
    cast(sum(revenue_flow.paying_mrr) as decimal(18, 4)) as paying_mrr,
    cast(sum(revenue_flow.paying) as bigint) as paying,
    cast(sum(revenue_flow.kept_net) as decimal(18, 4)) as kept_net,
    cast(sum(revenue_flow.kept_gross) as decimal(18, 4)) as kept_gross,
    cast(sum(revenue_flow.lost) as bigint) as lost,
from revenue_flow
join profile_segment on profile_segment.profile_key = revenue_flow.profile_key
group by revenue_flow.grain, revenue_flow.period_start, profile_segment.segment_key
