"""The threshold's slider: the page follows while it is dragged (Streamlit's own tells when it is let go)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from pathlib import Path

import streamlit as st

from pages.parts.rules.units import Scale
from pages.parts.speech import written

HERE = Path(__file__).parent
HTML = """
<div class="drag"><input type="range" aria-label="Threshold">
<div class="ends"><span class="least"></span><output></output><span class="most"></span></div></div>
"""
Moved = Callable[[float, bool], None]
STOPS = 120  # places at which the slider can stand, about

_component = st.components.v2.component(
    "holdfast_drag",
    html=HTML,
    css=(HERE / "drag.css").read_text(encoding="utf-8"),
    js=(HERE / "drag.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Reach:
    """From where to where it goes and by how much, in what its field shows."""

    least: float
    most: float
    step: float


def reach(low: float, high: float) -> Reach:
    """A round range around two figures and a bit beyond, and a round step through it.

    What lies outside is not hidden: the field above says what the threshold is.
    """
    if not (isfinite(low) and isfinite(high)):
        low, high = 0.0, 1.0
    beyond = (high - low) / 10 or abs(high) / 2 or 1.0
    low, high = low - beyond if low < 0 else max(0.0, low - beyond), high + beyond
    step = round_down((high - low) / STOPS)
    least, most = floor(low / step) * step, ceil(high / step) * step
    return Reach(tidy(least), tidy(max(most, least + step)), step)


def round_down(number: float) -> float:
    """The next smaller of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** floor(log10(number))
    return tidy(power * next(first for first in (5, 2, 1) if first * power <= number * (1 + 1e-9)))


def tidy(number: float) -> float:
    return float(f"{number:.12g}")


def draw(key: str, value: float, within: Reach, scale: Scale, moved: Moved, *, label: str) -> None:
    """Draw it; `moved` is told where it stands and whether it was let go, before the rerun."""

    heard = f"{key}_heard"  # the number of what was told last, so that the slider knows its answer

    def told() -> None:
        found = st.session_state[key].moved
        if isinstance(found, Mapping) and isinstance(found.get("value"), int | float):
            value = float(found["value"])
            st.session_state[heard] = found.get("number")
            if isfinite(value):
                moved(min(within.most, max(within.least, value)), bool(found.get("isLetGo")))

    digits = max(0, -floor(log10(within.step))) if within.step < 1 else 0
    _component(
        key=key,
        data={
            "label": label,
            "value": value,
            "heard": st.session_state.get(heard),
            "least": within.least,
            "most": within.most,
            "step": within.step,
            "sign": scale.ending,
            "marks": {",": written().group, ".": written().decimal},
            "digits": digits,
            "ends": [f"{end:,.{digits}f}".translate(written().swaps) for end in (within.least, within.most)],
        },
        on_moved_change=told,
    )
