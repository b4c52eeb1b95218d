-- about: The local days on which an id newly did something that counts as engagement, and when it last did so.
select
    actor_key,
    day,
    max(occurred_at) as last_at,
    cast(count(*) as integer) as events,
from arrived
where $any_event or name_key in (
    select name_key from event_names where name in (select name from setting_engagement)
)
group by actor_key, day
