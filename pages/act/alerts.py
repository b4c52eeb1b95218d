"""What fires, since when, who looks after it, and who was told?"""

from datetime import timedelta

import streamlit as st

from data.errors import HoldfastError
from pages.parts import alarms, top
from pages.parts.alerts import choice, notes, opened, overview
from pages.parts.sources import standing

OVER = timedelta(days=30)  # how long what resolved stays in the list


@st.fragment(key="alerts")
def alerts() -> None:
    asked = choice.opened()
    with top.line("Alerts", always=True) as edition:
        if asked:
            chosen = choice.Filters()
        else:
            active, over = known()
            chosen = choice.filters([*active, *over])
    notes.draw(edition or None)
    if asked:
        opened.draw(edition or None, asked)
    else:
        overview.draw(chosen.of(active), chosen.of(over), chosen)
    choice.follow_clicks()


def known() -> tuple[list[alarms.RuleAlerts], list[alarms.RuleAlerts]]:
    """What is going on, and what resolved lately; where that cannot be read, the page ends saying why."""
    try:
        since = standing.now() - OVER
        return alarms.active(), overview.since(alarms.resolved(), since)
    except HoldfastError as unreadable:
        st.error(str(unreadable), icon=":material/error:")
        st.stop()


alerts()
