"""Who gets the weekly letter, when, and the buttons that change it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.desk import digests
from engine.desk.digests import Digest
from pages.parts import asked, cards, numbers, outgoing, person, words
from pages.parts.segment import Segment

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HEADS = ("Weekly letter", "When", "By channel", "Next", "")
ABOUT = (
    "What changed, what fires and the drivers with their trends, by mail or any other channel, once a week"
)
NONE = "Nobody gets a weekly letter yet."


def known(here: Segment | None = None) -> list[Digest]:
    """All letters; of somebody who may see one segment, those about it."""
    found = digests.known(numbers.settings())
    return [one for one in found if here is None or one.place == (here.dimension, here.name)]


def panel(found: Sequence[Digest], *, may_change: bool) -> None:
    with cards.panel("digests", "Weekly letter", ABOUT):
        if found:
            table(found, may_change=may_change)
        else:
            cards.note(NONE, "✉")
        if may_change:
            st.button(
                "Set up a weekly letter",
                icon=":material/forward_to_inbox:",
                key="overview_digest_add",
                on_click=asked.ask,
                args=("overview", "letter:new"),
            )


def table(found: Sequence[Digest], *, may_change: bool) -> None:
    channels = outgoing.channels() if person.may("lead") else {}
    head = "".join(f'<th class="hf-left">{name}</th>' for name in HEADS)
    body = "".join(line(one, channels, may_change=may_change) for one in found)
    st.html(
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-digests"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def line(one: Digest, channels: dict[str, outgoing.Channel], *, may_change: bool) -> str:
    about = escape(Segment(*one.place).label)
    gone = may_change and one.channel not in channels
    channel = f"{escape(one.channel)} {'(removed)' if gone else ''}"
    cells = (about, when(one), channel, escape(upcoming(one)), actions(one) if may_change else "")
    rest = "".join(f'<td class="hf-left">{cell}</td>' for cell in cells[1:])
    return f"<tr><th>{cells[0]}</th>{rest}</tr>"


def when(one: Digest) -> str:
    """Mondays at 08:00, Europe/Warsaw."""
    return f"{DAYS[one.weekday]}s at {one.hour:02d}:00, {escape(one.zone.replace('_', ' '))}"


def upcoming(one: Digest) -> str:
    at = digests.next_at(one)
    return "paused" if at is None else words.moment(at, one.zone)


def actions(one: Digest) -> str:
    verbs = (("look", "Preview"), ("change", "Change"), ("hold", "Resume" if one.is_paused else "Pause"))
    return " ".join(
        f'<button class="hf-act" data-open="letter:{verb}:{one.digest_id}">{label}</button>'
        for verb, label in verbs
    )
