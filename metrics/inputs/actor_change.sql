-- about: When an id first and last did anything, where that is not what was kept.
select
    found.actor_key,
    least(found.first_at, kept.first_at) as first_at,
    least(found.first_day, kept.first_day) as first_day,
    greatest(found.last_day, kept.last_day) as last_day,
from arrived_actor as found
left join kept_actor as kept on kept.actor_key = found.actor_key
where
    kept.actor_key is null
    or found.first_at < kept.first_at
    or found.first_day < kept.first_day
    or found.last_day > kept.last_day
