-- about: The accounts of the stale periods: when they reached value, or how long they have not; place orders them all.
-- caveat: At equal times those that reached value come first: who still waits is at risk until then.
with stale_day as (
    select
        stale_period.curve,
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
        cast(
            row_number() over (order by coalesce(value_us, age_us), value_us is null, account_key) as integer
        ) as place,
    from ordered
)
select
    stale_day.curve,
    placed.place,
    placed.profile_key,
    placed.created_at,
    placed.value_us,
    placed.age_us,
from placed
join stale_day on stale_day.created_day = placed.created_day
