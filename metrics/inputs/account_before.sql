-- about: The accounts that changed, as they were.
select * from kept_account semi join account_change on account_change.account_key = kept_account.account_key
