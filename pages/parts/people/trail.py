"""The audit trail: who did what, when and why, with what it was before and after."""

from html import escape
from typing import Any

import streamlit as st

from engine.desk import people as desk
from engine.desk.people import Entry
from pages.parts import cards, numbers, words
from pages.parts.alerts import says

SHOWN = 100
FIELDS = 4  # that are told of one change; the rest is counted
LONGEST = 60
HEADS = ("When", "Who", "What", "About", "Before → after")


def draw() -> None:
    with cards.panel("people_trail", "Who did what", "Every change that people made, the newest first"):
        wanted = st.text_input(
            "Search",
            key="people_trail",
            bind="query-params",
            placeholder="a name, an action, a rule …",
            type="search",
            label_visibility="collapsed",
            width=320,
        )
        found = desk.trail(numbers.settings(), containing=(wanted or "").strip(), limit=SHOWN + 1)
        if not found:
            cards.note(
                "Nothing was done that has this in it." if wanted else "Nobody has changed anything yet."
            )
            return
        st.html(table(found[:SHOWN]))
        if len(found) > SHOWN:
            st.html(f'<p class="hf-sub">The newest {SHOWN}: search for the others.</p>')


def table(found: list[Entry]) -> str:
    head = "".join(f'<th class="hf-left">{name}</th>' for name in HEADS)
    body = "".join(map(line, found))
    return (
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-wrapped hf-folding hf-trail-table"><thead><tr>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def line(one: Entry) -> str:
    why = f"<small>{escape(one.reason)}</small>" if one.reason else ""
    cells = (escape(one.who), f"{escape(one.action)}{why}", escape(about(one.subject)), differences(one))
    rest = "".join(
        f'<td class="hf-left" data-head="{head}">{cell}</td>'
        for head, cell in zip(HEADS[1:], cells, strict=True)
    )
    return f'<tr><th title="{says.since(one.at)}">{escape(says.moment(one.at))}</th>{rest}</tr>'


def about(subject: str) -> str:
    what, _, which = subject.partition(":")
    return f"{what.replace('_', ' ')} {which}"


def differences(one: Entry) -> str:
    """role viewer → lead."""
    before, after = one.before or {}, one.after or {}
    both = {name: (value(before.get(name)), value(after.get(name))) for name in {**before, **after}}
    told = [f"{called(name)} {was} → {now}" for name, (was, now) in both.items() if was != now]
    rest = len(told) - FIELDS
    more = [f"and {words.plural(rest, 'field')} more"] if rest > 0 else []
    return "; ".join([*told[:FIELDS], *more]) or words.NONE


def called(name: str) -> str:
    return escape(name.removeprefix("is_").replace("_", " "))


def value(found: Any) -> str:
    if found is None or found == "":
        return words.NONE
    if isinstance(found, bool):
        return "yes" if found else "no"
    text = plain(found)
    return escape(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def plain(found: Any) -> str:
    """What was noted, as people read it: below 0.35, periods 2."""
    if isinstance(found, dict):
        return ", ".join(f"{key} {plain(each)}" for key, each in found.items() if each is not None)
    return "; ".join(map(plain, found)) if isinstance(found, list) else str(found)
