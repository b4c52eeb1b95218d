"""The frame's top line: title, pickers, bell, freshness; and what to show before the first edition."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.parts import bell, first_run, lateness, live, numbers, purpose
from pages.parts.speech import say
from pages.parts.taking import away


@contextmanager
def line(title: str, always: bool = False) -> Iterator[str]:
    """`with top.line("Overview") as edition:` draw the pickers; the freshness follows them. The title is
    in English, as in the menu.

    Without an edition the page ends here, in the first-run page, unless it is `always` drawn.
    """
    edition = numbers.newest()
    late = lateness.note(edition)
    with st.container(key="top", horizontal=True, vertical_alignment="center", gap="small"):
        named = f'<h1 class="hf-title">{say(title)}</h1>{purpose.button(title)}'
        st.html(f'<div class="hf-titled">{named}</div>', width="content")
        if edition or always:
            yield edition or ""
        with st.container(
            key="top_end", horizontal=True, vertical_alignment="center", gap="xsmall", width="content"
        ):
            bell.draw()
            away.button(title)
            live.freshness(edition, late)
    if not edition and not always:
        first_run.choices()
        st.stop()
