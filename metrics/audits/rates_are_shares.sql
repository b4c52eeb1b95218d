-- says: A figure lies outside its interval, a rate outside 0 to 1, or an amount is endless
select
    metric,
    grain,
    period_start,
    dimension,
    segment,
    value,
    lower,
    upper,
from edition.figures
where
    (
        lower is not null
        and not (0 <= lower and lower <= value and value <= upper and (upper <= 1 or metric = 'lifetime_value'))
    )
    or not isfinite(value)
