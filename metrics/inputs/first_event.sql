-- about: When the accounts touched first did each of the events that onboarding and value are named after; also before.
with after as (
    select * from kept_first_event anti join first_change
        on first_change.account_key = kept_first_event.account_key and first_change.name_key = kept_first_event.name_key
    union all
    select account_key, name_key, first_at from first_change where first_at is not null
),
both_ways as (
    select account_key, name_key, first_at
    from after
    semi join touched on touched.account_key = after.account_key
    union all
    select -account_key, name_key, first_at
    from kept_first_event
    semi join touched on touched.account_key = kept_first_event.account_key
)
select
    both_ways.account_key,
    event_names.name,
    local_date(both_ways.first_at) as day,
    epoch_us(both_ways.first_at) - epoch_us(account.created_at) as elapsed_us,
from both_ways
join account on account.account_key = both_ways.account_key
join event_names on event_names.name_key = both_ways.name_key
