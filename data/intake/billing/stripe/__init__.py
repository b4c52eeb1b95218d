"""Stripe's events and objects as facts; `objects.facts_of_object(object, at)` reads what its API lists."""
