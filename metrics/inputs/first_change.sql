-- about: First occurrences of the events that onboarding and value are named after, where they are not what was kept.
with named as (
    select name_key
    from event_names
    where name in (select name from setting_step union all select name from setting_value)
),
candidate as (
    select
        kept_account.account_key,
        arrived.name_key,
        min(arrived.occurred_at) as first_at,
    from arrived
    semi join named on named.name_key = arrived.name_key
    left join merged on merged.account_key = arrived.actor_key
    join kept_account on kept_account.account_key = coalesce(merged.into_key, arrived.actor_key)
    where arrived.occurred_at >= kept_account.created_at
    group by all
    union all
    select
        recalled.account_key,
        recalled.name_key,
        min(recalled.occurred_at),
    from recalled
    semi join named on named.name_key = recalled.name_key
    join kept_account on kept_account.account_key = recalled.account_key
    where recalled.occurred_at >= kept_account.created_at
    group by all
),
earliest as (
    select account_key, name_key, min(first_at) as first_at from candidate group by account_key, name_key
),
kept as (
    select kept_first_event.*
    from kept_first_event
    where account_key in (select account_key from earliest)
        or account_key in (select account_key from account_change where has_other_events)
)
select
    coalesce(earliest.account_key, kept.account_key) as account_key,
    coalesce(earliest.name_key, kept.name_key) as name_key,
    case
        when account_change.has_other_events then earliest.first_at
        else least(earliest.first_at, kept.first_at)
    end as first_at,
from earliest
full join kept on kept.account_key = earliest.account_key and kept.name_key = earliest.name_key
left join account_change on account_change.account_key = coalesce(earliest.account_key, kept.account_key)
where case
        when account_change.has_other_events then earliest.first_at
        else least(earliest.first_at, kept.first_at)
    end is distinct from kept.first_at
