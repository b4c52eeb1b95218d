"""The form in which something that lets others in is revoked: which of them, and only with a tick."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import streamlit as st

from pages.parts import tried
from pages.parts.speech import later, say

Revoked = TypeVar("Revoked")
Kind = Literal["key", "token"]
NAMES: dict[Kind, str] = {"key": later("Key"), "token": later("Token")}
WARNING: dict[Kind, str] = {
    "key": later("What shows this key is refused within a second. That cannot be undone."),
    "token": later("What shows this token is refused within a second. That cannot be undone."),
}


def form(
    kind: Kind,
    valid: Sequence[Revoked],
    told: Callable[[Revoked], str],
    revoke: Callable[[Revoked], None],
    *,
    key: str,
) -> None:
    """In a dialog that asked who is there; `revoke` is called once, and the page drawn anew."""
    st.markdown(say(WARNING[kind]))
    with st.form(f"{key}_revoking", border=False):
        chosen = st.selectbox(say(NAMES[kind]), valid, format_func=told, key=f"{key}_revoked")
        is_sure = st.checkbox(say("Nothing that matters uses it any more"), key=f"{key}_sure")
        is_asked = st.form_submit_button(say("Revoke it"), type="primary", key=f"{key}_do_revoke")
    if not is_asked:
        return
    if not is_sure or chosen is None:
        st.error(say("Confirm with the tick first."), icon=":material/error:")
    elif tried.in_dialog(lambda: revoke(chosen)):
        st.rerun()
