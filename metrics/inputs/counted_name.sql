-- about: The names of events that are told apart for every account: the two hundred that came first.
select name_key from event_names order by name_key limit 200
