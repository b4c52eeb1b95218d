-- about: MRR from the opening of a period to its closing.
select
    grain,
    period_start,
    dimension,
    segment,
    opening,
    new,
    reactivation,
    expansion,
    contraction,
    churned,
    closing,
    is_complete as complete,
from revenue_period
