-- about: The first day on which an account did something of a name, where it is not what was kept.
with earliest as (
    select account_key, name_key, min(day) as day from deed group by account_key, name_key
)
select earliest.*
from earliest
left join kept_first_day as kept
    on kept.account_key = earliest.account_key and kept.name_key = earliest.name_key
where
    kept.day is null
    or earliest.day < kept.day
    or earliest.account_key in (select account_key from deed_otherwise)
