"""The story of an alert: what was told and why or why not, how it moved, what people said and did."""

from datetime import datetime
from html import escape

import streamlit as st

from engine.desk.alerts import AlertView, Comment, Entry, State, Story, Telling
from pages.parts import cards
from pages.parts.alerts import acting, says
from pages.parts.speech import later, say, several

FIRST = 8  # lines that are shown at once, the newest first
DONE = {
    "took": later("<b>{who}</b> took it"),
    "released": later("<b>{who}</b> left it to nobody"),
    "assigned": later("<b>{who}</b> gave it to {taken_by}"),
    "acknowledged": later("<b>{who}</b> acknowledged it"),
    "snoozed": later("<b>{who}</b> snoozed it until {until}"),
    "woke": later("<b>{who}</b> woke it"),
}


def told(of: Story) -> None:
    """The messages, and every time that none was sent."""
    lines = [telling(one) for one in reversed(of.tellings)]
    with cards.panel(
        "alerts_told", say("Told, or not"), say("Each send, and each that was not, with its reason")
    ):
        if lines:
            listed(lines)
        else:
            cards.note(say("Nothing yet: it is told when it fires."))


def telling(one: Telling) -> str:
    look = {"sent": "good", "waiting": "open", "dead": "bad"}.get(one.message_state or "", "still")
    what = says.happened(one)
    where = f" · {escape(one.channel)}" if one.channel else ""
    became = says.became(one)
    fate = f"<small>{escape(became)}{escape(error(one))}</small>" if became else ""
    return item(one.at, look, f"<b>{escape(what)}</b>{where}: {escape(says.told_of(one))}{fate}")


def error(one: Telling) -> str:
    return f": {one.last_error}" if one.last_error and one.message_state != "sent" else ""


def moved(of: Story, alert: AlertView) -> None:
    """Every state that it was in."""
    lines = [state(one, alert) for one in reversed(of.states)]
    about = say("Each state, what moved it there, and for how long")
    with cards.panel("alerts_moved", say("How it moved"), about):
        listed(lines) if lines else cards.note(say("It has not moved yet."))


def state(one: State, alert: AlertView) -> str:
    look = {"firing": "bad", "pending": "late", "resolved": "good"}.get(one.status, "still")
    figure = says.figure(one, alert.rule.metric) if one.value is not None else ""
    bound = says.bound(one, alert.rule.metric)
    when = says.period(one, alert.rule.grain)
    facts = ", ".join(part for part in (figure, bound, when) if part)
    lasted = says.lasted(one.entered_at, one.left_at)
    ended = say("for {span}" if one.left_at else "for {span} so far", span=lasted)
    text = f"<b>{says.status(one.status)}</b> {escape(ended)}: {escape(says.moved(one))}"
    version = say("version {version}", version=one.rule_version)
    return item(one.entered_at, look, f"{text}<small>{escape(facts)} · {version}</small>")


def said(of: Story, alert: AlertView) -> None:
    """What people said and did, the newest first, and a field to say more."""
    known = [(one.at, comment(one)) for one in of.comments]
    known += [(one.at, deed(one)) for one in of.done if one.action in DONE]
    with cards.panel("alerts_people", say("Who did and said what"), looked_after(alert)):
        acting.saying(alert)
        ordered = sorted(known, key=lambda pair: pair[0], reverse=True)
        if ordered:
            listed([line for _, line in ordered])


def looked_after(alert: AlertView) -> str:
    who = escape(alert.taken_by or "")
    return say("{who} has it", who=who) if who else say("Nobody has taken it")


def comment(one: Comment) -> str:
    return item(one.at, "", f'<b>{escape(one.author)}</b><q class="hf-said">{escape(one.text)}</q>')


def deed(one: Entry) -> str:
    after = one.after or {}
    until = after.get("snoozed_until")
    told = say(
        DONE[one.action],
        who=escape(one.who),
        taken_by=escape(after.get("taken_by") or say("nobody")),
        until=escape(says.moment(datetime.fromisoformat(until))) if until else say("now"),
    )
    reason = f"<small>{escape(one.reason)}</small>" if one.reason else ""
    return item(one.at, "", f"{told}{reason}")


def item(at: datetime, look: str, html: str) -> str:
    mark = f'<i class="hf-mark hf-state-{look}"></i>' if look else '<i class="hf-mark"></i>'
    when = f'<time title="{escape(says.moment(at))}">{says.since(at)}</time>'
    return f"<li>{mark}<div>{html}</div>{when}</li>"


def listed(lines: list[str]) -> None:
    rest = lines[FIRST:]
    head = several(len(rest), "{count} earlier one", "{count} earlier ones")
    more = f"<details><summary>{head}</summary><ol>{''.join(rest)}</ol></details>" if rest else ""
    st.html(f'<div class="hf-story"><ol>{"".join(lines[:FIRST])}</ol>{more}</div>')
