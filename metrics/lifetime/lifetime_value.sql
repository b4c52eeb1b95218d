-- title: Lifetime value
-- unit: money
-- better: up
-- about: What a mean account paying at the end of the month will bring within the next 36 months: gross margin ×
--   MRR × the chance of still being there, by age and segment, summed over the month-ends and discounted. The
--   interval is of 90 %, from parameters and chance, and as much wider as forecasts of the past strayed beyond theirs.
-- caveat: Null where it cannot be estimated, with its reason in the table lifetime; never infinite. An account that
--   leaves and comes back begins anew. Those who stay are taken to go on paying more or less as in the last year,
--   for 12 months and no longer.
select
    'month' as grain,
    period_start,
    dimension,
    segment,
    value,
    value * accounts as numerator,
    cast(accounts as double) as denominator,
    lower,
    upper,
    complete,
from made_lifetime
where horizon_months = 36
