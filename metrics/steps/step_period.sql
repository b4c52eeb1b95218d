-- about: Matured accounts and those that reached each onboarding step and all before it.
with rolled as (
    select
        day_period.period_key,
        profile_segment.segment_key,
        setting_step.step,
        cast(sum(step_flow.accounts) as bigint) as matured,
        cast(
            sum(case when step_flow.steps_reached >= setting_step.step then step_flow.accounts else 0 end) as bigint
        ) as reached,
    from step_flow
    join day_period on day_period.day = step_flow.day
    join profile_segment on profile_segment.profile_key = step_flow.profile_key
    cross join setting_step
    group by day_period.period_key, profile_segment.segment_key, setting_step.step
)
select
    calendar.grain,
    calendar.period_start,
    segment.dimension,
    segment.segment,
    calendar.is_matured,
    setting_step.step,
    setting_step.name,
    coalesce(rolled.matured, 0) as matured,
    coalesce(rolled.reached, 0) as reached,
from calendar
cross join segment
cross join setting_step
left join rolled
    on rolled.period_key = calendar.period_key
    and rolled.segment_key = segment.segment_key
    and rolled.step = setting_step.step
where calendar.has_accounts
