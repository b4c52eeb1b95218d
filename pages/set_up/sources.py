"""What sends us facts, and is all of it here?"""

import streamlit as st

from pages.parts import cards, configured, person, top
from pages.parts.sources import choice, opened, overview, standing
from pages.parts.speech import later, say

ELSEWHERE = later(
    "Deliveries are taken in by another machine, which also keeps the sources, their keys and what was set "
    "aside: open this page there. The metrics here are the same."
)


@st.fragment(key="sources")
def sources() -> None:
    person.require_whole("lead")
    if configured.settings().doors == "elsewhere":
        lead_there()
        return
    with top.line(later("Sources"), always=True) as edition:
        known = standing.all_or_stop(edition or None)
        chosen = choice.source(list(known))
        choice.add()
    if chosen in known:
        opened.draw(edition or None, known[chosen])
    else:
        overview.draw(edition or None, known)


def lead_there() -> None:
    with top.line(later("Sources"), always=True):
        pass
    cards.note(say(ELSEWHERE))


sources()
