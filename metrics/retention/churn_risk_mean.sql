-- title: Mean churn risk
-- unit: rate
-- better: down
-- about: The mean, over the accounts that pay at the end of the day, of the probability that their MRR is 0 within the
--   next 30 days.
-- caveat: Null where there is not enough evidence to show probabilities. A past day is told by the model in force then,
--   from what was known at its end; today is told from what was known at its beginning.
select
    grain,
    period_start,
    dimension,
    segment,
    ratio(risk, known) as value,
    case when known > 0 then risk end as numerator,
    cast(known as double) as denominator,
    is_complete as complete,
from risk_period
