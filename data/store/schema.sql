-- The warehouse: facts as they came in, checked; keys and names as numbers so that joins stay cheap.
-- Times are UTC without an offset. Money is decimal, in the currency it arrived in.

-- Every account id any fact has named, whether or not the account itself has arrived.
create table account_keys (account_key integer not null, account_id varchar not null);
create table event_names (name_key integer not null, name varchar not null);
create table sources (source_key integer not null, source varchar not null);

-- One row: the import_id given last. Every load, of files or of deliveries, has one of its own, rising.
create table last_import (import_id integer not null);
insert into last_import values (0);

-- How far each stream that is read piece by piece has been taken in; written with what was read.
create table positions (stream varchar not null, position bigint not null);

create table imports (
    import_id integer not null,
    source_key integer not null,
    folder varchar not null,
    finished_at timestamp not null,
);
create table import_counts (
    import_id integer not null,
    shape varchar not null,
    read bigint not null,
    added bigint not null,
    repeated bigint not null,
    waiting bigint not null,
    quarantined bigint not null,
);
-- What each source brought so far, by shape; kept up by every load. Rows are counted under the shape they
-- came as, facts under the shape they rest as: spans come as subscriptions and rest as subscription_changes.
create table source_counts (
    source_key integer not null, shape varchar not null,
    facts bigint not null, last_fact_at timestamp, last_arrival_at timestamp not null,
    read bigint not null, added bigint not null, repeated bigint not null,
);
-- How many facts were new in each minute.
create table arrivals (source_key integer not null, minute timestamp not null, facts bigint not null);

create table quarantine (
    quarantine_id uhugeint not null,  -- hash of source, shape, field, value and raw row: a repeat changes nothing
    import_id integer not null,
    source_key integer not null,
    shape varchar not null,
    file varchar not null,
    row bigint not null,
    field varchar,
    value varchar,
    reason varchar not null,
    raw varchar,
    quarantined_at timestamp not null,
);

-- Facts that came under an id of which no account was known then; waiting_counts says which still wait.
create table waiting (
    source_key integer not null, shape varchar not null, account_key integer not null, facts bigint not null,
);

-- Which ids stand for one account. account_key: an id; into_key: what it was said to be, or to belong to.
-- kind: person (the same person: identify, alias), group (a member), billing (a customer of a billing system).
-- linked_at: when the link was first said; of a group link, when it was last said.
create table identities (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, into_key integer not null, linked_at timestamp not null, kind varchar not null,
    properties varchar,
);
-- What follows from them: ids that are, in the end, another account; an id that is its own has no row.
create table merged (account_key integer not null, into_key integer not null);
-- Every change of the above, so that a refresh knows whom it touched.
create table merges (
    import_id integer not null, account_key integer not null, old_key integer not null, new_key integer not null,
);
-- The earliest fact of every id that a door told us is an account.
create table first_seen (account_key integer not null, import_id integer not null, first_at timestamp not null);
-- What was said later about an account; a null says nothing.
create table account_updates (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, updated_at timestamp not null, created_at timestamp,
    name varchar, email varchar, plan varchar, region varchar, channel varchar, currency varchar, owner varchar,
    attributes varchar,
);

-- fact_id: md5 of source and id (or of the whole row where a shape has no id). seq: order of arrival.
create table accounts (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, account_id varchar not null, created_at timestamp not null,
    name varchar, email varchar, plan varchar, region varchar, channel varchar, currency varchar, owner varchar,
    attributes varchar,  -- a JSON object of the other columns
);
create table events (
    fact_id uhugeint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, occurred_at timestamp not null,
    day date not null,  -- the local date, in the zone recorded in warehouse_settings
    name_key integer not null, user_id varchar, value double, properties varchar,
);
create table subscription_changes (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, subscription_id varchar not null, effective_at timestamp not null,
    mrr decimal(18, 4) not null, plan varchar, status varchar not null, currency varchar,
    renews_at timestamp, quantity decimal(18, 4), properties varchar,
    ends_span boolean not null,  -- the end of a span gives way to any state that begins at that instant
);
create table invoices (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, invoice_id varchar not null, issued_at timestamp not null,
    due_at timestamp not null, amount decimal(18, 4) not null, currency varchar, subscription_id varchar,
    paid_at timestamp, voided_at timestamp, disputed_at timestamp, refunded_amount decimal(18, 4),
    properties varchar,
);
-- What was said later about an invoice; a null says nothing, the latest updated_at wins.
create table invoice_updates (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    invoice_id varchar not null, updated_at timestamp not null, due_at timestamp, amount decimal(18, 4),
    paid_at timestamp, voided_at timestamp, disputed_at timestamp, refunded_amount decimal(18, 4),
    properties varchar,
);
create table invoice_lines (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    line_id varchar not null, invoice_id varchar not null, kind varchar not null,
    amount decimal(18, 4) not null, category varchar, description varchar,
    period_start timestamp, period_end timestamp, properties varchar,
);
create table payments (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, payment_id varchar not null, invoice_id varchar not null,
    attempted_at timestamp not null, amount decimal(18, 4) not null, outcome varchar not null,
    decline_code varchar, initiated_by varchar, properties varchar,
);
create table messages (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, message_id varchar not null, sent_at timestamp not null,
    channel varchar not null, campaign varchar, variant varchar, delivered_at timestamp, opened_at timestamp,
    clicked_at timestamp, converted_at timestamp, unsubscribed_at timestamp, properties varchar,
);
create table feedback (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, feedback_id varchar not null, given_at timestamp not null,
    score double, sentiment double, reason varchar, text varchar, properties varchar,
);
create table tickets (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, ticket_id varchar not null, opened_at timestamp not null,
    closed_at timestamp, priority varchar, satisfaction double, subject varchar, properties varchar,
);
create table plan_limits (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    plan varchar not null, meter varchar not null, monthly_limit double not null, properties varchar,
);
create table redemptions (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    account_key integer not null, redemption_id varchar not null, redeemed_at timestamp not null,
    points double not null, reward varchar, properties varchar,
);
create table fx_rates (
    fact_id uhugeint not null, seq bigint not null, source_key integer not null, import_id integer not null,
    date date not null, currency varchar not null, rate decimal(18, 10) not null, properties varchar,
);

-- What the stored facts were computed with; a change of zone recomputes events.day.
create table warehouse_settings (name varchar not null, value varchar not null);

-- Facts in a foreign currency that had no rate on or before their day when they came: where they stood.
-- Rates are only ever added, so a fact that could be converted once needs no row here.
create table unconverted (
    fact_id uhugeint not null, shape varchar not null, source_key integer not null, import_id integer not null,
    occurred_at timestamp not null, currency varchar not null,
    file varchar not null, row bigint not null, raw varchar, quarantined_at timestamp not null,
);
create view still_unconverted as
select u.*
from unconverted as u
where not exists (
    select 1
    from fx_rates as r
    where
        r.currency = u.currency
        and r.date <= cast(
            timezone(
                (select value from warehouse_settings where name = 'timezone'), timezone('UTC', u.occurred_at)
            ) as date
        )
);

-- All that was set aside: rows that could not be read, and facts whose currency has no rate yet.
create view quarantine_listing as
with
listed as (
    select
        cast(q.quarantine_id as varchar) as quarantine_id, q.source_key, q.shape, q.file, q.row, q.field, q.value,
        q.reason, q.raw, q.quarantined_at
    from quarantine as q
    union all
    select
        null as quarantine_id, u.source_key, u.shape, u.file, u.row, 'currency' as field, u.currency as value,
        'currency ''' || u.currency || ''' has no rate in fx_rates on or before the day of the fact' as reason,
        u.raw, u.quarantined_at
    from still_unconverted as u
)
select
    s.source, l.shape, l.file, l.row, l.field, l.value, l.reason, l.raw, l.quarantined_at, l.quarantine_id
from listed as l
inner join sources as s on l.source_key = s.source_key;

-- What is an account: one of the ids that stand for it arrived as such, or a door said so.
create view known_accounts as
with
ids as (
    select account_key from accounts
    union all
    select account_key from first_seen
)
select coalesce(m.into_key, i.account_key) as account_key
from ids as i
left join merged as m on i.account_key = m.account_key;

-- Facts whose account has not arrived, by source and shape.
create view waiting_counts as
select s.source, w.shape, cast(sum(w.facts) as bigint) as waiting
from waiting as w
inner join sources as s on w.source_key = s.source_key
left join merged as m on w.account_key = m.account_key
where coalesce(m.into_key, w.account_key) not in (select account_key from known_accounts)
group by s.source, w.shape;
