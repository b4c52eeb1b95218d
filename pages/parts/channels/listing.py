"""The table of channels: how each stands, whom it reaches, and what can be done with it."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from engine.desk.channels import Channel
from pages.parts import cards
from pages.parts.alerts import says
from pages.parts.channels import hours, reaching, state
from pages.parts.sources import listing, standing
from pages.parts.speech import later, say, say_as, several, whole

HEADS = (
    later("Channel"),
    later("State"),
    later("Reaches"),
    later("Quiet hours"),
    later("Last sent"),
    later("Waiting"),
    later("Given up"),
    "",
)
NUMBERS = ("Waiting", "Given up")
COUNTED = {
    "Failing": later("{count} failing"),
    "Works": later("{count} working"),
    "Quiet hours": later("{count} in quiet hours"),
    "Untested": later("{count} untested"),
    "Paused": later("{count} paused"),
}
NOBODY = later(
    "No channel is set up, so nobody is told when something fires. <b>Add a channel</b> above: mail, Slack, "
    "Teams, a webhook of your own, and every service that Apprise knows."
)


def draw(known: Mapping[str, Channel]) -> None:
    with cards.panel("channels", say("Channels"), subtitle(known)):
        if not known:
            cards.note(say(NOBODY))
            return
        head = "".join(f"<th{side(name)}>{say(name) if name else ''}</th>" for name in HEADS)
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
    told = [say(text, count=whole(found.count(word))) for word, text in COUNTED.items() if word in found]
    return f"{several(len(known), '{count} channel', '{count} channels')}: {', '.join(told)}"


def line(channel: Channel) -> str:
    name, sent = escape(channel.name), channel.last_sent_at
    cells = (
        standing_of(channel),
        f'<span class="hf-reaches">{escape(reaching.reached(channel))}</span>',
        escape(hours.told(channel.hours)),
        f'<span title="{escape(says.moment(sent))}">{says.since(sent)}</span>',
        whole(channel.waiting),
        f'<span class="{"hf-aside" if channel.dead else "hf-nought"}">{whole(channel.dead)}</span>',
        buttons(channel),
    )
    return row(f"{name}<small>{escape(say(channel.title))}</small>", HEADS[1:], cells)


def row(first: str, heads: Sequence[str], cells: Sequence[str]) -> str:
    """A line of a table that becomes a card on a phone, where each cell says what it is."""
    pairs = zip(heads, cells, strict=True)
    rest = "".join(
        f'<td{side(head)} data-head="{say(head) if head else ""}">{cell}</td>' for head, cell in pairs
    )
    return f"<tr><th>{first}</th>{rest}</tr>"


def standing_of(channel: Channel) -> str:
    found = state.state_of(channel, standing.now())
    why = f"<small>{escape(found.sentence)}</small>" if found.look == "bad" else ""
    return f"{listing.mark(found)}{why}"


def verbs_of(channel: Channel) -> dict[str, str]:
    """What can be done with it, as the buttons say it."""
    turn = {"resume": say("Resume")} if channel.is_paused else {"pause": say("Pause")}
    return {"test": say("Test"), "change": say_as("verb", "Change"), **turn, "remove": say("Remove")}


def buttons(channel: Channel) -> str:
    name = escape(channel.name)
    found = [
        f'<button class="hf-act" data-open="{verb}:{name}">{said}</button>'
        for verb, said in verbs_of(channel).items()
    ]
    return f'<span class="hf-acts">{"".join(found)}</span>'
