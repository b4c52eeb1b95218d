"""The form in which something that lets others in is revoked: which of them, and only with a tick."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from pages.parts import tried

Revoked = TypeVar("Revoked")


def form(
    kind: str,
    valid: Sequence[Revoked],
    told: Callable[[Revoked], str],
    revoke: Callable[[Revoked], None],
    *,
    key: str,
) -> None:
    """In a dialog that asked who is there; `revoke` is called once, and the page drawn anew."""
    st.markdown(f"What shows this {kind} is refused within a second. That cannot be undone.")
    with st.form(f"{key}_revoking", border=False):
        chosen = st.selectbox(kind.capitalize(), valid, format_func=told, key=f"{key}_revoked")
        is_sure = st.checkbox("Nothing that matters uses it any more", key=f"{key}_sure")
        is_asked = st.form_submit_button("Revoke it", type="primary", key=f"{key}_do_revoke")
    if not is_asked:
        return
    if not is_sure or chosen is None:
        st.error("Confirm with the tick first.", icon=":material/error:")
    elif tried.in_dialog(lambda: revoke(chosen)):
        st.rerun()
