"""Changing a channel: what it knows, its quiet hours, a pause, its end."""

from collections.abc import Collection
from html import escape

import streamlit as st

from engine.desk import channels as desk
from engine.desk.channels import Channel, KindOfChannel
from pages.parts import asked, numbers, outgoing, person, tongue, tried, windows, words
from pages.parts.channels import hours
from pages.parts.sources import forms
from pages.parts.speech import later, say, several

FORGET = later("Secrets that are not needed any more; the others stay as they are unless given anew")
NO_KIND = later("There is no kind of channel {kind} (any more); remove it, and add another.")


@windows.dialog(later("Change a channel"), width="medium", on_dismiss=asked.forget)
def dialog(channel: Channel) -> None:
    person.require_whole("admin")
    kind = outgoing.kinds().get(channel.kind)
    if kind is None:
        st.error(say(NO_KIND, kind=repr(channel.kind)))
        return
    about = f"<b>{escape(channel.name)}</b> · {escape(say(channel.title))}{escape(kept_secret(channel))}"
    st.html(f'<p class="hf-sub">{about}</p>')
    key = f"channels_change_{channel.name}_{channel.version}"
    with st.form("channels_changing", border=False):
        given = forms.answers(kind, key, channel.answers)
        forget = forgotten(channel, kind, key)
        written_in = tongue.ask(key, channel.language)
        quiet = hours.ask(key, channel.hours)
        if st.form_submit_button(say("Save"), type="primary", key="channels_do_change"):
            save(channel, given, quiet, forget, written_in)


def kept_secret(channel: Channel) -> str:
    """Which secrets it has, without them."""
    if not channel.secrets:
        return ""
    names = ", ".join(say(words.name_of(name)) for name in channel.secrets)
    return f" · {say('set and never shown again: {names}', names=names)}"


def forgotten(channel: Channel, kind: KindOfChannel, key: str) -> Collection[str]:
    """Secrets that it can do without."""
    needed = {question.name for question in kind.questions if question.is_needed}
    others = [name for name in channel.secrets if name not in needed]
    if not others:
        return ()
    return st.multiselect(
        say("Forget"),
        others,
        format_func=lambda name: say(words.name_of(name)),
        key=f"{key}_forget",
        help=say(FORGET),
    )


def save(
    channel: Channel, given: dict[str, object], quiet: desk.Hours, forget: Collection[str], written_in: str
) -> None:
    settings, who = numbers.settings(), person.require_whole("admin").key
    if tried.in_dialog(
        lambda: desk.change_channel(
            settings,
            channel.name,
            given,
            version=channel.version,
            hours=quiet,
            who=who,
            forget=forget,
            language=written_in,
        )
    ):
        asked.done()


def pause(name: str, *, is_paused: bool) -> None:
    settings, who = numbers.settings(), person.require_whole("lead").key
    tried.at_once(lambda: desk.pause_channel(settings, name, is_paused=is_paused, who=who))


@windows.dialog(later("Remove this channel?"), on_dismiss=asked.forget)
def removing(channel: Channel) -> None:
    person.require_whole("admin")
    st.text(
        several(
            channel.waiting,
            "{name} is forgotten with its secrets, and no route leads to it any more. What waits for it "
            "({count} message) is not sent; what was sent stays on record.",
            "{name} is forgotten with its secrets, and no route leads to it any more. What waits for it "
            "({count} messages) is not sent; what was sent stays on record.",
            name=channel.name,
        )
    )
    with st.form("channels_removing", border=False):
        typed = st.text_input(say("Type its name to confirm"), key="channels_typed")
        if st.form_submit_button(say("Remove it"), type="primary", key="channels_do_remove"):
            remove(channel.name, typed.strip())


def remove(name: str, typed: str) -> None:
    if typed != name:
        st.error(say("That is not its name."), icon=":material/error:")
        return
    settings, who = numbers.settings(), person.require_whole("admin").key
    if tried.in_dialog(lambda: desk.remove_channel(settings, name, who=who)):
        asked.done()
