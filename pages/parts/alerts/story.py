"""The story of an alert: what was told and why or why not, how it moved, what people said and did."""

from datetime import datetime
from html import escape

import streamlit as st

from engine.desk.alerts import AlertView, Comment, Entry, State, Story, Telling
from pages.parts import cards, words
from pages.parts.alerts import acting, says

FIRST = 8  # lines that are shown at once, the newest first
DONE = {
    "took": "took it",
    "released": "left it to nobody",
    "assigned": "gave it to {taken_by}",
    "acknowledged": "acknowledged it",
    "snoozed": "snoozed it until {until}",
    "woke": "woke it",
}


def told(of: Story) -> None:
    """The messages, and every time that none was sent."""
    lines = [telling(one) for one in reversed(of.tellings)]
    with cards.panel("alerts_told", "Told, or not", "Each send, and each that was not, with its reason"):
        if lines:
            listed(lines)
        else:
            cards.note("Nothing yet: it is told when it fires.")


def telling(one: Telling) -> str:
    look = {"sent": "good", "waiting": "open", "dead": "bad"}.get(one.message_state or "", "still")
    what = says.HAPPENED.get(one.what, one.what)
    where = f" · {escape(one.channel)}" if one.channel else ""
    became = says.became(one)
    fate = f"<small>{escape(became)}{escape(error(one))}</small>" if became else ""
    return item(one.at, look, f"<b>{escape(what)}</b>{where}: {escape(says.told_of(one))}{fate}")


def error(one: Telling) -> str:
    return f": {one.last_error}" if one.last_error and one.message_state != "sent" else ""


def moved(of: Story, alert: AlertView) -> None:
    """Every state that it was in."""
    lines = [state(one, alert) for one in reversed(of.states)]
    with cards.panel("alerts_moved", "How it moved", "Each state, what moved it there, and for how long"):
        listed(lines) if lines else cards.note("It has not moved yet.")


def state(one: State, alert: AlertView) -> str:
    look = {"firing": "bad", "pending": "late", "resolved": "good"}.get(one.status, "still")
    figure = says.figure(one, alert.rule.metric) if one.value is not None else ""
    bound = says.bound(one, alert.rule.metric)
    when = says.period(one, alert.rule.grain)
    facts = ", ".join(part for part in (figure, bound, when) if part)
    lasted = says.lasted(one.entered_at, one.left_at)
    ended = f"for {lasted}" if one.left_at else f"for {lasted} so far"
    text = f"<b>{one.status.capitalize()}</b> {escape(ended)}: {escape(says.moved(one))}"
    return item(one.entered_at, look, f"{text}<small>{escape(facts)} · version {one.rule_version}</small>")


def said(of: Story, alert: AlertView) -> None:
    """What people said and did, the newest first, and a field to say more."""
    known = [(one.at, comment(one)) for one in of.comments]
    known += [(one.at, deed(one)) for one in of.done if one.action in DONE]
    with cards.panel("alerts_people", "Who did and said what", looked_after(alert)):
        acting.say(alert)
        ordered = sorted(known, key=lambda pair: pair[0], reverse=True)
        if ordered:
            listed([line for _, line in ordered])


def looked_after(alert: AlertView) -> str:
    return f"{escape(alert.taken_by)} has it" if alert.taken_by else "Nobody has taken it"


def comment(one: Comment) -> str:
    return item(one.at, "", f'<b>{escape(one.author)}</b><q class="hf-said">{escape(one.text)}</q>')


def deed(one: Entry) -> str:
    after = one.after or {}
    until = after.get("snoozed_until")
    told = DONE[one.action].format(
        taken_by=after.get("taken_by") or "nobody",
        until=says.moment(datetime.fromisoformat(until)) if until else "now",
    )
    reason = f"<small>{escape(one.reason)}</small>" if one.reason else ""
    return item(one.at, "", f"<b>{escape(one.who)}</b> {escape(told)}{reason}")


def item(at: datetime, look: str, html: str) -> str:
    mark = f'<i class="hf-mark hf-state-{look}"></i>' if look else '<i class="hf-mark"></i>'
    when = f'<time title="{escape(says.moment(at))}">{says.since(at)}</time>'
    return f"<li>{mark}<div>{html}</div>{when}</li>"


def listed(lines: list[str]) -> None:
    rest = lines[FIRST:]
    head = f"<summary>{words.plural(len(rest), 'earlier one')}</summary>"
    more = f"<details>{head}<ol>{''.join(rest)}</ol></details>" if rest else ""
    st.html(f'<div class="hf-story"><ol>{"".join(lines[:FIRST])}</ol>{more}</div>')
