-- says: A rate lies outside 0 to 1, or outside its interval
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
where lower is not null and not (0 <= lower and lower <= value and value <= upper and upper <= 1)
