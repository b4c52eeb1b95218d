"""What people do with an alert: take it, acknowledge it, put it off, say something about it."""

from datetime import datetime

import streamlit as st

from engine.desk import alerts as desk
from engine.desk import people
from engine.desk.alerts import AlertView
from pages.parts import alarms, asked, numbers, person, tried, windows, words
from pages.parts.alerts import moments, says, silencing
from pages.parts.speech import later, say, say_as

PAGE = "alerts"
SAID = "alerts_said"
SNOOZED = later(
    "It goes on being judged, and stays on this page. Nobody is told of it until then; if it still fires "
    "when the snooze ends, it is told."
)


def buttons(of: AlertView) -> None:
    if not person.may("lead"):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="alerts_actions"):
        taking(of)
        asking(say("Give to …"), "give", of, ":material/person_add:")
        seeing(of)
        putting_off(of)
        asking(say_as("verb", "Silence"), "silence", of, ":material/volume_off:")
    verb, about = asked.wanted(PAGE)
    if verb in DIALOGS and about == str(of.alert_id):
        DIALOGS[verb](of)


def author(role: people.Role, alert_id: int) -> str:
    """Who does something to an alert, if they may and still see it.

    Raises:
        BadInput: it is not of what they may see, in the words of an alert that there is not.
    """
    who = person.require(role).key
    alarms.refuse_unseen(alert_id)
    return who


def asking(label: str, verb: str, of: AlertView, icon: str) -> None:
    """A button that opens a dialog."""
    what = f"{verb}:{of.alert_id}"
    st.button(label, icon=icon, key=f"alerts_{verb}", on_click=asked.ask, args=(PAGE, what))


def taking(of: AlertView) -> None:
    who = person.current().key
    is_mine = of.taken_by == who
    st.button(
        say_as("an alert", "Release" if is_mine else "Take over" if of.taken_by else "Take"),
        icon=":material/back_hand:",
        key="alerts_take",
        type="secondary" if of.taken_by else "primary",
        on_click=release if is_mine else take,
        args=(of.alert_id, of.taken_by),
        help=say("Leave it to nobody")
        if is_mine
        else words.literal(say("Everybody sees that {who} looks after it", who=who)),
    )


def take(alert_id: int, instead_of: str | None) -> None:
    tried.at_once(
        lambda: desk.take(numbers.settings(), alert_id, who=author("lead", alert_id), instead_of=instead_of)
    )


def release(alert_id: int, instead_of: str | None) -> None:
    tried.at_once(
        lambda: desk.release(
            numbers.settings(), alert_id, who=author("lead", alert_id), instead_of=instead_of
        )
    )


@windows.dialog(later("Give it to somebody"), on_dismiss=asked.forget)
def giving(of: AlertView) -> None:
    """Whoever is to look after it, by the name under which they take alerts themselves."""
    person.require("lead")
    with st.form("alerts_giving", border=False):
        name = st.text_input(
            say_as("a person", "To"), key="alerts_given_to", placeholder=say("a name"), max_chars=80
        )
        given = (
            st.form_submit_button(say_as("an alert", "Give it"), type="primary", key="alerts_do_give")
            and name.strip()
        )
        if given and tried.in_dialog(lambda: give(of, given)):
            asked.done()


def give(of: AlertView, to: str) -> None:
    who = author("lead", of.alert_id)
    desk.assign(numbers.settings(), of.alert_id, to, who=who, instead_of=of.taken_by)


def seeing(of: AlertView) -> None:
    if not of.is_firing:
        return
    st.button(
        say("Acknowledged" if of.acknowledged_at else "Acknowledge"),
        icon=":material/check:",
        key="alerts_acknowledge",
        disabled=of.acknowledged_at is not None,
        on_click=acknowledge,
        args=(of.alert_id,),
        help=seen(of),
    )


def seen(of: AlertView) -> str:
    if of.acknowledged_at is None:
        return say("Say that you have seen it: it is told no more until it is over")
    since = says.since(of.acknowledged_at)
    return words.literal(say("By {who}, {since}", who=of.acknowledged_by, since=since))


def acknowledge(alert_id: int) -> None:
    tried.at_once(lambda: desk.acknowledge(numbers.settings(), alert_id, who=author("lead", alert_id)))


def putting_off(of: AlertView) -> None:
    if says.is_snoozed(of):
        icon = ":material/alarm:"
        st.button(say("Wake it"), icon=icon, key="alerts_wake", on_click=wake, args=(of.alert_id,))
    else:
        asking(say("Snooze"), "snooze", of, ":material/snooze:")


def wake(alert_id: int) -> None:
    tried.at_once(lambda: desk.snooze(numbers.settings(), alert_id, None, who=author("lead", alert_id)))


@windows.dialog(later("Snooze it"), on_dismiss=asked.forget)
def snoozing(of: AlertView) -> None:
    person.require("lead")
    st.markdown(say(SNOOZED))
    until = moments.until("alerts_snooze", start=2)
    hint = say("so that others understand it")
    reason = st.text_input(say("Why"), key="alerts_snooze_reason", placeholder=hint)
    given = st.button(say("Snooze"), type="primary", key="alerts_do_snooze", disabled=until is None)
    if given and tried.in_dialog(lambda: snooze(of.alert_id, until, reason.strip())):
        asked.done()


def snooze(alert_id: int, until: datetime | None, why: str) -> None:
    desk.snooze(numbers.settings(), alert_id, until, who=author("lead", alert_id), reason=why)


def saying(of: AlertView) -> None:
    """The field under what was said."""
    if not person.may("analyst"):
        return
    with st.form("alerts_saying", border=False, clear_on_submit=True):
        st.text_area(
            say("Comment"),
            key=SAID,
            placeholder=say("What you found, what you did, whom you asked"),
            label_visibility="collapsed",
            height=80,
        )
        st.form_submit_button(say("Comment"), key="alerts_do_say", on_click=comment, args=(of.alert_id,))


def comment(alert_id: int) -> None:
    said = st.session_state.get(SAID, "")
    if said.strip():
        tried.at_once(
            lambda: desk.comment(numbers.settings(), alert_id, said, who=author("analyst", alert_id))
        )


DIALOGS = {"give": giving, "snooze": snoozing, "silence": silencing.dialog}
