-- about: Every account that pays, with its risk to have no MRR within 30 days, where there is evidence for one.
with paying as (
    select account_key, arg_max(mrr_after, day) as mrr from kept_mrr_change group by account_key
)
select
    account_keys.account_id,
    kept_risk.risk,
    kept_risk.band,
    kept_risk_reason.reason_1,
    kept_risk_reason.reason_2,
    kept_risk_reason.reason_3,
    kept_risk_model.model,
from kept_risk
cross join kept_risk_model
join paying on paying.account_key = kept_risk.account_key and paying.mrr > 0
join account_keys on account_keys.account_key = kept_risk.account_key
left join kept_risk_reason on kept_risk_reason.account_key = kept_risk.account_key
where kept_risk.day = (select max(day) from kept_risk_day)
