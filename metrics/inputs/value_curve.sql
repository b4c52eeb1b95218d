-- about: The share of a month's sign-ups that had reached value after so many hours, with its 95 % interval.
-- caveat: Greenwood's variance, added up as decimals as in survival. Beyond the longest wait seen so far the share is
--   unknown: null.
with grid as (
    select cast(range as integer) as hours from range(0, 49)
    union all
    select cast(range as integer) as hours from range(60, 721, 12)
),
month as (
    select curve, period_start from stale_period where grain = 'month'
),
reached_by as (
    select
        survival.curve,
        survival.segment_key,
        survival.hours,
        min(survival.share_waiting) as share_waiting,
        count(*) as reached,
        sum(
            cast(
                1 / nullif(cast(survival.size - survival.nth + 1 as bigint) * (survival.size - survival.nth), 0)
                as decimal(38, 30)
            )
        ) as greenwood,
    from survival
    semi join month on month.curve = survival.curve
    where survival.hours is not null
    group by all
),
curves as (
    select curve_count.curve, curve_count.segment_key, sum(ended) as size, max(longest_us) as longest_us
    from curve_count
    semi join month on month.curve = curve_count.curve
    group by all
),
asked as (
    select
        curves.curve,
        curves.segment_key,
        grid.hours,
        curves.longest_us < cast(grid.hours as bigint) * 3600000000 as is_beyond,
        coalesce(sum(reached_by.reached) over so_far, 0) as reached,
        curves.size - coalesce(sum(curve_count.ended) over so_far, 0) as at_risk,
        coalesce(min(reached_by.share_waiting) over so_far, 1) as share_waiting,
        coalesce(sum(reached_by.greenwood) over so_far, 0) as greenwood,
    from curves
    cross join grid
    left join reached_by using (curve, segment_key, hours)
    left join curve_count using (curve, segment_key, hours)
    window so_far as (
        partition by curves.curve, curves.segment_key order by grid.hours rows unbounded preceding
    )
),
shared as (
    select
        *,
        case when is_beyond and share_waiting > 0 then null else 1 - share_waiting end as share,
        1.959963984540054 * share_waiting * sqrt(cast(greenwood as double)) as margin,
    from asked
)
select
    month.period_start,
    segment.dimension,
    segment.segment,
    shared.hours,
    round(shared.share, 12) as share,
    round(greatest(shared.share - shared.margin, 0), 12) as lower,
    round(least(shared.share + shared.margin, 1), 12) as upper,
    cast(shared.reached as bigint) as reached,
    cast(shared.at_risk as bigint) as at_risk,
from shared
join month on month.curve = shared.curve
join segment on segment.segment_key = shared.segment_key
