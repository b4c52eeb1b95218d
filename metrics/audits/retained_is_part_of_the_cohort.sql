-- says: More accounts of a cohort were active than it has
-- of: cohort_retained cohort_paid
select
    grain,
    cohort_start,
    dimension,
    segment,
    period_index,
    size,
    retained,
from edition.cohorts
where retained < 0 or retained > size or gross_mrr_k > mrr_k or gross_mrr_k > mrr_0
