-- about: What each group of features adds to the log-odds of the average account, now and a week before.
with parts as (
    unpivot (select * exclude (account_key) from kept_risk_part)
    on columns (* exclude (day)) into name feature_group value micro
),
newest as (
    select max(day) as day from kept_risk_day
),
summed as (
    select
        replace(parts.feature_group, 'part_', '') as feature_group,
        cast(sum(parts.micro) filter (parts.day = newest.day) as double)
            / nullif(count(*) filter (parts.day = newest.day), 0) / 1000000 as now,
        cast(sum(parts.micro) filter (parts.day < newest.day) as double)
            / nullif(count(*) filter (parts.day < newest.day), 0) / 1000000 as before,
    from parts
    cross join newest
    group by all
)
select * from summed where now is not null and before is not null
