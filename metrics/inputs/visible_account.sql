-- about: The accounts seen at as_of, each from the first row that arrived for its id.
with arrivals as (
    select
        *,
        row_number() over (partition by account_key order by seq) as arrival,
    from accounts
)
select
    account_key,
    account_id,
    created_at,
    local_date(created_at) as created_day,
    epoch_us($as_of) - epoch_us(created_at) as age_us,
    name,
    email,
    owner,
    plan,
    region,
    channel,
    currency,
    attributes,
from arrivals
where arrival = 1 and created_at <= $as_of
