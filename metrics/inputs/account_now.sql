-- about: Every account as it is after this refresh.
select * from account_after semi join account_change on account_change.account_key = account_after.account_key
union all by name
select * from kept_account anti join account_change on account_change.account_key = kept_account.account_key
