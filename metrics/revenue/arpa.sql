-- title: Average revenue per account
-- unit: money
-- better: up
-- about: MRR over paying accounts, at the end of the period.
-- caveat: A mean: one large customer moves it. It rises when small customers leave.
select
    grain,
    period_start,
    dimension,
    segment,
    ratio(closing, paying_accounts) as value,
    closing as numerator,
    paying_accounts as denominator,
    is_complete as complete,
from revenue_period
