-- One row an account. The export calls the plan a tier and the channel a referral source.
select
    account_id,
    signup_date as created_at,  -- a date is its midnight in the zone given with --zone
    account_name as name,
    plan_tier as plan,
    country as region,
    referral_source as channel,
    industry,  -- not a column of the shape: kept as an attribute
    seats,
from ravenstack_accounts
