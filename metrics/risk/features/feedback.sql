-- about: What was said in the 180 days before: the last score, and how it sounded on average.
select
    w.account_key,
    w.day,
    arg_max(f.score, row(f.given_at, f.seq)) filter (f.score is not null) as last_score,
    cast(sum(cast(round(f.sentiment * 1000) as bigint)) as bigint) / 1000.0
        / nullif(count(f.sentiment), 0) as sentiment,
from risk_wanted as w
join risk_feedback as f
    on f.account_key = w.account_key and f.given_at < w.instant and f.given_at >= w.instant - interval 180 day
group by w.account_key, w.day
