-- about: What the risk of accounts was one and four weeks before.
select
    account_keys.account_id,
    max(kept_risk.risk) filter (kept_risk.day = newest.day - 7) as risk_7,
    max(kept_risk.risk) filter (kept_risk.day = newest.day - 28) as risk_28,
from kept_risk
join (select max(day) as day from kept_risk_day) as newest
    on kept_risk.day in (newest.day - 7, newest.day - 28)
join account_keys on account_keys.account_key = kept_risk.account_key
where kept_risk.risk is not null
group by account_keys.account_id
