-- about: How many facts of each source were new in each minute of the last 24 hours.
select
    sources.source,
    arrivals.minute,
    arrivals.facts,
from arrivals
join sources on sources.source_key = arrivals.source_key
where arrivals.minute > $as_of - to_hours(24) and arrivals.minute <= $as_of
