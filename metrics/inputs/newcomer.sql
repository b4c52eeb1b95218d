-- about: The accounts of the stale periods: when they reached value, or how long they have not.
with every as (
    select
        kept_onboarding.account_key,
        kept_onboarding.profile_key,
        kept_onboarding.created_at,
        kept_onboarding.value_us,
        grain_name.grain,
        case grain_name.grain
            when 'day' then kept_onboarding.created_day
            when 'week' then week_of(kept_onboarding.created_day)
            else month_of(kept_onboarding.created_day)
        end as period_start,
    from kept_onboarding
    cross join grain_name
)
select
    every.account_key,
    every.profile_key,
    every.created_at,
    every.value_us,
    epoch_us(cast($as_of as timestamp)) - epoch_us(every.created_at) as age_us,
    every.grain,
    every.period_start,
from every
semi join stale_period on stale_period.grain = every.grain and stale_period.period_start = every.period_start
