"""What Holdfast asks a source for: with which params, since when, and what went wrong."""

from html import escape
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine import desk
from engine.desk import Source, Way
from pages.parts import anew, cards, numbers, person, words
from pages.parts.sources import adding, forms, listing
from pages.parts.speech import retold, say


def draw(way: Way, source: Source) -> None:
    title = say("Fetch its history" if way.auth else "Ask it")
    with cards.panel("source_pull", title, words.marked(say(way.pull_about))):
        st.html(f'<p class="hf-sub">{asked(source)}</p>')
        if source.last_error:
            st.error(source.last_error, icon=":material/error:")
        with st.form("sources_params", border=False):
            before = source.answers if source.is_asked else None
            given = forms.answers(way, f"sources_params_{source.name}", before)
            with st.container(horizontal=True):
                saves = st.form_submit_button(say("Save"), type="primary", key="sources_do_save")
                tries = st.form_submit_button(say("Test the connection"), key="sources_do_test")
        if tries:
            adding.forms_check(way.name, given, source.name)
        if saves:
            save(source, given)


def asked(source: Source) -> str:
    """When it was asked last, and how often it is."""
    if not source.is_asked:
        return say("It is not asked for anything yet.")
    if not source.enabled:
        return say("It is switched off, and not asked.")
    if source.last_pulled_at is None:
        return say("It has not answered yet.")
    last = escape(listing.when(source.last_pulled_at))
    since = f'<span title="{last}">{listing.since(source.last_pulled_at)}</span>'
    return say("Last asked with success {since}.", since=since)


def save(source: Source, given: dict[str, Any]) -> None:
    who = person.require_whole("admin").key
    try:
        desk.change_source(numbers.settings(), source.name, given, who=who)
    except HoldfastError as wrong:
        st.error(retold(str(wrong)), icon=":material/error:")
        return
    st.toast(say("{source} is asked with these from now on.", source=source.name))
    anew.draw()
