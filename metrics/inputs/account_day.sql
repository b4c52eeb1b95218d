-- about: The local days on which an account did something that counts as engagement, and when it last did so.
select
    account_key,
    day,
    max(occurred_at) as last_at,
from events
where
    occurred_at <= $as_of
    and ($any_event or name_key in (
        select name_key from event_names where name in (select name from setting_engagement)
    ))
group by account_key, day
