-- about: The share of a month's sign-ups that had reached value after so many hours, with its 95 % interval.
-- caveat: Greenwood's variance. Beyond the longest wait seen so far the share is unknown: null.
select
    period_start,
    dimension,
    segment,
    hours,
    share,
    lower,
    upper,
    reached,
    at_risk,
from kept_curve
semi join touched_month using (period_start)
