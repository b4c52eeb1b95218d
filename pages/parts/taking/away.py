"""The button at the end of the top line that saves the page as a PNG, or prints it, to a PDF too."""

from pathlib import Path

import streamlit as st

from pages.parts.speech import later, say

HERE = Path(__file__).parent
HTML = """
<button class="open" popovertarget="ways">⤓</button>
<div popover id="ways" role="menu">
  <button role="menuitem" data-way="png"></button>
  <button role="menuitem" data-way="pdf"></button>
  <p role="status"></p>
</div>
"""
SAID = {
    "open": later("Save this page"),
    "png": later("Save as a picture (PNG)"),
    "pdf": later("Print, or save as PDF"),
    "drawing": later("Drawing the picture …"),
    "failed": later("The picture could not be drawn ({fault}). Print it instead."),
}
_component = st.components.v2.component(
    "holdfast_away",
    html=HTML,
    css=(HERE / "away.css").read_text(encoding="utf-8"),
    js=(HERE / "away.js").read_text(encoding="utf-8"),
)


def button(title: str) -> None:
    """All of it happens in the browser: nothing is sent anywhere."""
    with st.container(key="away", width="content"):
        _component(
            key="take_away", data={"file": title, "said": {key: say(text) for key, text in SAID.items()}}
        )
