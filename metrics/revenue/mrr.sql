-- title: MRR
-- unit: money
-- better: up
-- about: Monthly recurring revenue at the end of the period, in the base currency.
-- caveat: Trials, paused and canceled subscriptions count nothing; past-due ones still count. Only what is in force at
--   the end of a day is seen.
select
    grain,
    period_start,
    dimension,
    segment,
    closing as value,
    is_complete as complete,
from revenue_period
