-- about: Sign-ups, matured accounts and activations for every period and segment since the first account.
with rolled as (
    select
        day_period.period_key,
        profile_segment.segment_key,
        cast(sum(onboarding_flow.signups) as bigint) as signups,
        cast(sum(onboarding_flow.matured) as bigint) as matured,
        cast(sum(onboarding_flow.activated) as bigint) as activated,
        cast(sum(onboarding_flow.activations) as bigint) as activations,
    from onboarding_flow
    join day_period on day_period.day = onboarding_flow.day
    join profile_segment on profile_segment.profile_key = onboarding_flow.profile_key
    group by day_period.period_key, profile_segment.segment_key
)
select
    calendar.grain,
    calendar.period_start,
    segment.dimension,
    segment.segment,
    calendar.is_complete,
    calendar.is_matured,
    coalesce(rolled.signups, 0) as signups,
    coalesce(rolled.matured, 0) as matured,
    coalesce(rolled.activated, 0) as activated,
    coalesce(rolled.activations, 0) as activations,
from calendar
cross join segment
left join rolled on rolled.period_key = calendar.period_key and rolled.segment_key = segment.segment_key
where calendar.has_accounts
