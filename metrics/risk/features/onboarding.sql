-- about: How long ago the account signed up, and how long it took to first value, or has taken so far.
select
    w.account_key,
    w.day,
    cast(coalesce(o.created_at + to_microseconds(o.value_us) < w.instant, false) as integer) as has_value,
    greatest(
        least(
            coalesce(o.value_us, 9000000000000000),
            epoch_us(w.instant) - epoch_us(o.created_at)
        ) / 3600000000.0,
        0
    ) as hours_to_value,
    cast(coalesce(o.activated_day < w.day, false) as integer) as is_activated,
    greatest(date_diff('day', o.created_day, w.day), 0) as age_days,
from risk_wanted as w
join kept_onboarding as o on o.account_key = w.account_key
