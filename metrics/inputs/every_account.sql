-- about: Every id that is nobody else's, for a refresh from the facts alone.
select distinct coalesce(merged.into_key, account_keys.account_key) as account_key
from account_keys
left join merged on merged.account_key = account_keys.account_key
