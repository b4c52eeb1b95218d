"""Who gets the weekly letter, when, and the buttons that change it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.desk import digests
from engine.desk.digests import Digest
from pages.parts import asked, cards, numbers, outgoing, person, speech, words
from pages.parts.lately import lately
from pages.parts.segment import Segment
from pages.parts.speech import LANGUAGES, later, say, say_as

DAYS = (
    later("Monday"),
    later("Tuesday"),
    later("Wednesday"),
    later("Thursday"),
    later("Friday"),
    later("Saturday"),
    later("Sunday"),
)
EVERY = (
    later("Mondays at {hour}, {zone}"),
    later("Tuesdays at {hour}, {zone}"),
    later("Wednesdays at {hour}, {zone}"),
    later("Thursdays at {hour}, {zone}"),
    later("Fridays at {hour}, {zone}"),
    later("Saturdays at {hour}, {zone}"),
    later("Sundays at {hour}, {zone}"),
)
HEADS = (later("Weekly letter"), later("When"), later("By channel"), later("Next"), "")
ABOUT = later(
    "What changed, what fires and the drivers with their trends, by mail or any other channel, once a week"
)
NONE = later("Nobody gets a weekly letter yet.")


def known(here: Segment | None = None) -> list[Digest]:
    """All letters; of somebody who may see one segment, those about it."""
    return [one for one in everybodys() if here is None or one.place == (here.dimension, here.name)]


@lately
def everybodys() -> list[Digest]:
    return digests.known(numbers.settings())


def panel(found: Sequence[Digest], *, may_change: bool) -> None:
    with cards.panel("digests", say("Weekly letter"), say(ABOUT)):
        if found:
            table(found, may_change=may_change)
        else:
            cards.note(say(NONE), "✉")
        if may_change:
            st.button(
                say("Set up a weekly letter"),
                icon=":material/forward_to_inbox:",
                key="overview_digest_add",
                on_click=asked.ask,
                args=("overview", "letter:new"),
            )


def table(found: Sequence[Digest], *, may_change: bool) -> None:
    channels = outgoing.channels() if person.may("lead") else {}
    head = "".join(f'<th class="hf-left">{say(name) if name else ""}</th>' for name in HEADS)
    body = "".join(line(one, channels, may_change=may_change) for one in found)
    st.html(
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-digests"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def line(one: Digest, channels: dict[str, outgoing.Channel], *, may_change: bool) -> str:
    about = f"{escape(Segment(*one.place).label)} <small>{LANGUAGES[speech.known(one.language)]}</small>"
    gone = may_change and one.channel not in channels
    name = escape(one.channel)
    channel = say("{channel} (removed)", channel=name) if gone else f"{name} "
    cells = (about, when(one), channel, escape(upcoming(one)), actions(one) if may_change else "")
    rest = "".join(f'<td class="hf-left">{cell}</td>' for cell in cells[1:])
    return f"<tr><th>{cells[0]}</th>{rest}</tr>"


def when(one: Digest) -> str:
    """Mondays at 08:00, Europe/Warsaw."""
    zone = escape(one.zone.replace("_", " "))
    return say(EVERY[one.weekday], hour=f"{one.hour:02d}:00", zone=zone)


def upcoming(one: Digest) -> str:
    at = digests.next_at(one)
    return say("paused") if at is None else words.moment(at, one.zone)


def actions(one: Digest) -> str:
    verbs = (
        ("look", say("Preview")),
        ("change", say_as("verb", "Change")),
        ("hold", say("Resume") if one.is_paused else say("Pause")),
    )
    return " ".join(
        f'<button class="hf-act" data-open="letter:{verb}:{one.digest_id}">{label}</button>'
        for verb, label in verbs
    )
