"""What fires, since when, who looks after it, and who was told?"""

from datetime import timedelta

import streamlit as st

from data.errors import HoldfastError
from pages.parts import alarms, person, top, words
from pages.parts.alerts import choice, notes, opened, overview
from pages.parts.sources import standing
from pages.parts.speech import later, retold

OVER = timedelta(days=30)  # how long what resolved stays in the list


@st.fragment(key="alerts")
def alerts() -> None:
    person.require("viewer")
    asked = choice.opened()
    active, over, wrong = ([], [], "") if asked else known()
    with top.line(later("Alerts"), always=True) as edition:
        chosen = choice.Filters() if asked or wrong else choice.filters([*active, *over])
    if wrong:
        st.error(wrong, icon=":material/error:")
        return
    notes.draw(edition or None)
    try:
        if asked:
            opened.draw(edition or None, asked)
        else:
            overview.draw(chosen.of(active), chosen.of(over), chosen)
    except HoldfastError as unreadable:
        st.error(words.literal(retold(str(unreadable))), icon=":material/error:")
    choice.follow_clicks()


def known() -> tuple[list[alarms.RuleAlerts], list[alarms.RuleAlerts], str]:
    """What is going on, what resolved lately, and why that cannot be read, where it cannot."""
    try:
        return alarms.active(), alarms.resolved(standing.now() - OVER), ""
    except HoldfastError as unreadable:
        return [], [], words.literal(retold(str(unreadable)))


alerts()
