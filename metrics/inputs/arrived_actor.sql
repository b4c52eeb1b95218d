-- about: Of every id with new events, the first of them and the days from the first to the last.
select
    actor_key,
    min(occurred_at) as first_at,
    min(day) as first_day,
    max(day) as last_day,
from arrived
group by actor_key
