-- The warehouse: facts as they came in, checked; keys and names as numbers so that joins stay cheap.
-- Times are UTC without an offset. Money is decimal, in the currency it arrived in.

-- Every account id any fact has named, whether or not the account itself has arrived.
create table account_keys (account_key integer not null, account_id varchar not null);
create table event_names (name_key integer not null, name varchar not null);
create table sources (source_key integer not null, source varchar not null);

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
