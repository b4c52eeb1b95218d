"""Every page: where it stands in the menu, and whom it is for; each asks for itself again."""

from dataclasses import dataclass

import streamlit as st

from engine.desk.people import Person, Role
from pages.parts import person
from pages.parts.speech import later


@dataclass(frozen=True)
class Room:
    """A page of the menu. `is_whole`: about the company as a whole, so not for who may see one segment."""

    path: str
    title: str
    icon: str
    role: Role = "viewer"
    is_whole: bool = False
    is_first: bool = False
    url_path: str | None = None

    def is_open_to(self, here: Person) -> bool:
        return here.may(self.role) and not (self.is_whole and here.scope)


ROOMS: dict[str, tuple[Room, ...]] = {
    later("Watch"): (
        Room("watch/overview.py", later("Overview"), "monitoring", is_first=True),
        Room("watch/activation.py", later("Activation"), "rocket_launch"),
        Room("watch/cohorts.py", later("Cohorts"), "grid_on"),
        Room("watch/churn.py", later("Churn risk"), "heart_broken"),
        Room("watch/revenue.py", later("Revenue"), "payments"),
        Room("watch/account.py", later("Account"), "badge"),
        Room("watch/wall.py", later("Wall"), "tv"),
    ),
    later("Act"): (Room("act/alerts.py", later("Alerts"), "notifications"),),
    later("Set up"): (
        Room("set_up/guide.py", later("Guide"), "checklist", is_whole=True),
        Room("set_up/rules.py", later("Rules"), "rule", "analyst", is_whole=True),
        Room("set_up/channels.py", later("Channels"), "outgoing_mail", "lead", is_whole=True),
        Room("set_up/sources.py", later("Sources"), "input", "lead", is_whole=True),
        # /metrics is what Prometheus asks for
        Room("set_up/metrics.py", later("Metrics"), "menu_book", url_path="definitions"),
        Room("set_up/people.py", later("People"), "group", "admin", is_whole=True),
    ),
}


def open_to(here: Person) -> dict[str, list[Room]]:
    """The menu of somebody, by its groups."""
    found = {group: [room for room in rooms if room.is_open_to(here)] for group, rooms in ROOMS.items()}
    return {group: rooms for group, rooms in found.items() if rooms}


def is_open(path: str) -> bool:
    """Whether the reader may open a page; what leads to another is not drawn."""
    here = person.current()
    return any(room.path == path for rooms in open_to(here).values() for room in rooms)


def link(path: str, label: str, icon: str, **more: object) -> None:
    """A way to another page, for those who may open it."""
    if is_open(path):
        st.page_link(path, label=label, icon=f":material/{icon}:", **more)  # type: ignore[arg-type]
