-- about: The Kaplan-Meier curve of reaching value: one row an account, in order of time, for every period and segment.
-- caveat: Events and censored accounts of one instant stand in that order. The curve is the plain share still
--   waiting, raised for every account that was censored before; so without censoring it is exact.
--   Read it on rows where value was reached; between them it does not fall.
with ordered as (
    select
        account_onboarding.created_day,
        account_onboarding.profile_key,
        coalesce(account_onboarding.value_us, account_onboarding.age_us) as elapsed_us,
        case when account_onboarding.value_us is null then 0 else 1 end as is_reached,
        cast(
            row_number() over (
                order by
                    coalesce(account_onboarding.value_us, account_onboarding.age_us),
                    case when account_onboarding.value_us is null then 1 else 0 end,
                    account_onboarding.account_key
            ) as integer
        ) as place,
    from account_onboarding
),
ranked as (
    select
        day_period.grain,
        day_period.period_key,
        profile_segment.segment_key,
        ordered.elapsed_us,
        ordered.is_reached,
        cast(
            row_number() over (
                partition by day_period.period_key, profile_segment.segment_key order by ordered.place
            ) as integer
        ) as nth,
        cast(
            count(*) over (partition by day_period.period_key, profile_segment.segment_key) as integer
        ) as size,
    from ordered
    join day_period on day_period.day = ordered.created_day
    join profile_segment on profile_segment.profile_key = ordered.profile_key
)
select
    ranked.grain,
    ranked.period_key,
    ranked.segment_key,
    ranked.elapsed_us,
    ranked.is_reached,
    ranked.nth,
    ranked.size,
    cast(ranked.size - ranked.nth as double) / nullif(ranked.size, 0) * exp(
        coalesce(
            cast(
                sum(
                    case
                        when ranked.is_reached = 0 and ranked.nth < ranked.size
                            then ln(
                                cast(ranked.size - ranked.nth + 1 as double)
                                / nullif(ranked.size - ranked.nth, 0)
                            )
                        else 0
                    end
                ) over (
                    partition by ranked.period_key, ranked.segment_key
                    order by ranked.nth
                    rows between unbounded preceding and current row
                ) as double
            ),
            0
        )
    ) as share_waiting,
from ranked
