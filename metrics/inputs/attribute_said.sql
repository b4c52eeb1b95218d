-- about: The attributes of the accounts named that no column is for, each as it was said last.
-- caveat: A text of more than 200 characters is no attribute to group by; an empty one says nothing.
with pair as (
    select
        root as account_key,
        rank,
        unnest(map_entries(cast(json_transform(attributes, '"MAP(VARCHAR, VARCHAR)"') as map(varchar, varchar)))) as entry,
    from said
    where attributes is not null
),
trimmed as (
    select account_key, rank, entry.key as attribute, nullif(trim(entry.value), '') as value from pair
)
select
    account_key,
    attribute,
    arg_max(value, rank) as value,
from trimmed
where value is not null and length(value) <= 200 and length(attribute) between 1 and 100
group by account_key, attribute
