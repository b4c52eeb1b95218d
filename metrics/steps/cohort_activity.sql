-- about: Of a cohort, by week and by month of sign-up, the accounts active in each later week or month.
select
    cohort.period_key as cohort_key,
    active_in.period_key,
    profile_segment.segment_key,
    cast(sum(cohort_activity_flow.retained) as bigint) as retained,
from cohort_activity_flow
join profile_segment on profile_segment.profile_key = cohort_activity_flow.profile_key
join calendar as cohort
    on cohort.grain = cohort_activity_flow.grain and cohort.period_start = cohort_activity_flow.cohort_start
join calendar as active_in
    on active_in.grain = cohort_activity_flow.grain and active_in.period_start = cohort_activity_flow.period_start
group by cohort.period_key, active_in.period_key, profile_segment.segment_key
