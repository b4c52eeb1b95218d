-- title: MRR at risk
-- unit: money
-- better: down
-- about: What is likely to be lost within 30 days: the sum, over the accounts that pay at the end of the day, of their MRR
--   times the probability that it is 0 by then.
-- caveat: Null where there is not enough evidence to show probabilities. It counts whole accounts that leave, and no
--   contraction.
select
    grain,
    period_start,
    dimension,
    segment,
    case when known > 0 then mrr_at_risk end as value,
    is_complete as complete,
from risk_period
