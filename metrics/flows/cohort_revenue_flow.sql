-- about: By how much a cohort's MRR changed in each period since sign-up; what came before it ended counts as its first.
with graded as (
    select
        grain_name.grain,
        case when grain_name.grain = 'week' then week_of(mrr_change.created_day) else month_of(mrr_change.created_day) end
            as cohort_start,
        case when grain_name.grain = 'week' then week_of(mrr_change.day) else month_of(mrr_change.day) end
            as changed_in,
        mrr_change.account_key,
        mrr_change.weight,
        mrr_change.profile_key,
        mrr_change.delta,
        mrr_change.mrr_before,
        mrr_change.mrr_after,
    from mrr_change
    cross join grain_name
    where grain_name.grain <> 'day'
),
dated as (
    select
        graded.grain,
        graded.cohort_start,
        greatest(graded.cohort_start, graded.changed_in) as period_start,
        graded.weight,
        graded.profile_key,
        graded.delta,
        graded.mrr_before,
        graded.mrr_after,
        cast(
            sum(case when graded.changed_in <= graded.cohort_start then graded.delta else 0 end) over (
                partition by graded.account_key, graded.grain
            ) as decimal(18, 4)
        ) as mrr_0,
    from graded
)
select
    dated.grain,
    dated.cohort_start,
    dated.period_start,
    dated.profile_key,
    cast(sum(dated.weight * dated.delta) as decimal(18, 4)) as net,
    cast(
        sum(
            dated.weight * case
                when dated.period_start = dated.cohort_start then dated.delta
                else least(dated.mrr_0, dated.mrr_after) - least(dated.mrr_0, dated.mrr_before)
            end
        ) as decimal(18, 4)
    ) as gross,
from dated
group by dated.grain, dated.cohort_start, dated.period_start, dated.profile_key
