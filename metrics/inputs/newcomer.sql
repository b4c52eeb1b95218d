-- about: The accounts of the stale periods: when they reached value, or how long they have not; place orders them all.
-- caveat: At equal times those that reached value come first: who still waits is at risk until then. Who waits longer
--   than anybody of the period took is told apart: it counts, and stands after all others.
with stale_day as (
    select
        stale_period.curve,
        stale_period.grain = 'month' as is_month,
        days.created_day,
    from (select distinct created_day from kept_onboarding) as days
    cross join grain_name
    join stale_period
        on stale_period.grain = grain_name.grain
        and stale_period.period_start = case grain_name.grain
            when 'day' then days.created_day
            when 'week' then week_of(days.created_day)
            else month_of(days.created_day)
        end
),
ordered as (
    select
        account_key,
        profile_key,
        created_at,
        created_day,
        value_us,
        epoch_us(cast($as_of as timestamp)) - epoch_us(created_at) as age_us,
    from kept_onboarding
    where created_day in (select created_day from stale_day)
),
placed as (
    select
        *,
        coalesce(value_us, age_us) as waited_us,
        cast(
            row_number() over (order by coalesce(value_us, age_us), value_us is null, account_key) as integer
        ) as place,
    from ordered
),
longest as (
    select stale_day.curve, max(ordered.value_us) as value_us
    from ordered
    join stale_day on stale_day.created_day = ordered.created_day
    group by stale_day.curve
)
select
    stale_day.curve,
    stale_day.is_month,
    placed.place,
    placed.profile_key,
    placed.created_at,
    placed.value_us,
    placed.age_us,
    placed.waited_us,
    cast(
        case
            when placed.waited_us <= 48 * 3600000000 then (placed.waited_us + 3600000000 - 1) // 3600000000
            when placed.waited_us <= 720 * 3600000000 then 12 * ((placed.waited_us + 43200000000 - 1) // 43200000000)
        end as integer
    ) as hours,
    placed.value_us is null and placed.age_us > coalesce(longest.value_us, -1) as outlasts_all,
from placed
join stale_day on stale_day.created_day = placed.created_day
join longest on longest.curve = stale_day.curve
