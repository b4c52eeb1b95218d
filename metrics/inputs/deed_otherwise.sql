-- about: The accounts whose events count otherwise than before: all that was kept of them goes.
select account_key from account_change where has_other_events
