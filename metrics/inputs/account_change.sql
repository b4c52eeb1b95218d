-- about: Which of the accounts named are not what they were: in anything shown, in what is counted, in whose events.
with compared as (
    select
        named_account.account_key,
        now.account_key is null or was.account_key is null or now.profile_key <> was.profile_key
            or now.created_at <> was.created_at or shifted.account_key is not null as is_counted_otherwise,
        was.account_key is null or now.account_key is null or now.created_at <> was.created_at
            or shifted.account_key is not null as has_other_events,
        now is distinct from was as is_shown_otherwise,
    from named_account
    left join account_after as now on now.account_key = named_account.account_key
    left join kept_account as was on was.account_key = named_account.account_key
    left join (
        select old_key as account_key from moved union select new_key from moved
    ) as shifted on shifted.account_key = named_account.account_key
    where now.account_key is not null or was.account_key is not null
)
select *
from compared
where is_counted_otherwise or is_shown_otherwise
