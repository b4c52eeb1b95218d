-- Support tickets, one to one; an empty closing time is an open ticket.
select
    ticket_id,
    account_id,
    submitted_at as opened_at,
    closed_at,
    priority,
    satisfaction_score as satisfaction,
    escalation_flag,
from ravenstack_support_tickets
