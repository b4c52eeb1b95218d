-- about: What the account pays just before, since when, and how that changed in the last 90 days.
select
    w.account_key,
    w.day,
    cast(max(s.mrr) filter (s.from_day < w.day and (s.until_day is null or s.until_day >= w.day)) as double) as price,
    max(date_diff('day', s.run_start, w.day))
        filter (s.from_day < w.day and (s.until_day is null or s.until_day >= w.day)) as tenure_days,
    max(case when s.run_start > s.first_day then 1 else 0 end)
        filter (s.from_day < w.day and (s.until_day is null or s.until_day >= w.day)) as came_back,
    count(*) filter (s.movement = 'contraction' and s.from_day >= w.day - 90) as contractions_90,
    count(*) filter (s.movement = 'expansion' and s.from_day >= w.day - 90) as expansions_90,
from risk_wanted as w
join risk_span as s on s.account_key = w.account_key and s.from_day < w.day
group by w.account_key, w.day
