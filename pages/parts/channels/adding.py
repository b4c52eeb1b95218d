"""Adding a channel: its kind, its name, and what it has to know."""

import streamlit as st

from engine.desk import channels as desk
from pages.parts import asked, numbers, outgoing, person, tongue, tried, windows, words
from pages.parts.channels import hours
from pages.parts.sources import forms
from pages.parts.speech import ENGLISH, later, say

NAMED = later("What rules and routes call it, such as team")
FIRST = ("email", "slack", "teams", "webhook")


def button() -> None:
    st.button(
        say("Add a channel"),
        icon=":material/add:",
        key="channels_add",
        type="primary",
        on_click=asked.ask,
        args=("channels", "add"),
    )


@windows.dialog(later("Add a channel"), width="medium", on_dismiss=asked.forget)
def dialog() -> None:
    person.require_whole("admin")
    kinds = outgoing.kinds()
    order = sorted(kinds, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    kind = st.selectbox(
        say("Kind"), order, format_func=lambda name: say(kinds[name].title), key="channels_kind"
    )
    picture = say("Picture: {where}.", where=words.marked(say(kinds[kind].picture)))
    st.html(f'<p class="hf-sub">{words.marked(say(kinds[kind].about))} {picture}</p>')
    with st.form("channels_adding", border=False):
        name = st.text_input(say("Name"), key=f"channels_name_{kind}", help=say(NAMED), max_chars=80)
        given = forms.answers(kinds[kind], f"channels_new_{kind}")
        written_in = tongue.ask(f"channels_new_{kind}", ENGLISH)
        quiet = hours.ask(f"channels_new_{kind}")
        if st.form_submit_button(say("Add"), type="primary", key="channels_do_add"):
            add(name.strip(), kind, given, quiet, written_in)


def add(name: str, kind: str, given: dict[str, object], quiet: desk.Hours, written_in: str) -> None:
    """Add it and offer to try it."""
    settings, who = numbers.settings(), person.require_whole("admin").key
    if tried.in_dialog(
        lambda: desk.create_channel(settings, name, kind, given, who=who, hours=quiet, language=written_in)
    ):
        asked.ask("channels", f"test:{name}")
        st.rerun()
