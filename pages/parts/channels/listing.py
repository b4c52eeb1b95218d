"""The table of channels: how each stands, whom it reaches, and what can be done with it."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from engine.desk.channels import Channel
from pages.parts import cards, words
from pages.parts.alerts import says
from pages.parts.channels import hours, state
from pages.parts.sources import listing, standing

HEADS = ("Channel", "State", "Reaches", "Quiet hours", "Last sent", "Waiting", "Given up", "")
NUMBERS = ("Waiting", "Given up")
COUNTED = {
    "Failing": "failing",
    "Works": "working",
    "Quiet hours": "in quiet hours",
    "Untested": "untested",
    "Paused": "paused",
}
NOBODY = (
    "No channel is set up, so nobody is told when something fires. <b>Add a channel</b> above: mail, Slack, "
    "Teams, a webhook of your own, and every service that Apprise knows."
)


def draw(known: Mapping[str, Channel]) -> None:
    with cards.panel("channels", "Channels", subtitle(known)):
        if not known:
            cards.note(NOBODY)
            return
        head = "".join(f"<th{side(name)}>{name}</th>" for name in HEADS)
        body = "".join(line(channel) for channel in known.values())
        st.html(
            f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-wrapped hf-folding">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def side(name: str) -> str:
    return "" if name in NUMBERS else ' class="hf-left"'


def subtitle(known: Mapping[str, Channel]) -> str:
    if not known:
        return ""
    now = standing.now()
    found = [state.state_of(channel, now).word for channel in known.values()]
    told = [f"{found.count(word):,} {text}" for word, text in COUNTED.items() if word in found]
    return f"{words.plural(len(known), 'channel')}: {', '.join(told)}"


def line(channel: Channel) -> str:
    name, sent = escape(channel.name), channel.last_sent_at
    cells = (
        standing_of(channel),
        f'<span class="hf-reaches">{escape(channel.reaches)}</span>',
        escape(hours.told(channel.hours)),
        f'<span title="{escape(says.moment(sent))}">{says.since(sent)}</span>',
        f"{channel.waiting:,}",
        f'<span class="{"hf-aside" if channel.dead else "hf-nought"}">{channel.dead:,}</span>',
        buttons(channel),
    )
    return row(f"{name}<small>{escape(channel.title)}</small>", HEADS[1:], cells)


def row(first: str, heads: Sequence[str], cells: Sequence[str]) -> str:
    """A line of a table that becomes a card on a phone, where each cell says what it is."""
    pairs = zip(heads, cells, strict=True)
    rest = "".join(f'<td{side(head)} data-head="{head}">{cell}</td>' for head, cell in pairs)
    return f"<tr><th>{first}</th>{rest}</tr>"


def standing_of(channel: Channel) -> str:
    found = state.state_of(channel, standing.now())
    why = f"<small>{escape(found.sentence)}</small>" if found.look == "bad" else ""
    return f"{listing.mark(found)}{why}"


def buttons(channel: Channel) -> str:
    name = escape(channel.name)
    verbs = ("test", "change", "resume" if channel.is_paused else "pause", "remove")
    found = [
        f'<button class="hf-act" data-open="{verb}:{name}">{verb.capitalize()}</button>' for verb in verbs
    ]
    return f'<span class="hf-acts">{"".join(found)}</span>'
