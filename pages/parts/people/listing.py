"""The table of people: as what each may come in, what they see, when they were here last."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.desk.people import BY_CLAIM, Known, has_admin
from pages.parts import cards, numbers, words
from pages.parts.alerts import says
from pages.parts.channels import listing
from pages.parts.people.roles import called
from pages.parts.speech import later, say, say_as, several, whole

HEADS = (later("Person"), later("Role"), later("Sees"), later("State"), later("Last seen"), "")
NOBODY = later(
    "Nobody may come in yet. Add somebody above; the first admin can also be made by the command "
    "<code>python -m engine person add ADDRESS --role admin</code>."
)
NO_DOOR = later(
    "No sign-in is configured, so pages are served to this machine's own user only. Whom you add here comes "
    "in once **[sign_in]** stands in `holdfast.toml`: README, “People and roles”, has the keys."
)
NO_ADMIN = later("Nobody active is admin by name: once people sign in, nobody could let others in.")


def draw(known: Sequence[Known]) -> None:
    if numbers.settings().sign_in is None:
        st.info(say(NO_DOOR), icon=":material/info:")
    elif not has_admin(known):
        st.warning(say(NO_ADMIN), icon=":material/warning:")
    with cards.panel("people", say("People"), subtitle(known)):
        if not known:
            cards.note(say(NOBODY))
            return
        head = "".join(f'<th class="hf-left">{said(name)}</th>' for name in HEADS)
        body = "".join(map(line, known))
        st.html(
            f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-wrapped hf-folding hf-people">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def subtitle(known: Sequence[Known]) -> str:
    active = sum(one.is_active for one in known)
    return several(
        active,
        "{count} person may come in, {out} no more",
        "{count} people may come in, {out} no more",
        out=whole(len(known) - active),
    )


def said(head: str) -> str:
    """The last column has no head."""
    return say(head) if head else ""


def line(one: Known) -> str:
    seen = f'<span title="{escape(says.moment(one.seen_at))}">{says.since(one.seen_at)}</span>'
    cells = (role(one), escape(sees(one)), state(one), seen, buttons(one))
    name = f"{escape(one.name)}<small>{escape(one.email)}</small>" if one.name else escape(one.email)
    return listing.row(name, HEADS[1:], cells)


def role(one: Known) -> str:
    return called(one.role or BY_CLAIM)


def sees(one: Known) -> str:
    return words.segment(one.scope.dimension, one.scope.segment) if one.scope else say("Everything")


def state(one: Known) -> str:
    if not one.is_active:
        return mark("off", say("Deactivated"))
    return mark("good", say("Active")) if one.has_come else mark("open", say("Has not come yet"))


def mark(look: str, text: str) -> str:
    return f'<span class="hf-state hf-state-{look}"><i></i>{text}</span>'


def buttons(one: Known) -> str:
    verbs = {"change": say_as("verb", "Change"), "leave" if one.is_active else "return": turn(one)}
    acts = "".join(
        f'<button class="hf-act" data-open="{verb}:{escape(one.email)}">{label}</button>'
        for verb, label in verbs.items()
    )
    return f'<span class="hf-acts">{acts}</span>'


def turn(one: Known) -> str:
    return say("Deactivate" if one.is_active else "Activate")
