-- about: The active days of the accounts touched, as they are and as they were (under a negative key).
-- caveat: last_at is known for the day of sign-up, where it matters; see account_activity.
with placed as (
    select
        month_before.*,
        coalesce(merged.into_key, month_before.actor_key) as now_key,
        coalesce(member_before.account_key, month_before.actor_key) as was_key,
    from month_before
    left join merged on merged.account_key = month_before.actor_key
    left join member_before on member_before.actor_key = month_before.actor_key
),
before as (
    select
        placed.actor_key,
        placed.now_key,
        placed.was_key,
        add_days(placed.month, bit.place) as day,
    from placed
    join (select range as place from range(31)) as bit on (placed.days >> bit.place) & 1 = 1
    where
        add_days(placed.month, bit.place) between placed.from_day and placed.to_day
        and (
            placed.now_key in (select account_key from touched)
            or placed.was_key in (select account_key from touched)
        )
),
timed as (
    select before.*, kept_last.last_at
    from before
    left join kept_last on kept_last.actor_key = before.actor_key and kept_last.day = before.day
),
both_ways as (
    select timed.now_key as account_key, timed.day, timed.last_at
    from timed
    anti join day_change on day_change.actor_key = timed.actor_key and day_change.day = timed.day
    semi join touched on touched.account_key = timed.now_key
    union all
    select coalesce(merged.into_key, day_change.actor_key), day_change.day, day_change.last_at
    from day_change
    left join merged on merged.account_key = day_change.actor_key
    union all
    select -timed.was_key, timed.day, timed.last_at
    from timed
    semi join touched on touched.account_key = timed.was_key
)
select
    account_key,
    day,
    max(last_at) as last_at,
from both_ways
group by account_key, day
