-- about: Tickets of the 90 days before; how satisfied somebody was is known once the ticket is closed.
select
    w.account_key,
    w.day,
    count(*) filter (t.opened_at >= w.instant - interval 30 day) as tickets_30,
    count(*) as tickets_90,
    count(*) filter (t.closed_at is null or t.closed_at >= w.instant) as tickets_open,
    cast(sum(cast(round(t.satisfaction * 1000) as bigint)) filter (t.closed_at < w.instant) as bigint) / 1000.0
        / nullif(count(t.satisfaction) filter (t.closed_at < w.instant), 0) as satisfaction,
from risk_wanted as w
join risk_ticket as t
    on t.account_key = w.account_key and t.opened_at < w.instant and t.opened_at >= w.instant - interval 90 day
group by w.account_key, w.day
