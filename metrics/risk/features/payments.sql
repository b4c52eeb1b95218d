-- about: Payments that failed in the 90 days before, and whether the last attempt did.
select
    w.account_key,
    w.day,
    count(*) filter (p.outcome = 'failed' and p.attempted_at >= w.instant - interval 30 day) as failed_30,
    count(*) filter (p.outcome = 'failed') as failed_90,
    cast(arg_max(p.outcome = 'failed', row(p.attempted_at, p.seq)) as integer) as last_failed,
from risk_wanted as w
join risk_payment as p
    on p.account_key = w.account_key and p.attempted_at < w.instant and p.attempted_at >= w.instant - interval 90 day
group by w.account_key, w.day
