-- title: Contraction MRR
-- unit: money
-- better: up
-- about: MRR lost from accounts that pay less than before but still pay; a negative amount.
-- caveat: Nearer to zero is better.
select
    grain,
    period_start,
    dimension,
    segment,
    contraction as value,
    is_complete as complete,
from revenue_period
