"""Clicks on what st.html drew: a button with data-open names what it opens."""

from collections.abc import Callable

import streamlit as st

JS = """
const listening = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  listening.get(parentElement)?.()
  const open = (event) => {
    const link = event.target.closest?.(`${data.within} [data-open]`)
    if (link) setTriggerValue("open", link.dataset.open)
  }
  document.addEventListener("click", open)
  const stop = () => document.removeEventListener("click", open)
  listening.set(parentElement, stop)
  return stop
}
"""
_component = st.components.v2.component("holdfast_links", js=JS)


def follow(key: str, show: Callable[[str], None], within: str = "") -> None:
    """Calls `show` with the name that was clicked, before the rerun.

    Args:
        within: a CSS selector of the part of the page whose clicks these are; all of it, unless given.
    """

    def clicked() -> None:
        opened = st.session_state[key].open
        if opened is not None:
            show(opened)

    _component(key=key, data={"within": within}, on_open_change=clicked, height=0)
