-- about: The share of a month's sign-ups that had reached value after so many hours, with its 95 % interval.
-- caveat: Greenwood's variance. Beyond the longest wait seen so far the share is unknown: null.
with grid as (
    select cast(range as integer) as hours, cast(range as bigint) * 3600000000 as us from range(0, 49)
    union all
    select cast(range as integer) as hours, cast(range as bigint) * 3600000000 as us from range(60, 721, 12)
),
month as (
    select curve, period_start from stale_period where grain = 'month'
),
reached as (
    select
        survival.curve,
        survival.segment_key,
        survival.value_us,
        survival.share_waiting,
        1 / nullif(cast(size - nth + 1 as bigint) * (size - nth), 0) as greenwood,
    from survival
    semi join month on month.curve = survival.curve
    where survival.value_us <= (select max(us) from grid)
),
reached_by as (
    select
        reached.curve,
        reached.segment_key,
        grid.hours,
        min(reached.share_waiting) as share_waiting,
        count(*) as reached,
        sum(reached.greenwood) as greenwood,
    from reached
    asof join grid on grid.us >= reached.value_us
    group by all
),
counted as (
    select
        curve,
        profile_key,
        coalesce(value_us, age_us) as waited_us,
    from newcomer
    semi join month on month.curve = newcomer.curve
),
ended_by as (
    select counted.curve, profile_segment.segment_key, grid.hours, count(*) as ended
    from counted
    join profile_segment on profile_segment.profile_key = counted.profile_key
    asof join grid on grid.us >= counted.waited_us
    group by all
),
curves as (
    select counted.curve, profile_segment.segment_key, count(*) as size, max(counted.waited_us) as longest_us
    from counted
    join profile_segment on profile_segment.profile_key = counted.profile_key
    group by all
),
asked as (
    select
        curves.curve,
        curves.segment_key,
        grid.hours,
        curves.longest_us < grid.us as is_beyond,
        coalesce(sum(reached_by.reached) over so_far, 0) as reached,
        curves.size - coalesce(sum(ended_by.ended) over so_far, 0) as at_risk,
        coalesce(min(reached_by.share_waiting) over so_far, 1) as share_waiting,
        coalesce(sum(reached_by.greenwood) over so_far, 0) as greenwood,
    from curves
    cross join grid
    left join reached_by using (curve, segment_key, hours)
    left join ended_by using (curve, segment_key, hours)
    window so_far as (
        partition by curves.curve, curves.segment_key order by grid.hours rows unbounded preceding
    )
),
shared as (
    select
        *,
        case when is_beyond and share_waiting > 0 then null else 1 - share_waiting end as share,
        1.959963984540054 * share_waiting * sqrt(greenwood) as margin,
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
