-- about: The cohort triangle: who of a cohort was active, and what they paid, k periods after sign-up.
select
    cohort_retained.grain,
    cohort_retained.cohort_start,
    cohort_retained.dimension,
    cohort_retained.segment,
    cast(cohort_retained.period_index as integer) as period_index,
    cohort_retained.size,
    cohort_retained.retained,
    cohort_retained.is_complete as complete,
    cohort_paid.mrr_0,
    cohort_paid.mrr_k,
    cohort_paid.gross_mrr_k,
from cohort_retained
join cohort_paid
    on cohort_paid.grain = cohort_retained.grain
    and cohort_paid.cohort_start = cohort_retained.cohort_start
    and cohort_paid.dimension = cohort_retained.dimension
    and cohort_paid.segment = cohort_retained.segment
    and cohort_paid.period_index = cohort_retained.period_index
