-- about: Every segment that has an account, and how many.
select
    segment.dimension,
    segment.segment,
    count(kept_account.account_key) as accounts,
from segment
left join profile_segment on profile_segment.segment_key = segment.segment_key
left join kept_account on kept_account.profile_key = profile_segment.profile_key
group by all
