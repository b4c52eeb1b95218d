"""What is watched, and what would each rule have done?"""

import streamlit as st

from data.errors import HoldfastError
from pages.parts import alarms, person, top
from pages.parts.rules import choice, drafts, editor, listing, moving, welcome, wrong
from pages.parts.speech import later, say


@st.fragment(key="rules")
def rules() -> None:
    person.require_whole("analyst")
    with top.line(later("Rules"), always=True):
        st.button(
            say("New rule"),
            icon=":material/add:",
            key="rules_new",
            type="primary",
            on_click=choice.show,
            args=(choice.NEW,),
        )
        moving.draw()
    try:
        known = alarms.all_rules()
    except HoldfastError as refused:
        wrong.say(str(refused))
        return
    chosen = choice.chosen(known, drafts.edited())
    left, right = st.columns([3, 8])
    with left:
        listing.draw(known, chosen, drafts.edited())
    with right:
        if chosen == choice.NONE:
            welcome.draw(known)
        else:
            editor.draw(chosen)


rules()
