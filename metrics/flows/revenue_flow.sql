-- about: What MRR moved in a period, by profile; every column adds up over days, accounts and profiles.
with dated as (
    select
        grain_name.grain,
        case grain_name.grain
            when 'day' then mrr_change.day
            when 'week' then week_of(mrr_change.day)
            else month_of(mrr_change.day)
        end as period_start,
        mrr_change.weight,
        mrr_change.profile_key,
        mrr_change.movement,
        mrr_change.delta,
        mrr_change.mrr_before,
        mrr_change.mrr_after,
        case grain_name.grain
            when 'day' then mrr_change.mrr_before
            when 'week' then mrr_change.week_opening
            else mrr_change.month_opening
        end as opening,
    from mrr_change
    cross join grain_name
)
select
    dated.grain,
    dated.period_start,
    dated.profile_key,
    cast(sum(dated.weight * dated.delta) as decimal(18, 4)) as net,
    cast(sum(case when dated.movement = 'new' then dated.weight * dated.delta else 0 end) as decimal(18, 4)) as new,
    cast(
        sum(case when dated.movement = 'reactivation' then dated.weight * dated.delta else 0 end) as decimal(18, 4)
    ) as reactivation,
    cast(sum(case when dated.movement = 'expansion' then dated.weight * dated.delta else 0 end) as decimal(18, 4)) as expansion,
    cast(
        sum(case when dated.movement = 'contraction' then dated.weight * dated.delta else 0 end) as decimal(18, 4)
    ) as contraction,
    cast(sum(case when dated.movement = 'churned' then dated.weight * dated.delta else 0 end) as decimal(18, 4)) as churned,
    cast(
        sum(dated.weight * (greatest(dated.mrr_after, 0) - greatest(dated.mrr_before, 0))) as decimal(18, 4)
    ) as paying_mrr,
    cast(
        sum(
            dated.weight
            * (case when dated.mrr_after > 0 then 1 else 0 end - case when dated.mrr_before > 0 then 1 else 0 end)
        ) as bigint
    ) as paying,
    cast(sum(case when dated.opening > 0 then dated.weight * dated.delta else 0 end) as decimal(18, 4)) as kept_net,
    cast(
        sum(
            case
                when dated.opening > 0
                    then dated.weight * (least(dated.opening, dated.mrr_after) - least(dated.opening, dated.mrr_before))
                else 0
            end
        ) as decimal(18, 4)
    ) as kept_gross,
    cast(
        sum(
            case
                when dated.opening > 0 and dated.mrr_after = 0 then dated.weight
                when dated.opening > 0 and dated.mrr_before = 0 then -dated.weight
                else 0
            end
        ) as bigint
    ) as lost,
from dated
group by dated.grain, dated.period_start, dated.profile_key
