-- about: The active days that matter, as they were kept.
select
    kept_day.actor_key,
    kept_day.day,
    kept_day.last_at,
from kept_day
join wanted_actor on
    wanted_actor.actor_key = kept_day.actor_key
    and kept_day.day between wanted_actor.from_day and wanted_actor.to_day
where kept_day.day between $low and $high
