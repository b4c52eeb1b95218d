"""Clicks on what st.html drew: a button with data-open names what it opens."""

from collections.abc import Callable

import streamlit as st

# A page is seen a moment before its components listen: what is clicked until then is kept for them.
EARLY = """<script>
window.holdfastEarly ??= (() => {
  const kept = { click: null }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-open]")
    kept.click = link ? { link, at: Date.now() } : null
  }, true)
  return kept
})()
</script>"""
JS = """
const listening = new WeakMap()
const STALE = 10000

export default function ({ data, parentElement, setTriggerValue }) {
  listening.get(parentElement)?.()
  const early = window.holdfastEarly ?? {}
  const open = (target) => {
    const link = target.closest?.(`${data.within} [data-open]`)
    if (!link) return
    early.click = null
    setTriggerValue("open", link.dataset.open)
  }
  const clicked = (event) => open(event.target)
  document.addEventListener("click", clicked)
  if (early.click && Date.now() - early.click.at < STALE) open(early.click.link)
  const stop = () => document.removeEventListener("click", clicked)
  listening.set(parentElement, stop)
  return stop
}
"""
LONGEST = 19  # digits, from which on no id can be kept
_component = st.components.v2.component("holdfast_links", js=JS)


def number(text: str) -> int | None:
    """The id that an address or a click names; nothing where none can be meant."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST else None


def keep_early_clicks() -> None:
    """Before anything else of a page is drawn."""
    st.html(EARLY, unsafe_allow_javascript=True)


def follow(key: str, show: Callable[[str], None], within: str = "") -> None:
    """Calls `show` with the name that was clicked, before the rerun.

    Args:
        within: a CSS selector of the part of the page whose clicks these are; all of it, unless given.
    """

    def clicked() -> None:
        opened = st.session_state[key].open
        if isinstance(opened, str):  # whatever else comes, no button of ours says
            show(opened)

    _component(key=key, data={"within": within}, on_open_change=clicked, height=0)
