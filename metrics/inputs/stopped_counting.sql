-- about: The accounts whose MRR was counted otherwise before, under a negative key so that they are taken off.
select * replace (-account_key as account_key), -1 as weight
from kept_mrr_change
semi join paying_scope on paying_scope.account_key = kept_mrr_change.account_key
