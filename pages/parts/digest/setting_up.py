"""The dialogs of weekly letters: set one up, change it, look at it, send one now."""

from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from data.errors import HoldfastError
from engine.desk import digests
from engine.desk.digests import Digest, Preview
from pages.parts import asked, cards, filters, numbers, outgoing, person, rooms, tongue, tried, windows, words
from pages.parts.digest.listing import DAYS
from pages.parts.speech import language, later, retold, say, say_as

NO_CHANNEL = later("There is no channel yet. A letter goes out by a channel, such as mail: add one first.")
SENT = later("On its way by the channel {channel}. What became of it stands on the Channels page.")
PICTURES = (later("The drivers' last periods"), later("MRR gained and lost by month"))


def follow(wanted: str, edition: str, found: list[Digest]) -> None:
    """The dialog that a click asked for: `new`, `change:7`, `look:7`."""
    verb, _, digest_id = wanted.partition(":")
    one = next((one for one in found if str(one.digest_id) == digest_id), None)
    if verb == "new":
        dialog(edition, None)
    elif verb == "change" and one:
        dialog(edition, one)
    elif verb == "look" and one:
        preview(one)


def hold(digest_id: str) -> None:
    """Pause a letter, or have it come again."""
    who, settings = person.require_whole("lead").key, numbers.settings()
    one = next((one for one in digests.known(settings) if str(one.digest_id) == digest_id), None)
    if one is not None:
        given = {"is_paused": not one.is_paused}
        tried.at_once(lambda: digests.change(settings, one.digest_id, given, who=who))


@windows.dialog(later("Weekly letter"), width="medium", on_dismiss=asked.forget)
def dialog(edition: str, before: Digest | None) -> None:
    person.require_whole("lead")
    names = list(outgoing.channels())
    if not names:
        cards.note(say(NO_CHANNEL), "✉")
        rooms.link("set_up/channels.py", say("Channels"), "outgoing_mail")
        return
    key = f"overview_letter_{before.digest_id if before else 'new'}"
    with st.form(key, border=False):
        given = answers(edition, before, names, key)
        if st.form_submit_button(say("Save"), type="primary", key=f"{key}_save"):
            save(before, given)
    if before is not None:
        st.button(say("Remove this letter"), key=f"{key}_remove", on_click=remove, args=(before.digest_id,))


def answers(edition: str, before: Digest | None, names: list[str], key: str) -> dict[str, Any]:
    segments = [filters.EVERYONE, *filters.segment_keys(edition)]
    chosen = (
        f"{before.dimension}:{before.segment}" if before and before.dimension != "all" else filters.EVERYONE
    )
    if chosen not in segments:
        segments.append(chosen)
    about = st.selectbox(
        say_as("of a letter", "About"),
        segments,
        segments.index(chosen),
        format_func=filters.segment_label,
        key=f"{key}_about",
    )
    first, second = st.columns(2)
    with first:
        at = names.index(before.channel) if before and before.channel in names else 0
        channel = st.selectbox(say("By channel"), names, at, key=f"{key}_channel")
    with second:
        written_in = tongue.ask(key, before.language if before else language())
    left, middle, right = st.columns([2, 1, 2])
    with left:
        day = st.selectbox(
            say("On"), DAYS, before.weekday if before else 0, format_func=say, key=f"{key}_day"
        )
    with middle:
        hour = st.selectbox(
            say("At"),
            range(24),
            before.hour if before else 8,
            format_func=lambda at: f"{at:02d}:00",
            key=f"{key}_hour",
        )
    with right:
        zone = before.zone if before else numbers.settings().timezone
        zones = sorted(available_timezones() | {zone})
        chosen_zone = st.selectbox(say("On the clocks of"), zones, zones.index(zone), key=f"{key}_zone")
    of = filters.segment_of(about)
    return {
        "channel": channel, "dimension": of.dimension, "segment": of.name, "weekday": DAYS.index(day),
        "hour": hour, "zone": chosen_zone, "language": written_in,
    }  # fmt: skip


def save(before: Digest | None, given: dict[str, Any]) -> None:
    who, settings = person.require_whole("lead").key, numbers.settings()
    if before is None:
        done = tried.in_dialog(lambda: digests.add(settings, given, who=who))
    else:
        done = tried.in_dialog(lambda: digests.change(settings, before.digest_id, given, who=who))
    if done:
        asked.done()


def remove(digest_id: int) -> None:
    who, settings = person.require_whole("lead").key, numbers.settings()
    if tried.at_once(lambda: digests.remove(settings, digest_id, who=who)):
        asked.forget()


@windows.dialog(later("The letter as it would go out now"), width="large", on_dismiss=asked.forget)
def preview(one: Digest) -> None:
    person.require_whole("lead")
    try:
        with st.spinner(say("Writing it …")):
            made = written(numbers.newest() or "", one)
    except HoldfastError as wrong:
        st.error(words.literal(retold(str(wrong))))
        return
    st.html(f"<p><b>{words.marked(made.subject)}</b></p>")
    st.button(say("Send me one now"), type="primary", key="overview_letter_send", on_click=send, args=(one,))
    st.text(made.text)
    for at, png in enumerate(made.pictures):
        st.image(png, caption=say(PICTURES[at]))


@st.cache_resource(max_entries=8, show_spinner=False)
def written(edition: str, one: Digest) -> Preview:  # noqa: ARG001 (what it is true of)
    return digests.preview(numbers.settings(), one)


def send(one: Digest) -> None:
    person.require_whole("lead")
    settings = numbers.settings()
    if tried.at_once(lambda: digests.send_now(settings, one)):
        asked.forget()
        st.toast(words.literal(say(SENT, channel=one.channel)), icon=":material/outgoing_mail:")
