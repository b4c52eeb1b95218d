-- about: The cohort triangle: who of a cohort was active, and what they paid, k periods after sign-up.
select
    grain,
    cohort_start,
    dimension,
    segment,
    cast(period_index as integer) as period_index,
    size,
    retained,
    is_complete as complete,
    mrr_0,
    mrr_k,
    gross_mrr_k,
from cohort_period
