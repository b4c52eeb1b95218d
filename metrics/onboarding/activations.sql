-- title: Activations
-- unit: count
-- better: up
-- about: Accounts that completed their last onboarding step in the period, within the days allowed.
-- caveat: Dated by the day of completion, not of sign-up. It shows a stall first, but it also falls when fewer people
--   sign up.
select
    grain,
    period_start,
    dimension,
    segment,
    activations as value,
    is_complete as complete,
from onboarding_period
