-- title: New MRR
-- unit: money
-- better: up
-- about: MRR of accounts that paid for the first time in the period.
-- caveat: An account that paid before and comes back is a reactivation, however long it was away.
select
    grain,
    period_start,
    dimension,
    segment,
    new as value,
    is_complete as complete,
from revenue_period
