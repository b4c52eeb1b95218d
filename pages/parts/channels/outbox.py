"""Messages: those that wait, were sent, were given up or dropped; each with its words, and tried again."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from engine.desk import channels as desk
from engine.desk.channels import Posted, State
from pages.parts import cards, numbers, outgoing, person, tried
from pages.parts.alerts import says
from pages.parts.channels import listing
from pages.parts.heard import heard
from pages.parts.speech import later, retold, say, several

SHOWN = 50
AT_ONCE = 200  # messages that one click tries again
BOXES: dict[State, str] = {
    "waiting": later("Waiting"),
    "dead": later("Given up"),
    "sent": later("Sent"),
    "dropped": later("Dropped"),
}
EMPTY: dict[State, str] = {
    "waiting": later("Nothing waits: everything that was to be sent is on its way."),
    "dead": later("Nothing was given up."),
    "sent": later("Nothing was sent yet."),
    "dropped": later("Nothing was dropped."),
}
ABOUT: dict[State, str] = {
    "waiting": later("Sent as soon as they are due and their channel answers."),
    "dead": later("Refused, or tried for a day without success; nobody was told. They can be tried again."),
    "sent": later("The newest first."),
    "dropped": later(
        "Not worth sending any more, such as those whose alert was over before quiet hours ended."
    ),
}
FATES: dict[State, str] = {"dead": later("given up"), "dropped": later("dropped")}
OURS = (later("resolved before it could be sent"), later("delivered"))  # as the outbox says it
HEADS = (later("Message"), later("Channel"), later("Tried"), later("What became of it"), "")


def draw() -> None:
    with cards.panel("channels_outbox", say("Messages")):
        box = pick()
        found = outgoing.messages(box, SHOWN)
        st.html(f'<p class="hf-sub">{say(ABOUT[box])}{newest(found)}</p>')
        if not found:
            cards.note(say(EMPTY[box]), "✓" if box == "dead" else "○")
            return
        head = "".join(f'<th class="hf-left">{say(name) if name else ""}</th>' for name in HEADS)
        body = "".join(line(one, box) for one in found)
        st.html(
            f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-wrapped hf-folding hf-messages">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )
        if box == "dead":
            icon = ":material/replay:"
            st.button(say("Try all again"), icon=icon, key="channels_retry", on_click=retry_all)


def pick() -> State:
    heard("channels_box", BOXES.values())
    return st.segmented_control(
        say("Messages"),
        list(BOXES),
        default="waiting",
        format_func=lambda box: say(BOXES[box]),
        required=True,
        key="channels_box",
        bind="query-params",
        label_visibility="collapsed",
    )


def newest(found: Sequence[Posted]) -> str:
    return f" {say('The newest {count}.', count=SHOWN)}" if len(found) == SHOWN else ""


def line(one: Posted, box: State) -> str:
    retry_it = f'<button class="hf-act" data-open="retry:{one.message_id}">{say("Try again")}</button>'
    cells = (
        escape(one.channel),
        several(one.attempts, "{count} time", "{count} times"),
        escape(fate(one)),
        retry_it if box in ("dead", "dropped") else "",
    )
    return listing.row(message(one), HEADS[1:], cells)


def message(one: Posted) -> str:
    """Its subject; its words, and the alert, for whoever opens it."""
    since = say("written {since}", since=says.since(one.created_at))
    at = f'<small title="{escape(says.moment(one.created_at))}">{since}</small>'
    opens = ""
    if one.alert_ids:
        opens = (
            f'<button class="hf-act" data-open="alert:{one.alert_ids[0]}">{say("Open its alert")}</button>'
        )
    return (
        f"<details><summary>{escape(one.subject)}</summary><pre>{escape(one.text)}</pre>{opens}</details>{at}"
    )


def fate(one: Posted) -> str:
    if one.state == "sent":
        sent = say("sent {since}", since=says.since(one.sent_at))
        return f"{sent}: {said(one.outcome)}" if one.outcome else sent
    if one.state == "waiting":
        return waiting(one)
    return said(one.outcome) if one.outcome else retold(one.last_error or "") or say(FATES[one.state])


def said(outcome: str) -> str:
    """What became of it: our own words, or what the other side answered as it is."""
    return say(outcome) if outcome in OURS else retold(outcome)


def waiting(one: Posted) -> str:
    is_ahead = says.is_ahead(one.due_at)
    due = say("due {ahead}", ahead=says.ahead(one.due_at)) if is_ahead else say("due now")
    if one.is_held:
        due = say("{due}, held back by quiet hours or a pause", due=due)
    return f"{due}; {retold(one.last_error)}" if one.last_error else due


def retry(ids: Sequence[int]) -> None:
    done = [each for each in ids if tried.at_once(partial(again, each))]
    if done:
        told = several(len(done), "{count} message on the way again.", "{count} messages on the way again.")
        st.toast(told, icon=":material/replay:")


def again(message_id: int) -> None:
    desk.retry_message(numbers.settings(), message_id, who=person.require_whole("lead").key)


def retry_all() -> None:
    retry([one.message_id for one in outgoing.messages("dead", AT_ONCE)])
