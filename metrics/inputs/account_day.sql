-- about: The active days of the accounts touched, as they are and as they were (under a negative key).
-- caveat: Of an account that is counted otherwise, all of them; else those that changed and the active days next to
--   them, for a day counts by how far the one before and the one after are. What lies between is the same before and
--   after. None counts beyond 27 days or its month, so the months beside it are enough.
--   last_at is known for the day of sign-up, where it matters; see account_activity.
with otherwise as (
    select account_key from account_change where is_counted_otherwise
),
placed as (
    select
        month_before.*,
        coalesce(merged.into_key, month_before.actor_key) as now_key,
        coalesce(member_before.account_key, month_before.actor_key) as was_key,
    from month_before
    left join merged on merged.account_key = month_before.actor_key
    left join member_before on member_before.actor_key = month_before.actor_key
),
changed as (
    select distinct
        coalesce(merged.into_key, day_change.actor_key) as account_key,
        day_change.day,
        month_of(day_change.day) as month,
        day(day_change.day) as place,
    from day_change
    left join merged on merged.account_key = day_change.actor_key
),
near as (
    select
        placed.actor_key,
        placed.now_key,
        placed.was_key,
        placed.month,
        case
            when placed.month < changed.month then cast(placed.days as bigint)
            when placed.month = changed.month then placed.days & ((cast(1 as bigint) << (changed.place - 1)) - 1)
        end as earlier,
        case when placed.month = changed.month then placed.days & (cast(1 as bigint) << (changed.place - 1)) end as same,
        case
            when placed.month > changed.month then cast(placed.days as bigint)
            when placed.month = changed.month then (cast(placed.days as bigint) >> changed.place) << changed.place
        end as later,
    from placed
    join changed on changed.account_key = placed.now_key
    anti join otherwise on otherwise.account_key = placed.now_key
    where placed.month between month_of(add_days(changed.month, -1)) and add_days(changed.month, 31)
),
before as (
    select placed.actor_key, placed.now_key, placed.was_key, add_days(placed.month, bit.place) as day
    from placed
    join (select range as place from range(31)) as bit on (placed.days >> bit.place) & 1 = 1
    where
        placed.now_key in (select account_key from otherwise)
        or placed.was_key in (select account_key from otherwise)
    union
    select actor_key, now_key, was_key, add_days(month, floor(log2(earlier))) from near where earlier > 0
    union
    select actor_key, now_key, was_key, add_days(month, log2(same)) from near where same > 0
    union
    select actor_key, now_key, was_key, add_days(month, log2(later & -later)) from near where later > 0
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
