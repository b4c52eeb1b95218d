-- title: Logo churn rate
-- unit: rate
-- better: down
-- about: Of the accounts paying before the period began, the share whose MRR is zero at its end.
-- caveat: Every account counts the same, large or small. One that left and came back within the period did not churn.
select
    grain,
    period_start,
    dimension,
    segment,
    ratio(lost_accounts, opening_accounts) as value,
    lost_accounts as numerator,
    opening_accounts as denominator,
    wilson_lower(lost_accounts, opening_accounts) as lower,
    wilson_upper(lost_accounts, opening_accounts) as upper,
    is_complete as complete,
from revenue_period
