-- about: The share of a month's sign-ups that had reached value after so many hours, with its 95 % interval.
-- caveat: Greenwood's variance. Beyond the longest wait seen so far the share is unknown: null.
with grid as (
    select cast(range as integer) as hours from range(0, 49)
    union all
    select cast(range as integer) as hours from range(60, 721, 12)
),
curve as (
    select
        period_key,
        segment_key,
        cast(ceil(elapsed_us / 3600000000) as bigint) as hour,
        nth,
        size,
        is_reached,
        share_waiting,
        sum(is_reached) over so_far as reached,
        sum(is_reached / nullif(cast(size - nth + 1 as bigint) * (size - nth), 0)) over so_far as greenwood,
        max(elapsed_us) over (partition by period_key, segment_key) as longest_us,
    from survival
    where grain = 'month'
    window so_far as (partition by period_key, segment_key order by nth rows unbounded preceding)
),
readings as (
    select
        period_key,
        segment_key,
        case when hour <= 48 then hour else ceil(hour / 12) * 12 end as hours,
        max(nth) as nth,
        min(share_waiting) filter (is_reached = 1) as share_waiting,
        max(reached) as reached,
        max(greenwood) as greenwood,
    from curve
    where hour <= 720
    group by all
),
curves as (
    select distinct period_key, segment_key, size, longest_us from curve
),
asked as (
    select
        curves.period_key,
        curves.segment_key,
        grid.hours,
        curves.size,
        curves.longest_us < grid.hours * 3600000000 as is_beyond,
        coalesce(max(readings.nth) over so_far, 0) as passed,
        coalesce(max(readings.reached) over so_far, 0) as reached,
        coalesce(min(readings.share_waiting) over so_far, 1) as share_waiting,
        max(readings.greenwood) over so_far as greenwood,
    from curves
    cross join grid
    left join readings
        on readings.period_key = curves.period_key
        and readings.segment_key = curves.segment_key
        and readings.hours = grid.hours
    window so_far as (
        partition by curves.period_key, curves.segment_key order by grid.hours rows unbounded preceding
    )
),
shared as (
    select
        period_key,
        segment_key,
        hours,
        reached,
        size - passed as at_risk,
        case when is_beyond and share_waiting > 0 then null else 1 - share_waiting end as share,
        1.959963984540054 * share_waiting * sqrt(coalesce(greenwood, 0)) as margin,
    from asked
)
select
    calendar.period_start,
    segment.dimension,
    segment.segment,
    shared.hours,
    round(shared.share, 12) as share,
    round(greatest(shared.share - shared.margin, 0), 12) as lower,
    round(least(shared.share + shared.margin, 1), 12) as upper,
    cast(shared.reached as bigint) as reached,
    cast(shared.at_risk as bigint) as at_risk,
from shared
join calendar on calendar.period_key = shared.period_key
join segment on segment.segment_key = shared.segment_key
