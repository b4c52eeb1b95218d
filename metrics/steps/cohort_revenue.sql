-- about: By how much a cohort's MRR changed in each period since sign-up; what came before it ended counts as its first.
with dated as (
    select
        cohort.period_key as cohort_key,
        greatest(cohort.period_key, changed.period_key) as period_key,
        mrr_change.profile_key,
        mrr_change.delta,
        mrr_change.mrr_before,
        mrr_change.mrr_after,
        cast(
            sum(case when changed.period_key <= cohort.period_key then mrr_change.delta else 0 end) over (
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
        dated.cohort_key,
        dated.period_key,
        dated.profile_key,
        cast(sum(dated.delta) as decimal(18, 4)) as net,
        cast(
            sum(
                case
                    when dated.period_key = dated.cohort_key then dated.delta
                    else least(dated.mrr_0, dated.mrr_after) - least(dated.mrr_0, dated.mrr_before)
                end
            ) as decimal(18, 4)
        ) as gross,
    from dated
    group by dated.cohort_key, dated.period_key, dated.profile_key
)
select
    flow.cohort_key,
    flow.period_key,
    profile_segment.segment_key,
    cast(sum(flow.net) as decimal(18, 4)) as net,
    cast(sum(flow.gross) as decimal(18, 4)) as gross,
from flow
join profile_segment on profile_segment.profile_key = flow.profile_key
group by flow.cohort_key, flow.period_key, profile_segment.segment_key
