-- about: By how much a cohort's MRR changed in each period since sign-up; what came before it ended counts as its first.
with dated as (
    select
        cohort.grain,
        cohort.period_start as cohort_start,
        mrr_change.account_key,
        mrr_change.profile_key,
        greatest(changed.number - cohort.number, 0) as period_index,
        mrr_change.delta,
        mrr_change.mrr_before,
        mrr_change.mrr_after,
        cast(
            sum(case when changed.number <= cohort.number then mrr_change.delta else 0 end) over (
                partition by mrr_change.account_key, cohort.grain
            ) as decimal(18, 4)
        ) as mrr_0,
    from mrr_change
    join day_period as cohort on cohort.day = mrr_change.created_day
    join day_period as changed on changed.day = mrr_change.day and changed.grain = cohort.grain
    where cohort.grain <> 'day'
),
flow as (
    select
        dated.grain,
        dated.cohort_start,
        dated.period_index,
        dated.profile_key,
        cast(sum(dated.delta) as decimal(18, 4)) as net,
        cast(
            sum(
                case
                    when dated.period_index = 0 then dated.delta
                    else least(dated.mrr_0, dated.mrr_after) - least(dated.mrr_0, dated.mrr_before)
                end
            ) as decimal(18, 4)
        ) as gross,
    from dated
    group by dated.grain, dated.cohort_start, dated.period_index, dated.profile_key
)
select
    flow.grain,
    flow.cohort_start,
    flow.period_index,
    profile_segment.segment_key,
    cast(sum(flow.net) as decimal(18, 4)) as net,
    cast(sum(flow.gross) as decimal(18, 4)) as gross,
from flow
join profile_segment on profile_segment.profile_key = flow.profile_key
group by flow.grain, flow.cohort_start, flow.period_index, profile_segment.segment_key
