-- about: All that was said about the accounts named, their members' words included, with its rank: the highest counts.
with member as (
    select account_key, account_key as root from named_account anti join merged using (account_key)
    union all
    select merged.account_key, merged.into_key as root
    from merged
    semi join named_account on named_account.account_key = merged.into_key
),
arrival as (
    select
        accounts.*,
        member.root,
        row_number() over (partition by accounts.account_key order by accounts.seq) as nth,
    from accounts
    join member on member.account_key = accounts.account_key
),
statement as (
    select
        root, account_key, created_at as said_at, 0 as is_update, seq,
        created_at, name, email, plan, region, channel, currency, owner, attributes,
    from arrival
    where nth = 1 and created_at <= $as_of
    union all
    select
        member.root, updates.account_key, updates.updated_at, 1, updates.seq,
        updates.created_at, updates.name, updates.email, updates.plan, updates.region, updates.channel,
        updates.currency, updates.owner, updates.attributes,
    from account_updates as updates
    join member on member.account_key = updates.account_key
    where updates.updated_at <= $as_of
),
seen as (
    select member.root, first_seen.account_key, first_seen.first_at
    from first_seen
    join member on member.account_key = first_seen.account_key
    where first_seen.first_at <= $as_of
    union all
    select member.root, kept_actor.actor_key, kept_actor.first_at
    from kept_actor
    join member on member.account_key = kept_actor.actor_key
    where
        kept_actor.first_at <= $as_of
        and member.root in (select m.root from member as m join first_seen on first_seen.account_key = m.account_key)
)
select
    * exclude (account_key, said_at, is_update, seq, created_at),
    case when account_key = root then created_at end as own_created_at,
    created_at as any_created_at,
    row(account_key = root, said_at, is_update, seq) as rank,
from statement
union all by name
select
    root,
    first_at as any_created_at,
    row(false, first_at, 0, cast(0 as bigint)) as rank,
from seen
