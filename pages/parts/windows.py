"""Dialogs whose titles are said in the language of the run."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import streamlit as st

from pages.parts.speech import say

Asked = ParamSpec("Asked")


def dialog(title: str, **options: Any) -> Callable[[Callable[Asked, None]], Callable[Asked, None]]:
    """`@windows.dialog(later("Set a target"), width="small")`: as st.dialog, with a title to be said."""

    def dress(body: Callable[Asked, None]) -> Callable[Asked, None]:
        @wraps(body)
        def opened(*args: Asked.args, **kwargs: Asked.kwargs) -> None:
            st.dialog(say(title), **options)(body)(*args, **kwargs)

        return opened

    return dress
