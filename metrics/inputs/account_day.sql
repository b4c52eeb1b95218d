-- about: The local days on which an account did something that counts as engagement.
select distinct
    events.account_key,
    events.day,
from events
join account on account.account_key = events.account_key
where
    events.occurred_at >= account.created_at
    and events.occurred_at <= $as_of
    and ($any_event or events.name_key in (
        select name_key from event_names where name in (select name from setting_engagement)
    ))
