"""Messages: those that wait, were sent, were given up or dropped; each with its words, and tried again."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from engine.desk import channels as desk
from engine.desk.channels import Posted, State
from pages.parts import cards, numbers, outgoing, person, tried, words
from pages.parts.alerts import says
from pages.parts.channels import listing

SHOWN = 50
AT_ONCE = 200  # messages that one click tries again
BOXES: dict[State, str] = {
    "waiting": "Waiting",
    "dead": "Given up",
    "sent": "Sent",
    "dropped": "Dropped",
}
EMPTY: dict[State, str] = {
    "waiting": "Nothing waits: everything that was to be sent is on its way.",
    "dead": "Nothing was given up.",
    "sent": "Nothing was sent yet.",
    "dropped": "Nothing was dropped.",
}
ABOUT: dict[State, str] = {
    "waiting": "Sent as soon as they are due and their channel answers",
    "dead": "Refused, or tried for a day without success; nobody was told. They can be tried again",
    "sent": "The newest first",
    "dropped": "Not worth sending any more, such as those whose alert was over before quiet hours ended",
}
HEADS = ("Message", "Channel", "Tried", "What became of it", "")


def draw() -> None:
    with cards.panel("channels_outbox", "Messages"):
        box = pick()
        found = outgoing.messages(box, SHOWN)
        st.html(f'<p class="hf-sub">{ABOUT[box]}.{newest(found)}</p>')
        if not found:
            cards.note(EMPTY[box], "✓" if box == "dead" else "○")
            return
        head = "".join(f'<th class="hf-left">{name}</th>' for name in HEADS)
        body = "".join(line(one, box) for one in found)
        st.html(
            f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-wrapped hf-folding hf-messages">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )
        if box == "dead":
            st.button("Try all again", icon=":material/replay:", key="channels_retry", on_click=retry_all)


def pick() -> State:
    return st.segmented_control(
        "Messages",
        list(BOXES),
        default="waiting",
        format_func=BOXES.__getitem__,
        required=True,
        key="channels_box",
        bind="query-params",
        label_visibility="collapsed",
    )


def newest(found: Sequence[Posted]) -> str:
    return f" The newest {SHOWN}." if len(found) == SHOWN else ""


def line(one: Posted, box: State) -> str:
    retry_it = f'<button class="hf-act" data-open="retry:{one.message_id}">Try again</button>'
    cells = (
        escape(one.channel),
        words.plural(one.attempts, "time"),
        escape(fate(one)),
        retry_it if box in ("dead", "dropped") else "",
    )
    return listing.row(message(one), HEADS[1:], cells)


def message(one: Posted) -> str:
    """Its subject; its words, and the alert, for whoever opens it."""
    at = f'<small title="{escape(says.moment(one.created_at))}">written {says.since(one.created_at)}</small>'
    opens = ""
    if one.alert_ids:
        opens = f'<button class="hf-act" data-open="alert:{one.alert_ids[0]}">Open its alert</button>'
    return (
        f"<details><summary>{escape(one.subject)}</summary><pre>{escape(one.text)}</pre>{opens}</details>{at}"
    )


def fate(one: Posted) -> str:
    if one.state == "sent":
        return f"sent {says.since(one.sent_at)}{f': {one.outcome}' if one.outcome else ''}"
    if one.state == "waiting":
        return waiting(one)
    return one.outcome or one.last_error or BOXES[one.state].lower()


def waiting(one: Posted) -> str:
    due = f"due {says.ahead(one.due_at)}" if says.is_ahead(one.due_at) else "due now"
    held = ", held back by quiet hours or a pause" if one.is_held else ""
    return f"{due}{held}{f'; {one.last_error}' if one.last_error else ''}"


def retry(ids: Sequence[int]) -> None:
    done = [each for each in ids if tried.at_once(partial(again, each))]
    if done:
        st.toast(f"{words.plural(len(done), 'message')} on the way again.", icon=":material/replay:")


def again(message_id: int) -> None:
    desk.retry_message(numbers.settings(), message_id, who=person.require_whole("lead").key)


def retry_all() -> None:
    retry([one.message_id for one in outgoing.messages("dead", AT_ONCE)])
