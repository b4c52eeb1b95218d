"""The audit trail: who did what, when and why, with what it was before and after."""

from collections.abc import Mapping
from html import escape
from itertools import chain
from typing import Any

import streamlit as st

from engine.desk import people as desk
from engine.desk.people import Entry
from pages.parts import cards, numbers, words
from pages.parts.alerts import says
from pages.parts.people import deeds
from pages.parts.speech import later, say, several, whole, written

SHOWN = 100
FIELDS = 4  # that are told of one change; the rest is counted
LONGEST = 60
HEADS = (later("When"), later("Who"), later("What"), later("About"), later("Before → after"))


def draw() -> None:
    with cards.panel(
        "people_trail", say("Who did what"), say("Every change that people made, the newest first")
    ):
        wanted = st.text_input(
            say("Search"),
            key="people_trail",
            bind="query-params",
            placeholder=say("a name, an action, a rule …"),
            type="search",
            label_visibility="collapsed",
            width=320,
        )
        found = entries((wanted or "").strip())
        if not found:
            cards.note(
                say("Nothing was done that has this in it." if wanted else "Nobody has changed anything yet.")
            )
            return
        st.html(table(found[:SHOWN]))
        if len(found) > SHOWN:
            more = say("The newest {count}: search for the others.", count=whole(SHOWN))
            st.html(f'<p class="hf-sub">{more}</p>')


def entries(wanted: str) -> list[Entry]:
    """What has a text in it, as it stands there or in the reader's words for it."""
    texts = (wanted, *deeds.kept_as(wanted))
    found = [desk.trail(numbers.settings(), containing=text, limit=SHOWN + 1) for text in texts]
    by_id = {one.audit_id: one for one in chain.from_iterable(found)}
    return [by_id[each] for each in sorted(by_id, reverse=True)][: SHOWN + 1]


def table(found: list[Entry]) -> str:
    head = "".join(f'<th class="hf-left">{say(name)}</th>' for name in HEADS)
    body = "".join(map(line, found))
    return (
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-wrapped hf-folding hf-trail-table"><thead><tr>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def line(one: Entry) -> str:
    why = f"<small>{escape(deeds.reason(one.reason))}</small>" if one.reason else ""
    cells = (
        escape(one.who),
        f"{escape(deeds.action(one.action))}{why}",
        escape(about(one.subject)),
        differences(one),
    )
    rest = "".join(
        f'<td class="hf-left" data-head="{say(head)}">{cell}</td>'
        for head, cell in zip(HEADS[1:], cells, strict=True)
    )
    return f'<tr><th title="{says.since(one.at)}">{escape(says.moment(one.at))}</th>{rest}</tr>'


def about(subject: str) -> str:
    what, _, which = subject.partition(":")
    return f"{deeds.subject(what)} {which}"


def differences(one: Entry) -> str:
    """role viewer → lead."""
    before, after = one.before or {}, one.after or {}
    both = {name: (value(name, before), value(name, after)) for name in {**before, **after}}
    told = [f"{escape(deeds.field(name))} {was} → {now}" for name, (was, now) in both.items() if was != now]
    rest = len(told) - FIELDS
    more = [several(rest, "and {count} field more", "and {count} fields more")] if rest > 0 else []
    return "; ".join([*told[:FIELDS], *more]) or words.NONE


def value(name: str, of: Mapping[str, Any]) -> str:
    found = of.get(name)
    if found is None or found == "":
        return words.NONE
    if isinstance(found, bool):
        return say("yes" if found else "no")
    text = deeds.value(name, plain(found))
    return escape(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def plain(found: Any) -> str:
    """What was noted, as people read it: below 0.35, periods 2."""
    if isinstance(found, dict):
        known = {key: deeds.value(key, plain(each)) for key, each in found.items() if each is not None}
        return ", ".join(f"{deeds.part(key)} {told}" for key, told in known.items())
    if isinstance(found, list):
        return "; ".join(map(plain, found))
    if isinstance(found, bool):
        return deeds.value("", str(found))
    return str(found).replace(".", written().decimal) if isinstance(found, float) else str(found)
