-- about: Who pays at the end of each month, by the month in which they began: what changed in a month, by profile.
-- caveat: An account that leaves and comes back begins again. Squares are of what one account pays.
with valued as (
    select
        month_of(mrr_change.paying_from) as begun,
        month_of(mrr_change.day) as period_start,
        mrr_change.is_yearly,
        mrr_change.profile_key,
        mrr_change.weight,
        case when mrr_change.mrr_before > 0 then 1 else 0 end as paid,
        case when mrr_change.mrr_after > 0 then 1 else 0 end as pays,
        greatest(mrr_change.mrr_before, 0) as before,
        greatest(mrr_change.mrr_after, 0) as after,
    from mrr_change
    where mrr_change.paying_from is not null
)
select
    valued.begun,
    valued.period_start,
    valued.is_yearly,
    valued.profile_key,
    cast(sum(valued.weight * (valued.pays - valued.paid)) as bigint) as accounts,
    cast(sum(valued.weight * (valued.after - valued.before)) as decimal(18, 4)) as mrr,
    cast(
        sum(
            valued.weight * (
                cast(valued.after as decimal(19, 4)) * cast(valued.after as decimal(19, 4))
                - cast(valued.before as decimal(19, 4)) * cast(valued.before as decimal(19, 4))
            )
        ) as decimal(38, 4)
    ) as squares,
    cast(
        sum(
            case
                when valued.paid = 1 and valued.pays = 0 and valued.begun < valued.period_start
                    then valued.weight * valued.before
                else 0
            end
        ) as decimal(18, 4)
    ) as lost_mrr,
from valued
group by valued.begun, valued.period_start, valued.is_yearly, valued.profile_key
