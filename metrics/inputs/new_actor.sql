-- about: The ids whose first event came since the last refresh.
select actor_key from arrived_actor anti join kept_actor on kept_actor.actor_key = arrived_actor.actor_key
