-- about: The accounts touched, as they are (weight 1) and, under a negative key, as they were counted before (weight -1).
with before as (
    select * from kept_account anti join account_change on account_change.account_key = kept_account.account_key
    union all by name
    select * from account_before
)
select
    account_key,
    1 as weight,
    profile_key,
    created_at,
    created_day,
    epoch_us(cast($as_of as timestamp)) - epoch_us(created_at) as age_us,
from kept_account
semi join touched on touched.account_key = kept_account.account_key
union all
select
    -account_key,
    -1 as weight,
    profile_key,
    created_at,
    created_day,
    epoch_us(cast($before as timestamp)) - epoch_us(created_at) as age_us,
from before
semi join touched on touched.account_key = before.account_key
