-- title: Paying accounts
-- unit: count
-- better: up
-- about: Accounts whose MRR is above zero at the end of the period.
-- caveat: An account on a free plan or in a trial is not among them.
select
    grain,
    period_start,
    dimension,
    segment,
    paying_accounts as value,
    is_complete as complete,
from revenue_period
