-- about: The rate in force on each day on which a foreign subscription changed.
with wanted as (
    select distinct
        currency,
        day,
    from subscription_change
    where not is_base
),
arrivals as (
    select
        currency,
        date,
        rate,
        row_number() over (partition by currency, date order by seq) as arrival,
    from fx_rates
),
known as (
    select currency, date, rate from arrivals where arrival = 1
)
select
    wanted.currency,
    wanted.day,
    known.rate,
from wanted
asof join known on known.currency = wanted.currency and known.date <= wanted.day
