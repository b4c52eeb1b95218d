-- about: How many accounts of a curve and segment reached value, or are as old, up to each hour at which curves are read.
-- caveat: Beyond the last of these hours, hours is null. Only the curves of months are read by the hour.
select
    newcomer.curve,
    profile_segment.segment_key,
    case when newcomer.is_month then newcomer.hours end as hours,
    count(*) as ended,
    max(newcomer.waited_us) as longest_us,
from newcomer
join profile_segment on profile_segment.profile_key = newcomer.profile_key
group by all
