-- about: Active accounts by day and segment, counted so that weeks, months and 28 days add up without doubles.
-- caveat: change_28 is by how many accounts the trailing 28 days differ from those of the day before.
select
    activity_flow.day,
    profile_segment.segment_key,
    cast(sum(activity_flow.active) as bigint) as active,
    cast(sum(activity_flow.first_in_week) as bigint) as first_in_week,
    cast(sum(activity_flow.first_in_month) as bigint) as first_in_month,
    cast(sum(activity_flow.change_28) as bigint) as change_28,
from activity_flow
join profile_segment on profile_segment.profile_key = activity_flow.profile_key
group by activity_flow.day, profile_segment.segment_key
