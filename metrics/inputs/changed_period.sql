-- about: The periods whose curve of reaching value may have changed: by an account of theirs, or by time alone.
with changed_day as (
    select created_day
    from account_onboarding
    group by abs(account_key), created_day, created_at, profile_key, value_us
    having sum(weight) <> 0
)
select
    grain_name.grain,
    case grain_name.grain
        when 'day' then created_day
        when 'week' then week_of(created_day)
        else month_of(created_day)
    end as period_start,
from (select distinct created_day from changed_day)
cross join grain_name
union
select grain, period_start from kept_next where next_at <= $as_of
