-- title: Gross revenue retention
-- unit: ratio
-- better: up
-- about: Of the MRR of accounts paying before the period began, how much is still there at its end, growth left out.
-- caveat: Never above 1. An account that shrank and grew back within the period lost nothing.
select
    grain,
    period_start,
    dimension,
    segment,
    ratio(kept_without_growth, paying_opening) as value,
    kept_without_growth as numerator,
    paying_opening as denominator,
    is_complete as complete,
from revenue_period
