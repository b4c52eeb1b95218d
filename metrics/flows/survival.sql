-- about: The Kaplan-Meier curve of reaching value: a row for every account that did, by curve (a period) and segment.
-- caveat: nth counts all accounts in order of time, those that have not got there by their age. An account that
--   reached value alone leaves the share times (n - 1) / n of those still at risk, so accounts of one instant may
--   stand one after the other.
with ranked as (
    select
        newcomer.curve,
        profile_segment.segment_key,
        newcomer.value_us,
        cast(
            row_number() over (
                partition by newcomer.curve, profile_segment.segment_key order by newcomer.place
            ) as integer
        ) as nth,
        cast(
            count(*) over (partition by newcomer.curve, profile_segment.segment_key) as integer
        ) as size,
    from newcomer
    join profile_segment on profile_segment.profile_key = newcomer.profile_key
)
select
    ranked.curve,
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
                    partition by ranked.curve, ranked.segment_key
                    order by ranked.nth
                    rows between unbounded preceding and current row
                ) as double
            )
        )
    end as share_waiting,
from ranked
where ranked.value_us is not null
