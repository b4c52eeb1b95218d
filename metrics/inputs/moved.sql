-- about: The ids that stand for another account than they did at the last refresh.
with told as (
    select account_key, arg_min(old_key, (import_id, rowid)) as old_key
    from merges
    where import_id > $since
    group by account_key
)
select
    told.account_key as actor_key,
    told.old_key,
    coalesce(merged.into_key, told.account_key) as new_key,
from told
left join merged on merged.account_key = told.account_key
where told.old_key <> coalesce(merged.into_key, told.account_key)
