-- says: Opening MRR is not the closing MRR of the period before
-- of: revenue_period
with following as (
    select
        *,
        lag(closing, 1, 0) over (partition by grain, dimension, segment order by period_start) as closing_before,
    from edition.movements
)
select
    grain,
    period_start,
    dimension,
    segment,
    opening,
    closing_before,
from following
where opening <> closing_before
