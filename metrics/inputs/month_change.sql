-- about: The months that have active days more than were kept.
select
    day_change.actor_key,
    month_of(day_change.day) as month,
    bit_or(1 << (day(day_change.day) - 1)) | coalesce(any_value(month_before.days), 0) as days,
from day_change
left join month_before
    on month_before.actor_key = day_change.actor_key and month_before.month = month_of(day_change.day)
where day_change.is_new
group by day_change.actor_key, month_of(day_change.day)
