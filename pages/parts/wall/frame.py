"""The wall itself: its slides, and the component that turns them, leaves by Esc and goes full screen."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from pages.parts.speech import later, say

HERE = Path(__file__).parent
STALE = later("Not live: these numbers are old")
_component = st.components.v2.component("holdfast_wall", js=(HERE / "wall.js").read_text(encoding="utf-8"))


def draw(slides: Sequence[str]) -> None:
    """One over the other; which is seen is an attribute of the page, so that it stays through reruns."""
    dots = "<i></i>" * len(slides)
    st.html(
        f'<div class="hf-wall" role="region" aria-label="{say("The numbers, one slide after the other")}">'
        f'<p class="hf-shout" role="alert">◆ {say(STALE)}</p>'
        f'{"".join(slides)}<footer><b>Holdfast</b><span class="hf-dots">{dots}</span>'
        f"<small>{say('Esc leaves')}</small></footer></div>"
    )


def turn(count: int, seconds: int, leave: Callable[[], None]) -> None:
    """Turn the slides by the clock, so that all walls show the same; `leave` is called before the rerun."""
    data = {"count": count, "seconds": seconds}
    _component(key="wall_turn", data=data, on_leave_change=leave, height=0)
