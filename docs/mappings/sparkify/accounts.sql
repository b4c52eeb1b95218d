-- The log names no accounts; each signed-in user is one. A user's row repeats with every event, so the last one
-- tells the present: `level` (free or paid) is the plan. The log is one folder of daily files, "2018".
with
signed_in as (
    -- The id is a number in some files and text in others, so it may still be in its quotes.
    select *, trim(cast("userId" as varchar), '"') as user_id
    from "2018"
    where user_id <> ''  -- logged-out visitors carry an empty id: nobody to follow
),
ordered as (
    select *, row_number() over (partition by user_id order by ts desc, "itemInSession" desc) as age
    from signed_in
)
select
    user_id as account_id,
    registration as created_at,  -- milliseconds since 1970
    "firstName" || ' ' || "lastName" as name,
    level as plan,
    split_part(location, ', ', 2) as region,  -- "Dallas-Fort Worth-Arlington, TX"
    gender,
from ordered
where age = 1
