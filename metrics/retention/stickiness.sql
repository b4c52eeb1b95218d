-- title: Stickiness
-- unit: ratio
-- better: up
-- about: Accounts active on an average day, over accounts active at all, in the 28 days that end with the period.
--   At 1 everybody comes every day.
-- caveat: The 28 days reach back beyond the period. A product used once a week cannot pass one seventh.
select
    grain,
    period_start,
    dimension,
    segment,
    ratio(daily_active_28, active_28) as value,
    daily_active_28 as numerator,
    active_28 as denominator,
    is_complete as complete,
from activity_period
