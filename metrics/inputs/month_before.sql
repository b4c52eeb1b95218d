-- about: The active days that matter, as they were kept: a bit a day.
select
    kept_month.actor_key,
    kept_month.month,
    kept_month.days,
from kept_month
join wanted_actor on
    wanted_actor.actor_key = kept_month.actor_key
    and kept_month.month between wanted_actor.from_day and wanted_actor.to_day
where kept_month.month between $low and $high
