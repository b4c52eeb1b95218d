-- title: Expansion MRR
-- unit: money
-- better: up
-- about: MRR gained from accounts that were paying already and now pay more.
-- caveat: Summed over days: an upgrade and a downgrade in one month show as both. A better exchange rate does not count;
--   amounts keep the rate of the day they took effect.
select
    grain,
    period_start,
    dimension,
    segment,
    expansion as value,
    is_complete as complete,
from revenue_period
