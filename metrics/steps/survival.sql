-- about: The Kaplan-Meier curve of reaching value: a row for every account that did, by period and segment.
-- caveat: nth counts all accounts in order of time, those that have not got there by their age; at equal times they
--   come after those that have. An account that reached value alone leaves the share times (n - 1) / n of those
--   still at risk, so accounts of one instant may stand one after the other.
with ordered as (
    select
        account_onboarding.created_day,
        account_onboarding.profile_key,
        account_onboarding.value_us,
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
        day_period.period_key,
        profile_segment.segment_key,
        ordered.value_us,
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
    ranked.period_key,
    ranked.segment_key,
    ranked.value_us,
    ranked.nth,
    ranked.size,
    case
        when ranked.nth = ranked.size then 0
        else exp(
            cast(
                sum(
                    ln(
                        cast(ranked.size - ranked.nth as double)
                        / nullif(cast(ranked.size - ranked.nth + 1 as double), 0)
                    )
                ) over (
                    partition by ranked.period_key, ranked.segment_key
                    order by ranked.nth
                    rows between unbounded preceding and current row
                ) as double
            )
        )
    end as share_waiting,
from ranked
where ranked.value_us is not null
