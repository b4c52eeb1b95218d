-- about: When an account first did each of the events that onboarding and value are named after.
with named as (
    select distinct event_names.name_key, event_names.name
    from event_names
    where name in (select name from setting_step union all select name from setting_value)
),
firsts as (
    select
        events.account_key,
        named.name,
        min(events.occurred_at) as first_at,
        any_value(account.created_at) as created_at,
    from events
    join named on named.name_key = events.name_key
    join account on account.account_key = events.account_key
    where events.occurred_at >= account.created_at and events.occurred_at <= $as_of
    group by events.account_key, named.name
)
select
    account_key,
    name,
    local_date(first_at) as day,
    epoch_us(first_at) - epoch_us(created_at) as elapsed_us,
from firsts
