"""The table of people: as what each may come in, what they see, when they were here last."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.desk.people import Known, has_admin
from pages.parts import cards, numbers, words
from pages.parts.alerts import says
from pages.parts.channels import listing

HEADS = ("Person", "Role", "Sees", "State", "Last seen", "")
BY_CLAIM = "By claim"
NOBODY = (
    "Nobody may come in yet. Add somebody above; the first admin can also be made by the command "
    "<code>python -m engine person add ADDRESS --role admin</code>."
)
NO_DOOR = (
    "No sign-in is configured, so pages are served to this machine's own user only. Whom you add here comes "
    "in once **[sign_in]** stands in `holdfast.toml`: README, “People and roles”, has the keys."
)
NO_ADMIN = "Nobody active is admin by name: once people sign in, nobody could let others in."


def draw(known: Sequence[Known]) -> None:
    if numbers.settings().sign_in is None:
        st.info(NO_DOOR, icon=":material/info:")
    elif not has_admin(known):
        st.warning(NO_ADMIN, icon=":material/warning:")
    with cards.panel("people", "People", subtitle(known)):
        if not known:
            cards.note(NOBODY)
            return
        head = "".join(f'<th class="hf-left">{name}</th>' for name in HEADS)
        body = "".join(map(line, known))
        st.html(
            f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-wrapped hf-folding hf-people">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def subtitle(known: Sequence[Known]) -> str:
    active = sum(one.is_active for one in known)
    return f"{words.plural(active, 'person', 'people')} may come in, {len(known) - active:,} no more"


def line(one: Known) -> str:
    seen = f'<span title="{escape(says.moment(one.seen_at))}">{says.since(one.seen_at)}</span>'
    cells = (role(one), escape(sees(one)), state(one), seen, buttons(one))
    name = f"{escape(one.name)}<small>{escape(one.email)}</small>" if one.name else escape(one.email)
    return listing.row(name, HEADS[1:], cells)


def role(one: Known) -> str:
    return one.role.capitalize() if one.role else BY_CLAIM


def sees(one: Known) -> str:
    return words.segment(one.scope.dimension, one.scope.segment) if one.scope else "Everything"


def state(one: Known) -> str:
    if not one.is_active:
        return '<span class="hf-state hf-state-off"><i></i>Deactivated</span>'
    if not one.has_come:
        return '<span class="hf-state hf-state-open"><i></i>Has not come yet</span>'
    return '<span class="hf-state hf-state-good"><i></i>Active</span>'


def buttons(one: Known) -> str:
    verbs = {"change": "Change", "leave" if one.is_active else "return": turn(one)}
    acts = "".join(
        f'<button class="hf-act" data-open="{verb}:{escape(one.email)}">{label}</button>'
        for verb, label in verbs.items()
    )
    return f'<span class="hf-acts">{acts}</span>'


def turn(one: Known) -> str:
    return "Deactivate" if one.is_active else "Activate"
