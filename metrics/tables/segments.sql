-- about: Every segment that has an account, and how many.
with profile as (
    select profile_key, count(*) as accounts from kept_account group by profile_key
)
select
    segment.dimension,
    segment.segment,
    cast(coalesce(sum(profile.accounts), 0) as bigint) as accounts,
from segment
left join profile_segment on profile_segment.segment_key = segment.segment_key
left join profile on profile.profile_key = profile_segment.profile_key
group by segment.dimension, segment.segment
