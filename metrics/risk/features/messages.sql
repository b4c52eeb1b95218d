-- about: Messages of the 90 days before: how many, what share was opened or clicked, and whether somebody unsubscribed.
select
    w.account_key,
    w.day,
    count(*) as messages_90,
    (count(*) filter (m.opened_at < w.instant or m.clicked_at < w.instant) + 1) / (count(*) + 2.0) as opened_share,
    cast(max(case when m.unsubscribed_at < w.instant then 1 else 0 end) as integer) as unsubscribed,
from risk_wanted as w
join risk_message as m
    on m.account_key = w.account_key and m.sent_at < w.instant and m.sent_at >= w.instant - interval 90 day
group by w.account_key, w.day
