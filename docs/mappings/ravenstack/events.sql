-- Usage names its subscription, not its account; the subscriptions know whose they are.
-- Some usage ids come twice: the first row wins, because usage_id is the id of the event; a join may shuffle rows,
-- so their places in the file are kept and the order restored.
with
used as (
    select *, row_number() over () as place from ravenstack_feature_usage
)
select
    u.usage_id as event_id,
    s.account_id,
    u.usage_date as occurred_at,
    u.feature_name as name,
    u.usage_count as value,
    u.usage_duration_secs,
    u.error_count,
    u.is_beta_feature,
from used as u
inner join ravenstack_subscriptions as s on u.subscription_id = s.subscription_id
order by u.place
