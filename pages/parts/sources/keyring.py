"""The write keys of a source: made and shown once, listed with their last use, revoked."""

from html import escape
from typing import Any, Literal

import streamlit as st

from data.errors import HoldfastError
from engine import desk
from engine.desk import Source
from pages.parts import cards, numbers, person, revoked, windows, words
from pages.parts.sources import listing
from pages.parts.speech import later, retold, say, say_as, several

LABEL = "sources_key_label"
NEW = "sources_new_key"  # (source, id, key): the one that was just made, until it is put away


def shown(name: str) -> str | None:
    """The key that was just made for a source, as long as it stands on the page."""
    made = st.session_state.get(NEW)
    return made[2] if made and made[0] == name else None


def draw(source: Source) -> None:
    with cards.panel(
        "source_keys", say("Write keys"), say("Whoever shows one of them may send as this source")
    ):
        fresh(source.name)
        keys = numbers.source_keys(source.name)
        valid = [key for key in keys if key.revoked_at is None]
        if valid:
            table(valid)
        elif not shown(source.name):
            cards.note(say("No key yet: make one, and paste it with the snippet into your product."))
        with st.container(horizontal=True):
            create(source.name, first=not valid, made=len(keys))
            if valid and st.button(say("Revoke a key"), icon=":material/key_off:", key="sources_revoke"):
                revoking(source.name)
        if over := len(keys) - len(valid):
            with st.expander(several(over, "{count} revoked key", "{count} revoked keys")):
                table([key for key in keys if key.revoked_at is not None])


def create(name: str, first: bool, made: int) -> None:
    """A form in a pop-up that is another one, and closed, once a key was made."""
    key = f"sources_key_form_{made}"
    with (
        st.popover(say("Create a key"), icon=":material/key:", key=key, type=look(first)),
        st.form("sources_key", border=False, clear_on_submit=True),
    ):
        st.text_input(say("What it is for"), key=LABEL, placeholder=say("web app, production"), max_chars=80)
        st.form_submit_button(
            say("Create"), type="primary", key="sources_do_key", on_click=make, args=(name,)
        )


def look(first: bool) -> Literal["primary", "secondary"]:
    return "primary" if first else "secondary"


def make(name: str) -> None:
    who = person.require_whole("admin").key
    label = st.session_state.get(LABEL, "").strip()
    try:
        key_id, key = desk.create_key(numbers.settings(), name, label, who=who)
    except HoldfastError as wrong:
        st.toast(retold(str(wrong)), icon=":material/error:")
        return
    st.session_state[NEW] = (name, key_id, key)


def fresh(name: str) -> None:
    """The new key, once."""
    key = shown(name)
    if key is None:
        return
    with st.container(key="sources_fresh", gap="small"):
        told = say("<b>Copy this key now.</b> Only its hash is kept, so it cannot be shown again.")
        st.html(f"<p>{told}</p>")
        st.code(key, language=None, wrap_lines=True)
        st.button(say("I have copied it"), key="sources_copied", on_click=put_away)


def put_away() -> None:
    st.session_state.pop(NEW, None)


def table(keys: list[Any]) -> None:
    body = "".join(line(key) for key in keys)
    st.html(
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table"><thead><tr><th>{say("Key")}</th>'
        f'<th class="hf-left">{say_as("a key", "For")}</th>'
        f"<th>{say('Last used')}</th><th>{say('Made')}</th></tr></thead><tbody>{body}</tbody></table></div>"
    )


def line(key: Any) -> str:
    label = f'<td class="hf-left">{escape(key.label or words.NONE)}</td>'
    used = listing.time_cell(key.last_used_at) if key.last_used_at else f"<td>{say('never')}</td>"
    return (
        f"<tr><th><code>{escape(key.key_id)}</code></th>{label}{used}{listing.time_cell(key.created_at)}</tr>"
    )


@windows.dialog(later("Revoke a key"))
def revoking(name: str) -> None:
    person.require_whole("admin")
    valid = [key for key in numbers.source_keys(name) if key.revoked_at is None]
    revoked.form("key", valid, told, revoke, key="sources_key")


def told(key: Any) -> str:
    label = key.label or say("no label")
    if not key.last_used_at:
        return say("{key} · {label} · last used never", key=key.key_id, label=label)
    since = listing.since(key.last_used_at)
    return say("{key} · {label} · last used {since}", key=key.key_id, label=label, since=since)


def revoke(key: Any) -> None:
    desk.revoke_key(numbers.settings(), key.key_id, who=person.require_whole("admin").key)
    made = st.session_state.get(NEW)
    if made and made[1] == key.key_id:
        put_away()
