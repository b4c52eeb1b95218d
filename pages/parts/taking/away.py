"""The button at the end of the top line that saves the page as a PNG, or prints it, to a PDF too."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
HTML = """
<button class="open" popovertarget="ways" aria-label="Save this page" title="Save this page">⤓</button>
<div popover id="ways" role="menu">
  <button role="menuitem" data-way="png">Save as a picture (PNG)</button>
  <button role="menuitem" data-way="pdf">Print, or save as PDF</button>
  <p role="status"></p>
</div>
"""
_component = st.components.v2.component(
    "holdfast_away",
    html=HTML,
    css=(HERE / "away.css").read_text(encoding="utf-8"),
    js=(HERE / "away.js").read_text(encoding="utf-8"),
)


def button(title: str) -> None:
    """All of it happens in the browser: nothing is sent anywhere."""
    with st.container(key="away", width="content"):
        _component(key="take_away", data={"title": title})
