"""The Streamlit script: the frame, the door, and the menu of whoever is here (its lines: parts/rooms.py)."""

from pathlib import Path

import streamlit as st

from pages.parts import door, frame, rooms, search, tongue, who
from pages.parts.speech import say

HERE = Path(__file__).parent

st.set_page_config(page_title="Holdfast", page_icon=str(HERE / "static" / "mark.png"), layout="wide")
frame.draw()
tongue.settle(None)
here = door.pass_through()
tongue.settle(here)
menu = st.navigation(
    {
        say(group): [
            st.Page(
                HERE / room.path,
                title=say(room.title),
                icon=f":material/{room.icon}:",
                default=room.is_first,
                url_path=room.url_path,
            )
            for room in found
        ]
        for group, found in rooms.open_to(here).items()
    },
    expanded=True,
)
with st.sidebar:
    search.draw()
who.draw(here)
menu.run()
