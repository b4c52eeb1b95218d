"""Clicks in the tables of the People page: which dialog they open, and what they do at once."""

from collections.abc import Sequence

from engine.desk.people import Known
from pages.parts import asked, links
from pages.parts.people import changing, claims

PAGE = "people"


def follow(known: Sequence[Known]) -> None:
    links.follow("people_links", clicked)
    verb, about = asked.wanted(PAGE)
    of = next((one for one in known if one.email == about), None)
    if verb == "add":
        changing.adding()
    elif verb == "claim":
        claims.dialog()
    elif verb == "change" and of:
        changing.dialog(of)
    elif verb == "leave" and of:
        changing.leaving(of)


def clicked(opened: str) -> None:
    verb, _, about = opened.partition(":")
    if verb == "return":
        changing.come_back(about)
    elif verb == "drop":
        claims.take_back(about)
    else:
        asked.ask(PAGE, opened)
