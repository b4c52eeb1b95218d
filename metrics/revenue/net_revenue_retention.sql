-- title: Net revenue retention
-- unit: ratio
-- better: up
-- about: Of the MRR of accounts paying before the period began, how much the same accounts pay at its end, growth
--   included. Above 1 the customers of yesterday bring more by themselves.
-- caveat: Per period, not per year: a monthly 0.98 is 0.78 over a year. Accounts that came or came back in the period
--   are not in it.
select
    grain,
    period_start,
    dimension,
    segment,
    ratio(kept_mrr, paying_opening) as value,
    kept_mrr as numerator,
    paying_opening as denominator,
    is_complete as complete,
from revenue_period
