"""Whether people can come in, and whether somebody can let others in."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from data.errors import HoldfastError
from data.settings import LOOPBACK, Settings
from engine.desk import people
from engine.finding import Finding

FIRST = "make one with: python -m engine person add ADDRESS --role admin"


def examined(settings: Settings) -> Iterator[Finding]:
    door = settings.sign_in
    if door is None:
        yield Finding("fine", "No sign-in is configured: pages are for this machine's own user, on loopback.")
        return
    try:
        known = people.everyone(settings)
    except HoldfastError as unreadable:
        yield Finding("wrong", str(unreadable))
        return
    if people.has_admin(known):
        active = sum(one.is_active for one in known)
        yield Finding("fine", f"People sign in through {door.metadata_url}; {active:,} may come in.")
    else:
        yield Finding("wrong", f"People sign in, but nobody active is admin by name; {FIRST}.")
    place = urlsplit(settings.redirect)
    if place.scheme == "http" and place.hostname not in LOOPBACK:
        yield Finding("note", f"People come back to {settings.redirect}, over the network without https.")
