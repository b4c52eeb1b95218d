-- about: How often each source brought something new in the last seven days, and the longest pause in minutes.
-- caveat: A pause counts once it is over; how long a source has been silent now is for the reader to see.
with paused as (
    select
        source_key,
        minute,
        date_diff('minute', lag(minute) over (partition by source_key order by minute), minute) as pause,
    from arrivals
    where minute > $as_of - to_days(7) and minute <= $as_of
)
select
    sources.source,
    count(*) as minutes,
    min(paused.minute) as first_at,
    max(paused.minute) as last_at,
    coalesce(max(paused.pause), 0) as longest_pause,
from paused
join sources on sources.source_key = paused.source_key
group by sources.source
