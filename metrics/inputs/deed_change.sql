-- about: The accounts of which anything is new by the name of an event.
select account_key from deed_otherwise
union
select account_key from deed_early
union
select account_key from deed_first
