-- title: Active accounts
-- unit: count
-- better: up
-- about: Accounts that did something that counts as engagement in the period.
-- caveat: One event is enough. An account active on five days of a week counts once in that week.
select
    grain,
    period_start,
    dimension,
    segment,
    active_accounts as value,
    is_complete as complete,
from activity_period
