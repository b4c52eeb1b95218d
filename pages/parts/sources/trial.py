"""The test delivery: sent to the real door, its answer, and how far it got since."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine import desk
from engine.desk import Attempt, Source, Way
from pages import live_door
from pages.parts import numbers, person, words
from pages.parts.sources import keyring
from pages.parts.sources.standing import Standing
from pages.parts.sources.steps import step

SENT = "sources_sent"  # (source, what became of it)
HARMLESS = "Goes through the real door, over HTTP. No metric counts what is in it."


def host() -> str:
    """Where people reach these pages, which is where the doors are."""
    scheme, _, rest = (st.context.url or "http://127.0.0.1:8501").partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def draw(of: Standing, way: Way, source: Source) -> None:
    is_ready = source.enabled and (way.auth == "key" or source.has_secret)
    st.button(
        "Send a test delivery",
        icon=":material/send:",
        key="sources_send",
        disabled=not is_ready,
        on_click=send,
        args=(source.name, way.name),
        help=HARMLESS if is_ready else "Switch the source on, and set its secret, first.",
    )
    name, became = st.session_state.get(SENT, (None, None))
    if name == source.name:
        refused(became) if isinstance(became, str) else answered(of, became)


def send(name: str, kind: str) -> None:
    """The answer is shown from the next run on."""
    person.require_whole("admin")
    address = live_door.address() or host()
    try:
        became: Attempt | str = desk.send_test(numbers.settings(), name, kind, address, keyring.shown(name))
    except HoldfastError as wrong:
        became = str(wrong)
    st.session_state[SENT] = (name, became)


def refused(reason: str) -> None:
    step("bad", "It was not sent.", reason)


def answered(of: Standing, attempt: Attempt) -> None:
    """What the door said, item by item, and what happened then."""
    if attempt.tried.status != 200:
        step("bad", f"The door answered {attempt.tried.status}.", attempt.tried.refusal)
        return
    told = "; ".join(map(item_told, attempt.tried.items)) or "it took the delivery"
    step("good", f"The door answered 200 after {attempt.seconds * 1000:,.0f} ms.", told)
    engine = numbers.engine()
    if not engine.drained_at or engine.drained_at < attempt.sent_at:
        why = "This takes a second or two." if engine.alive else "It is kept until the engine runs."
        step("open", "Waiting for the engine to take it in …", why)
    elif all(item.get("outcome") == "ignored" for item in attempt.tried.items):
        step("good", "The engine took it in.", "It says nothing, on purpose: the door and the secret work.")
    else:
        arrived(of, attempt)


def item_told(item: Mapping[str, Any]) -> str:
    reason = f" ({item['reason']})" if item.get("reason") else ""
    return f"{item.get('id') or 'the item'}: {item.get('outcome')}{reason}"


def arrived(of: Standing, attempt: Attempt) -> None:
    if of.brought is None or of.brought.last_delivery_at < attempt.sent_at:
        step("open", "Taken in; waiting for the next edition …", "")
        return
    known = f"{words.span(of.brought.lag)} after it came in." if of.brought.lag is not None else ""
    step("good", "It has arrived: this page counts it.", known)
