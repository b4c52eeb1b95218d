-- metric activation_step_rate.<step>: Reached step <step>
-- unit: rate
-- better: up
-- about: Of the accounts created in the period, the share that did this onboarding step and all steps before it
--   within the days allowed. Side by side the steps are the funnel.
-- caveat: Counts the same matured accounts as the activation rate. A step done before the one it follows still counts
--   for both.
select
    concat('activation_step_rate.', name) as metric,
    grain,
    period_start,
    dimension,
    segment,
    ratio(reached, matured) as value,
    reached as numerator,
    matured as denominator,
    wilson_lower(reached, matured) as lower,
    wilson_upper(reached, matured) as upper,
    is_matured as complete,
from step_period
