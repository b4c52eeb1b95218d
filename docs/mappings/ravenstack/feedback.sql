-- Why customers left, in their own words where they gave any.
select
    churn_event_id as feedback_id,
    account_id,
    churn_date as given_at,
    reason_code as reason,
    feedback_text as text,
    refund_amount_usd,
    is_reactivation,
from ravenstack_churn_events
