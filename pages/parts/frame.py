"""What stands around every page: the dress and the mark."""

from functools import cache
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent


@cache
def look() -> str:
    return f"<style>{(HERE / 'look.css').read_text(encoding='utf-8')}</style>"


def draw() -> None:
    st.html(look())
    st.logo(str(HERE.parent / "static" / "holdfast.svg"), size="medium")
