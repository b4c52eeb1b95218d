-- title: Activation rate
-- unit: rate
-- better: up
-- about: Of the accounts created in the period, the share that did every onboarding step within the days allowed
--   (seven unless set otherwise, counted as 24 hours each from the moment of sign-up).
-- caveat: Only accounts whose days are over are counted, so a young period starts small and is incomplete until the
--   last of its accounts has had its full time. Steps may be done in any order.
select
    grain,
    period_start,
    dimension,
    segment,
    ratio(activated, matured) as value,
    activated as numerator,
    matured as denominator,
    wilson_lower(activated, matured) as lower,
    wilson_upper(activated, matured) as upper,
    is_matured as complete,
from onboarding_period
