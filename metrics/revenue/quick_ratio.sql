-- title: Quick ratio
-- unit: ratio
-- better: up
-- about: MRR won (new, reactivated, expansion) over MRR lost (contraction, churned) in the period.
-- caveat: Empty where nothing was lost. Small losses make it very large; read it with the amounts.
select
    grain,
    period_start,
    dimension,
    segment,
    ratio(new + reactivation + expansion, -(contraction + churned)) as value,
    new + reactivation + expansion as numerator,
    -(contraction + churned) as denominator,
    is_complete as complete,
from revenue_period
