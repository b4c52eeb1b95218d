-- about: The share of a month's sign-ups that had reached value after so many hours, with its 95 % interval.
-- caveat: Greenwood's variance. Beyond the longest wait seen so far the share is unknown: null.
with grid as (
    select cast(range as bigint) as hours from range(0, 49)
    union all
    select cast(range as bigint) as hours from range(60, 721, 12)
),
curve as (
    select
        period_key,
        segment_key,
        elapsed_us,
        is_reached,
        nth,
        size,
        share_waiting,
        sum(is_reached) over so_far as reached,
        sum(is_reached / nullif((size - nth + 1) * (size - nth), 0)) over so_far as greenwood,
        max(elapsed_us) over (partition by period_key, segment_key) as longest_us,
    from survival
    where grain = 'month'
    window so_far as (partition by period_key, segment_key order by nth rows unbounded preceding)
),
asked as (
    select distinct period_key, segment_key, size, longest_us, hours, hours * 3600000000 as hours_us
    from curve
    cross join grid
),
passed as (
    select period_key, segment_key, elapsed_us, max(nth) as nth from curve group by all
),
reading as (
    select
        asked.period_key,
        asked.segment_key,
        asked.hours,
        asked.size,
        asked.longest_us < asked.hours_us as is_beyond,
        passed.nth,
    from asked
    asof left join passed
        on passed.period_key = asked.period_key
        and passed.segment_key = asked.segment_key
        and passed.elapsed_us <= asked.hours_us
),
shared as (
    select
        reading.*,
        coalesce(curve.reached, 0) as reached,
        case
            when curve.nth is null then 0
            when reading.is_beyond and curve.reached < curve.size and curve.share_waiting > 0 then null
            else 1 - curve.share_waiting
        end as share,
        1.959963984540054 * coalesce(curve.share_waiting * sqrt(curve.greenwood), 0) as margin,
    from reading
    left join curve
        on curve.period_key = reading.period_key
        and curve.segment_key = reading.segment_key
        and curve.nth = reading.nth
)
select
    calendar.period_start,
    segment.dimension,
    segment.segment,
    cast(shared.hours as integer) as hours,
    round(shared.share, 12) as share,
    round(greatest(shared.share - shared.margin, 0), 12) as lower,
    round(least(shared.share + shared.margin, 1), 12) as upper,
    cast(shared.reached as bigint) as reached,
    cast(shared.size - coalesce(shared.nth, 0) as bigint) as at_risk,
from shared
join calendar on calendar.period_key = shared.period_key
join segment on segment.segment_key = shared.segment_key
order by all
