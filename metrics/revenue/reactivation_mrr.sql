-- title: Reactivated MRR
-- unit: money
-- better: up
-- about: MRR of accounts that had paid before, paid nothing, and pay again.
-- caveat: A gap of a single day makes a churn and a reactivation.
select
    grain,
    period_start,
    dimension,
    segment,
    reactivation as value,
    is_complete as complete,
from revenue_period
