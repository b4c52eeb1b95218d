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
from pages.parts.speech import later, retold, say, whole

SENT = "sources_sent"  # (source, what became of it)
HARMLESS = later("Goes through the real door, over HTTP. No metric counts what is in it.")
OUTCOMES: dict[object, str] = {
    "accepted": later("accepted"),
    "quarantined": later("quarantined"),
    "ignored": later("ignored"),
    "repeated": later("repeated"),
}
NOT_READY = later("Switch the source on, and set its secret, first.")


def host() -> str:
    """Where people reach these pages, which is where the doors are."""
    scheme, _, rest = (st.context.url or "http://127.0.0.1:8501").partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def draw(of: Standing, way: Way, source: Source) -> None:
    is_ready = source.enabled and (way.auth == "key" or source.has_secret)
    st.button(
        say("Send a test delivery"),
        icon=":material/send:",
        key="sources_send",
        disabled=not is_ready,
        on_click=send,
        args=(source.name, way.name),
        help=say(HARMLESS) if is_ready else say(NOT_READY),
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
        became = retold(str(wrong))
    st.session_state[SENT] = (name, became)


def refused(reason: str) -> None:
    step("bad", say("It was not sent."), reason)


def answered(of: Standing, attempt: Attempt) -> None:
    """What the door said, item by item, and what happened then."""
    if attempt.tried.status != 200:
        answer = say("The door answered {status}.", status=attempt.tried.status)
        step("bad", answer, attempt.tried.refusal)
        return
    told = "; ".join(map(item_told, attempt.tried.items)) or say("it took the delivery")
    took = say("The door answered 200 after {span} ms.", span=whole(attempt.seconds * 1000))
    step("good", took, told)
    engine = numbers.engine()
    is_taken_in = engine.drained_at is not None and engine.drained_at >= attempt.sent_at
    if not is_taken_in and not has_arrived(of, attempt):  # an edition may be heard of before the engine is
        why = say("This takes a second or two." if engine.alive else "It is kept until the engine runs.")
        step("open", say("Waiting for the engine to take it in …"), why)
    elif all(item.get("outcome") == "ignored" for item in attempt.tried.items):
        nothing = say("It says nothing, on purpose: the door and the secret work.")
        step("good", say("The engine took it in."), nothing)
    else:
        arrived(of, attempt)


def item_told(item: Mapping[str, Any]) -> str:
    reason = f" ({item['reason']})" if item.get("reason") else ""
    return f"{item.get('id') or say('the item')}: {outcome_told(item.get('outcome'))}{reason}"


def outcome_told(outcome: object) -> str:
    return say(OUTCOMES[outcome]) if outcome in OUTCOMES else str(outcome)


def has_arrived(of: Standing, attempt: Attempt) -> bool:
    return of.brought is not None and of.brought.last_delivery_at >= attempt.sent_at


def arrived(of: Standing, attempt: Attempt) -> None:
    if not has_arrived(of, attempt):
        step("open", say("Taken in; waiting for the next edition …"), "")
        return
    lag = of.brought.lag
    known = say("{span} after it came in.", span=words.span(lag)) if lag is not None else ""
    step("good", say("It has arrived: this page counts it."), known)
