-- about: Invoices overdue just before, and those disputed in the 90 days before.
-- caveat: An invoice was unpaid until the moment it was paid, whatever is known of it since.
select
    w.account_key,
    w.day,
    count(*) filter (
        i.due_at < w.instant and i.amount > 0
        and (i.paid_at is null or i.paid_at >= w.instant) and (i.voided_at is null or i.voided_at >= w.instant)
    ) as overdue,
    count(*) filter (i.disputed_at < w.instant and i.disputed_at >= w.instant - interval 90 day) as disputed_90,
from risk_wanted as w
join risk_invoice as i
    on i.account_key = w.account_key and i.issued_at < w.instant and i.issued_at >= w.instant - interval 180 day
group by w.account_key, w.day
