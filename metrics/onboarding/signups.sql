-- title: New sign-ups
-- unit: count
-- better: up
-- about: Accounts created in the period.
-- caveat: Counts every account, also those that never come back; read it together with the activation rate.
select
    grain,
    period_start,
    dimension,
    segment,
    signups as value,
    is_complete as complete,
from onboarding_period
