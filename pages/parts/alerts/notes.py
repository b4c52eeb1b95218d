"""What stands in the way of alerts: an engine that does not judge, and nobody who could be told."""

import streamlit as st

from data.errors import HoldfastError
from pages.parts import alarms, numbers, outgoing, rooms, words
from pages.parts.alerts import says
from pages.parts.sources import standing
from pages.parts.speech import later, say

STOPPED = later(
    "The engine does not run, so nothing is judged and nobody is told: this is how alerts stood {age} ago, "
    "at {moment}. "
    "Beside `python app.py` it starts again by itself; elsewhere start it with `python -m engine run`."
)
UNJUDGED = later("There is no edition yet, so nothing could be judged.")
NOBODY = later("Nobody is told of what fires: no channel is set up.")


def draw(edition: str | None) -> None:
    stopped(edition)
    untold()


def stopped(edition: str | None) -> None:
    engine = numbers.engine()
    if edition is None:
        st.info(say(UNJUDGED), icon=":material/info:")
    elif not engine.alive:
        as_of = numbers.edition(edition).as_of
        age = words.ago(standing.now() - as_of)
        st.warning(say(STOPPED, age=age, moment=says.moment(as_of)), icon=":material/warning:")


def untold() -> None:
    """Something fires, and there is nobody who could be told."""
    try:
        if not alarms.firing_count() or outgoing.channels():
            return
    except HoldfastError:  # the page itself says what cannot be read
        return
    with st.container(horizontal=True, vertical_alignment="center", key="alerts_untold"):
        st.warning(say(NOBODY), icon=":material/notifications_off:")
        rooms.link("set_up/channels.py", say("Set up a channel"), "outgoing_mail")
