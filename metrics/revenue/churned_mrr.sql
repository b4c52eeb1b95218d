-- title: Churned MRR
-- unit: money
-- better: up
-- about: MRR lost from accounts whose MRR fell to nothing; a negative amount.
-- caveat: Nearer to zero is better. Dated by the day on which the MRR ends, not by the day of the notice.
select
    grain,
    period_start,
    dimension,
    segment,
    churned as value,
    is_complete as complete,
from revenue_period
