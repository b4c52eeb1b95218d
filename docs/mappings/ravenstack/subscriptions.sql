-- The export keeps no history, only spans, so this gives `subscriptions` and not `subscription_changes`.
select
    subscription_id,
    account_id,
    start_date as started_at,
    end_date as ended_at,  -- empty while the subscription runs
    mrr_amount as mrr,  -- monthly already, also where billing is yearly
    plan_tier as plan,
    -- A trial carries the price it would have; as `trialing` it counts 0.
    case when is_trial then 'trialing' else 'active' end as status,
    billing_frequency,
    seats,
from ravenstack_subscriptions
