-- about: The Kaplan-Meier curve of reaching value: a row for every account that did, by curve (a period) and segment.
-- caveat: nth counts all accounts in order of time, those that have not got there by their age. An account that
--   reached value alone leaves the share times (n - 1) / n of those still at risk, so accounts of one instant may
--   stand one after the other. Logarithms are added up as decimals: of floats the last digit would depend on the
--   order in which a refresh comes upon them, and some refresh would say another twelfth digit than a full one.
with sized as (
    select
        curve_count.curve,
        curve_count.segment_key,
        cast(sum(curve_count.ended) as integer) as size,
    from curve_count
    group by curve_count.curve, curve_count.segment_key
),
ranked as (
    select
        newcomer.curve,
        profile_segment.segment_key,
        newcomer.value_us,
        newcomer.hours,
        cast(
            row_number() over (
                partition by newcomer.curve, profile_segment.segment_key order by newcomer.place
            ) as integer
        ) as nth,
    from newcomer
    join profile_segment on profile_segment.profile_key = newcomer.profile_key
    where not newcomer.outlasts_all
),
counted as (
    select
        ranked.curve,
        ranked.segment_key,
        ranked.value_us,
        ranked.hours,
        ranked.nth,
        sized.size,
    from ranked
    join sized on sized.curve = ranked.curve and sized.segment_key = ranked.segment_key
    where ranked.value_us is not null
)
select
    counted.curve,
    counted.segment_key,
    counted.value_us,
    counted.hours,
    counted.nth,
    counted.size,
    case
        when counted.nth = counted.size then 0
        else exp(
            cast(
                sum(
                    cast(
                        ln(
                            nullif(cast(counted.size - counted.nth as double), 0)
                            / nullif(cast(counted.size - counted.nth + 1 as double), 0)
                        )
                        as decimal(38, 30)
                    )
                ) over (
                    partition by counted.curve, counted.segment_key
                    order by counted.nth
                    rows between unbounded preceding and current row
                ) as double
            )
        )
    end as share_waiting,
from counted
