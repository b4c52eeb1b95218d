"""How a door is connected: what to paste, what opens it, and whether anything has come through it."""

import streamlit as st

from data.errors import HoldfastError
from engine import desk
from engine.desk import Source, Way
from pages.parts import anew, cards, numbers, person, words
from pages.parts.sources import keyring, listing, trial
from pages.parts.sources.standing import Standing
from pages.parts.sources.steps import step
from pages.parts.speech import later, retold, say, several

FIRST = "hf-first"
NO_KEY = "YOUR_WRITE_KEY"
PASTED = later("A key cannot be shown again after it was made; make a new one and it stands in here.")
KEPT_READABLE = later("It is kept readable on this machine: only the secret itself can check a signature.")
TURNS = later("This turns green by itself when it has come in.")


def draw(of: Standing, way: Way, source: Source) -> None:
    left, right = st.columns([3, 2])
    with left, cards.panel("source_connect", say("Connect it"), words.marked(say(way.about))):
        first_event(of)
        snippet(way, source)
        trial.draw(of, way, source)
    with right:
        if way.auth == "key":
            keyring.draw(source)
        else:
            secret(source)


def first_event(of: Standing) -> None:
    """Waiting until something comes, then green by itself."""
    if of.brought is None:
        step("open", say("Waiting for the first event …"), say(TURNS), FIRST)
    elif not of.brought.facts:
        text = say("See below what was set aside, and why.")
        step("bad", say("Something came in, but nothing of it could be read."), text, FIRST)
    else:
        facts = several(
            of.brought.facts,
            "{count} fact so far, the last delivery {since}.",
            "{count} facts so far, the last delivery {since}.",
            since=listing.since(of.brought.last_delivery_at),
        )
        step("good", say("Connected."), facts, FIRST)


def snippet(way: Way, source: Source) -> None:
    """What to paste, with this server's address, and the key while it can still be shown."""
    key = keyring.shown(source.name) or NO_KEY
    text = way.snippet
    for place, value in (("{host}", trial.host()), ("{key}", key), ("{source}", source.name)):
        text = text.replace(place, value)
    st.code(text.rstrip(), language=language(text), wrap_lines=True)
    if way.auth == "key" and key == NO_KEY:
        st.caption(say(PASTED))


def language(text: str) -> str | None:
    return "python" if "import " in text else "toml" if text.startswith("[[") else None


def secret(source: Source) -> None:
    """The secret of a webhook: set or replaced, and never shown again."""
    said = say(
        "It is set; what is not signed with it is refused."
        if source.has_secret
        else "Not set yet: every delivery is refused."
    )
    with (
        cards.panel("source_secret", say("Secret"), said),
        st.form("sources_secret", border=False, clear_on_submit=True),
    ):
        typed = st.text_input(
            say("New secret" if source.has_secret else "Secret"),
            type="password",
            key="sources_secret_text",
            placeholder=say("paste it as the sender shows it"),
            help=say(KEPT_READABLE),
        )
        if st.form_submit_button(
            say("Replace it" if source.has_secret else "Set it"), type="primary", key="sources_do_secret"
        ):
            keep(source.name, typed)


def keep(name: str, typed: str) -> None:
    who = person.require_whole("admin").key
    try:
        desk.keep_secret(numbers.settings(), name, typed, who=who)
    except HoldfastError as wrong:
        st.error(retold(str(wrong)), icon=":material/error:")
        return
    st.toast(say("What {source} sends is checked with this secret from now on.", source=name))
    anew.draw()
