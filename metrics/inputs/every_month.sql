-- about: The active days of everybody, a bit a day, for a refresh from the facts alone.
select
    actor_key,
    month_of(day) as month,
    bit_or(1 << (day(day) - 1)) as days,
from arrived_day
group by all
order by month, actor_key
