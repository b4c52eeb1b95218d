"""The only place where pages read how people are reached, and what was sent to them."""

from collections.abc import Mapping

import streamlit as st

from engine.desk import channels as desk
from engine.desk.channels import Channel, KindOfChannel, Posted, Route, State
from pages.parts import numbers


def channels() -> dict[str, Channel]:
    """The channels as they are at this moment, by name."""
    return desk.channels(numbers.settings())


@st.cache_resource
def kinds() -> Mapping[str, KindOfChannel]:
    return desk.channel_kinds()


def routes() -> list[Route]:
    return desk.routes(numbers.settings())


def messages(state: State, most: int) -> list[Posted]:
    """The newest messages of a state."""
    return desk.messages(numbers.settings(), state, most)
