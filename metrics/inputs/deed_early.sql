-- about: How often accounts did what, by name and day since sign-up, in their first thirty days.
select
    account_key,
    name_key,
    cast(day - created_day as utinyint) as since,
    cast(count(*) as integer) as events,
from deed
where day < created_day + 30
group by all
