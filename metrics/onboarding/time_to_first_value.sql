-- metric time_to_first_value_p50: Time to first value, median
-- metric time_to_first_value_p75: Time to first value, three in four
-- metric time_to_first_value_p90: Time to first value, nine in ten
-- unit: hours
-- better: down
-- about: Hours from sign-up until this share of the period's accounts had first got value from the product. Accounts
--   that have not got there yet are counted as still waiting (Kaplan-Meier).
-- caveat: Empty where too few have reached value for the curve to come down that far. It moves while young accounts
--   are still waiting. A median over only those who arrived would look faster than it is.
select
    'time_to_first_value_p50' as metric,
    grain,
    period_start,
    dimension,
    segment,
    p50_hours as value,
    reached as numerator,
    accounts as denominator,
    is_complete as complete,
from value_period
union all
select
    'time_to_first_value_p75' as metric,
    grain,
    period_start,
    dimension,
    segment,
    p75_hours as value,
    reached as numerator,
    accounts as denominator,
    is_complete as complete,
from value_period
union all
select
    'time_to_first_value_p90' as metric,
    grain,
    period_start,
    dimension,
    segment,
    p90_hours as value,
    reached as numerator,
    accounts as denominator,
    is_complete as complete,
from value_period
