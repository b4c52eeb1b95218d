-- about: What MRR moved in a period, by segment; every column adds up over days, accounts and segments.
with dated as (
    select
        day_period.grain,
        day_period.period_start,
        mrr_change.profile_key,
        mrr_change.movement,
        mrr_change.delta,
        mrr_change.mrr_before,
        mrr_change.mrr_after,
        case day_period.grain
            when 'day' then mrr_change.mrr_before
            when 'week' then mrr_change.week_opening
            else mrr_change.month_opening
        end as opening,
    from mrr_change
    join day_period on day_period.day = mrr_change.day
),
flow as (
    select
        dated.grain,
        dated.period_start,
        dated.profile_key,
        cast(sum(dated.delta) as decimal(18, 4)) as net,
        cast(sum(case when dated.movement = 'new' then dated.delta else 0 end) as decimal(18, 4)) as new,
        cast(
            sum(case when dated.movement = 'reactivation' then dated.delta else 0 end) as decimal(18, 4)
        ) as reactivation,
        cast(sum(case when dated.movement = 'expansion' then dated.delta else 0 end) as decimal(18, 4)) as expansion,
        cast(
            sum(case when dated.movement = 'contraction' then dated.delta else 0 end) as decimal(18, 4)
        ) as contraction,
        cast(sum(case when dated.movement = 'churned' then dated.delta else 0 end) as decimal(18, 4)) as churned,
        cast(
            sum(greatest(dated.mrr_after, 0) - greatest(dated.mrr_before, 0)) as decimal(18, 4)
        ) as paying_mrr,
        cast(
            sum(
                case when dated.mrr_after > 0 then 1 else 0 end - case when dated.mrr_before > 0 then 1 else 0 end
            ) as bigint
        ) as paying,
        cast(sum(case when dated.opening > 0 then dated.delta else 0 end) as decimal(18, 4)) as kept_net,
        cast(
            sum(
                case
                    when dated.opening > 0
                        then least(dated.opening, dated.mrr_after) - least(dated.opening, dated.mrr_before)
                    else 0
                end
            ) as decimal(18, 4)
        ) as kept_gross,
        cast(
            sum(
                case
                    when dated.opening > 0 and dated.mrr_after = 0 then 1
                    when dated.opening > 0 and dated.mrr_before = 0 then -1
                    else 0
                end
            ) as bigint
        ) as lost,
    from dated
    group by dated.grain, dated.period_start, dated.profile_key
)
select
    flow.grain,
    flow.period_start,
    profile_segment.segment_key,
    cast(sum(flow.net) as decimal(18, 4)) as net,
    cast(sum(flow.new) as decimal(18, 4)) as new,
    cast(sum(flow.reactivation) as decimal(18, 4)) as reactivation,
    cast(sum(flow.expansion) as decimal(18, 4)) as expansion,
    cast(sum(flow.contraction) as decimal(18, 4)) as contraction,
    cast(sum(flow.churned) as decimal(18, 4)) as churned,
    cast(sum(flow.paying_mrr) as decimal(18, 4)) as paying_mrr,
    cast(sum(flow.paying) as bigint) as paying,
    cast(sum(flow.kept_net) as decimal(18, 4)) as kept_net,
    cast(sum(flow.kept_gross) as decimal(18, 4)) as kept_gross,
    cast(sum(flow.lost) as bigint) as lost,
from flow
join profile_segment on profile_segment.profile_key = flow.profile_key
group by flow.grain, flow.period_start, profile_segment.segment_key
