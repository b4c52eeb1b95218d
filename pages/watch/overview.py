"""Are we all right? What changed? Why? Since when?"""

from collections.abc import Mapping

import streamlit as st

from engine.desk.digests import Digest
from pages.parts import (
    annotations,
    asked,
    bars,
    cards,
    changes,
    charts,
    comparing,
    explain,
    filters,
    firing,
    heat,
    lacking,
    links,
    moved,
    news,
    numbers,
    person,
    top,
)
from pages.parts.changes import Scene
from pages.parts.decided import Decided
from pages.parts.digest import listing, setting_up
from pages.parts.numbers import Figure
from pages.parts.overview import aiming, facts
from pages.parts.segment import View
from pages.parts.speech import later, say

TABLE = (
    *changes.DRIVERS,
    "signups",
    "active_accounts",
    "stickiness",
    "paying_accounts",
    "arpa",
    "gross_revenue_retention",
    "churned_mrr",
    "quick_ratio",
)
MOVES = 3
ALERT = "overview_wanted_alert"
ALL = {
    "day": later("By day · {segment} · an unfinished day is “so far” and compared with nothing"),
    "week": later("By week · {segment} · an unfinished week is “so far” and compared with nothing"),
    "month": later("By month · {segment} · an unfinished month is “so far” and compared with nothing"),
}


def clicked(opened: str) -> None:
    """A card's target is asked for in a dialog; an alert stands on its own page."""
    verb, _, about = opened.partition(":")
    if verb == "alert":
        st.session_state[ALERT] = about
    elif about.startswith("hold:"):
        setting_up.hold(about.removeprefix("hold:"))
    else:
        asked.ask("overview", opened)


@st.fragment(key="overview")
@lacking.told
def overview() -> None:
    here = person.require("viewer")
    with top.line(later("Overview")) as edition:
        grain = filters.grain("overview")
        until = filters.until(edition, "overview", grain)
        against = comparing.against(edition, "overview", grain)
        segment = filters.segment(edition, "overview")
        annotations.draw()
    info = numbers.edition(edition)
    batch = changes.batch() if against.is_then else 0
    scene = Scene(edition, grain, segment, until, against, batch)
    figures, moves = changes.figures(scene, TABLE), changes.moves(scene)
    drivers, code = changes.cards(figures), info.base_currency
    decided = Decided()
    aims = decided.read(lambda: changes.aims(drivers, segment), {})
    fires = decided.read(lambda: firing.alerts(segment), None)
    letters = decided.read(lambda: listing.known(None if here.scope is None else segment), [])

    news.made_up()
    decided.tell()
    firing.verdict(fires, moves, drivers, aims)
    cards.row(drivers, code, aims, may_aim=here.may("lead"))
    left, right = st.columns([3, 2])
    with left, cards.panel("changed", say("What changed"), comparing.subtitle(against, grain, segment)):
        moved.changed(moves[:MOVES], grain, code, comparing.missing(against, grain))
    with right, cards.panel("firing", say("What fires now"), say("Alerts of rules, the gravest first")):
        firing.panel(fires)
    left, right = st.columns(2)
    with left:
        movements(scene, code)
    with right:
        retention(scene, code)
    facts.panel(edition, segment, info)
    with cards.panel(
        "drivers",
        say("All drivers"),
        say(ALL[grain], segment=segment.marked),
    ):
        cards.drivers(list(figures.values()), code)
    if not decided.trouble:
        listing.panel(letters, may_change=here.may("lead") and here.scope is None)
    explain.pop_ups(figures.values(), info)
    links.follow("overview_links", clicked)
    open_what_was_asked(scene, figures, letters, code)


def movements(scene: Scene, code: str) -> None:
    said = say("By month, {code} · {segment}", code=code, segment=scene.of.marked)
    with cards.panel("movements", say("MRR movements"), said, page="watch/revenue.py", of="mrr"):
        charts.movement_legend()
        bars.draw(numbers.movements(scene.edition, "month", scene.of, 12, scene.until), code)


def retention(scene: Scene, code: str) -> None:
    said = say("Active accounts by month since sign-up · {segment}", segment=scene.of.marked)
    with cards.panel(
        "retention", say("Retention of sign-ups"), said, page="watch/cohorts.py", of="active_accounts"
    ):
        heat.triangle(View(scene.edition, "month", scene.of, 9, code))


def open_what_was_asked(
    scene: Scene, figures: Mapping[str, Figure], letters: list[Digest], code: str
) -> None:
    """An alert's own page, or the dialog of a target or a letter."""
    if alert := st.session_state.pop(ALERT, None):
        firing.open_alert(alert)
    verb, about = asked.wanted("overview")
    if verb == "target" and about in figures:
        aiming.dialog(figures[about], scene.of, code)
    elif verb == "letter":
        setting_up.follow(about, scene.edition, letters)


overview()
