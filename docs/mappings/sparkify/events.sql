-- Every page a signed-in user opened, by its name; what was played rides along as properties.
select
    -- The id is a number in some files and text in others, so it may still be in its quotes.
    trim(cast("userId" as varchar), '"') as account_id,
    ts as occurred_at,  -- milliseconds since 1970
    page as name,
    length as value,  -- seconds of music, empty for other pages
    "sessionId" as session_id,
    "itemInSession" as item_in_session,
    artist,
    song,
    level,
from "2018"
where trim(cast("userId" as varchar), '"') <> ''  -- logged-out visitors carry an empty id: nobody to follow
