"""What sends us facts, and is all of it here?"""

import streamlit as st

from pages.parts import person, top
from pages.parts.sources import choice, opened, overview, standing
from pages.parts.speech import later


@st.fragment(key="sources")
def sources() -> None:
    person.require_whole("lead")
    with top.line(later("Sources"), always=True) as edition:
        known = standing.all_or_stop(edition or None)
        chosen = choice.source(list(known))
        choice.add()
    if chosen in known:
        opened.draw(edition or None, known[chosen])
    else:
        overview.draw(edition or None, known)


sources()
