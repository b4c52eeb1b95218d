"""Alerts as a table for each rule: what, since when, how far beyond, who has it, what was told last."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine.desk.alerts import AlertView, RuleAlerts, Telling
from pages.parts import alarms, words
from pages.parts.alerts import says
from pages.parts.rules import phrases
from pages.parts.speech import say, say_as, several, whole

OPEN = 6  # alerts of a rule that are shown at once
FOLDED = 200  # of the others, those that can be unfolded, where there are few rules
ROOM = 600  # folded alerts of all rules of a page
RULES = 20


def groups(found: Sequence[RuleAlerts], status: str, key: str) -> None:
    """The rules, those of one page; nothing to compute beside what stands in them."""
    pages = max(1, -(-len(found) // RULES))
    page = st.pagination(pages, key=f"alerts_page_{key}") if pages > 1 else 1
    first = (min(page, pages) - 1) * RULES
    shown = found[first : first + RULES]
    room = min(FOLDED, ROOM // max(1, len(shown)))
    cut = [(group, ordered(group, status)) for group in shown]
    last = alarms.last_tellings([of.alert_id for _, alerts in cut for of in alerts[: OPEN + room]])
    body = "".join(section(group, alerts, last, room) for group, alerts in cut)
    st.html(
        f'<div class="hf-scroll" tabindex="0"><div class="hf-alarm-list">{names(status)}{body}</div></div>'
    )


def names(status: str) -> str:
    """The heads of the columns, once for all rules."""
    heads = "".join(f'<th class="hf-left">{name}</th>' for name in heads_of(status))
    return f'<table class="hf-table hf-alarm-rows"><thead><tr>{heads}</tr></thead></table>'


def heads_of(status: str) -> list[str]:
    is_over = status == "resolved"
    return [
        say("Segment"),
        say("Figure"),
        "" if is_over else say("Beyond"),
        say_as("an alert", "Since"),
        say("Had it" if is_over else "Who has it"),
        say("Told last"),
    ]


def section(
    group: RuleAlerts, alerts: Sequence[AlertView], last: Mapping[int, Telling], room: int = FOLDED
) -> str:
    """One rule: its sentence, the first of its alerts, as many of the others folded as there is room for."""
    folded = alerts[OPEN : OPEN + room]
    more = len(alerts) - OPEN - len(folded)
    return (
        f'<section class="hf-alarms">{head(group, len(alerts))}'
        f"{table(alerts[:OPEN], last)}{fold(folded, more, last)}</section>"
    )


def ordered(group: RuleAlerts, status: str) -> list[AlertView]:
    """The worst first; of what is over, what resolved last."""
    return list(group.alerts) if status == "resolved" else sorted(group.alerts, key=worst_first)


def worst_first(of: AlertView) -> tuple[float, str]:
    return -(of.beyond or 0.0), of.segment


def head(group: RuleAlerts, count: int) -> str:
    many = f"<em>{several(count, '{count} segment', '{count} segments')}</em>" if count > 1 else ""
    paused = f" · <b>{say('paused: it is not judged')}</b>" if group.is_paused else ""
    return (
        f'<header><h3>{grade(group.rule.severity)}<button class="hf-open" data-open="rule:{group.rule_id}">'
        f"{escape(group.rule.name)}</button>{many}</h3><p>{escape(sentence(group))}{paused}</p></header>"
    )


def sentence(group: RuleAlerts) -> str:
    """What the rule watches and when it fires, as far as that can still be read."""
    try:
        return f"{phrases.watched(group.rule)}: {phrases.condition(group.rule)}"
    except HoldfastError:
        return phrases.watched(group.rule)


def grade(severity: str) -> str:
    return f'<b class="hf-severity hf-{escape(severity)}">{escape(phrases.grade(severity))}</b>'


def fold(rest: Sequence[AlertView], more: int, last: Mapping[int, Telling]) -> str:
    if not rest:
        return ""
    said = say("and {count} more: choose a segment above to see it.", count=whole(more))
    beyond = f'<p class="hf-sub">{said}</p>' if more > 0 else ""
    summary = several(len(rest) + max(0, more), "and {count} more", "and {count} more")
    return f"<details><summary>{summary}</summary>{table(rest, last)}{beyond}</details>"


def table(of: Iterable[AlertView], last: Mapping[int, Telling]) -> str:
    body = "".join(line(each, last.get(each.alert_id)) for each in of)
    return f'<table class="hf-table hf-alarm-rows"><tbody>{body}</tbody></table>'


def line(of: AlertView, last: Telling | None) -> str:
    place = escape(says.place(of))
    cells = (
        f"<strong>{escape(says.figure(of, of.rule.metric))}</strong> {escape(says.bounded(of))}"
        f"<small>{escape(says.period(of, of.rule.grain))}</small>",
        escape(says.beyond(of)) if of.status != "resolved" else "",
        f'<span title="{escape(says.moment(of.since))}">{says.since(of.since)}</span>'
        f"<small>{escape(says.lasting(of))}</small>",
        who(of),
        told(of, last),
    )
    named = f'<button class="hf-open" data-open="alert:{of.alert_id}">{place}</button>'
    heads = heads_of(of.status)[1:]
    rest = "".join(
        f'<td class="hf-left" data-head="{head}">{cell}</td>' for head, cell in zip(heads, cells, strict=True)
    )
    return f"<tr><th>{named}</th>{rest}</tr>"


def who(of: AlertView) -> str:
    """Who has it, and who has seen it."""
    has = escape(of.taken_by) if of.taken_by else f'<span class="hf-nobody">{say("nobody")}</span>'
    if of.acknowledged_at is None or of.status == "resolved":
        return has
    seen = say("seen by {who}", who=escape(of.acknowledged_by or say("somebody")))
    return f'{has}<small title="{escape(says.moment(of.acknowledged_at))}">{seen}</small>'


def told(of: AlertView, last: Telling | None) -> str:
    """What was told last, and what keeps it from being told now."""
    held = held_back(of)
    if last is None:
        return held or f'<span title="{say("It is told when it fires")}">{words.NONE}</span>'
    what = says.happened(last)
    head = says.happened_low(last) if last.message_id else say("not told")
    why = escape(f"{says.moment(last.at)}. {what}: {says.told_of(last)}")
    return (
        f'<span title="{why}">{escape(head)}, {says.since(last.at)}</span>'
        f"<small>{held or escape(became(last))}</small>"
    )


def held_back(of: AlertView) -> str:
    if of.status == "resolved":
        return ""
    if of.snoozed_until is not None and says.is_snoozed(of):
        ahead = say("snoozed, {ahead}", ahead=says.ahead(of.snoozed_until))
        return f'<b title="{escape(says.moment(of.snoozed_until))}">{ahead}</b>'
    return f"<b>{say_as('an alert', 'silenced')}</b>" if of.is_silenced else ""


def became(last: Telling) -> str:
    """Where its message went; without one, why not."""
    if not last.message_id:
        return says.not_told(last.reason)
    became = says.became(last)
    return say("{became} to {channel}", became=became, channel=last.channel) if last.channel else became
