"""What stands around every page: the dress and the mark."""

from functools import cache
from pathlib import Path

import streamlit as st

from pages.parts import links
from pages.parts.once import Html

HERE = Path(__file__).parent


@cache
def look() -> str:
    """The style of every page, and that of each room that has one of its own."""
    sheets = [HERE / "look.css", *sorted(HERE.glob("*/look.css"))]
    return f"<style>{''.join(sheet.read_text(encoding='utf-8') for sheet in sheets)}</style>"


def draw() -> None:
    st.html(Html(look()))
    links.keep_early_clicks()
    st.logo(str(HERE.parent / "static" / "holdfast.svg"), size="medium")
