-- about: By how much a cohort's MRR changed in each period since sign-up; what came before it ended counts as its first.
select
    cohort.period_key as cohort_key,
    changed_in.period_key,
    profile_segment.segment_key,
    cast(sum(cohort_revenue_flow.net) as decimal(18, 4)) as net,
    cast(sum(cohort_revenue_flow.gross) as decimal(18, 4)) as gross,
from cohort_revenue_flow
join profile_segment on profile_segment.profile_key = cohort_revenue_flow.profile_key
join calendar as cohort
    on cohort.grain = cohort_revenue_flow.grain and cohort.period_start = cohort_revenue_flow.cohort_start
join calendar as changed_in
    on changed_in.grain = cohort_revenue_flow.grain and changed_in.period_start = cohort_revenue_flow.period_start
group by cohort.period_key, changed_in.period_key, profile_segment.segment_key
