"""What the fields come to: the slider, a suggestion, and the rehearsal, redrawn while one drags."""

import streamlit as st

from data.errors import HoldfastError
from engine.desk.rules import Rule
from pages.parts import alarms, cards, person
from pages.parts.rules import drafts, rehearsing, suggesting, thresholds
from pages.parts.rules.drafts import Draft
from pages.parts.speech import later, say

UNNAMED = "(no name yet)"
WAIT = later("Once every field fits, this shows what the rule would have done.")


@st.fragment(key="rules_rehearsal")
def draw(place: str) -> None:
    """A fragment of its own: what one drags redraws this and nothing else."""
    person.require_whole("analyst")
    draft = drafts.drafts().get(place)
    if draft is None:
        return
    slider, proposal = st.container(key="rules_slider"), st.container(key="rules_proposal")
    threshold, found = thresholds.threshold_of(draft), None
    with st.container(gap="small", key="rules_rehearsal"):
        rule = rule_of(draft)
        if rule is None:
            cards.note(say(WAIT))
        else:
            found = rehearsing.draw(draft, rule, draft.saved if draft.is_changed else None)
    with proposal:
        if rule is not None and found is not None and threshold is not None:
            suggesting.draw(draft, rule, threshold)
    # Drawn last: the slider tells its next value once it sees that all of this stands.
    with slider:
        if threshold is not None:
            thresholds.draw(draft, threshold, found)


def rule_of(draft: Draft) -> Rule | None:
    """The rule that the fields make; None where the editor says what is wrong with them."""
    try:
        return checked(draft)
    except HoldfastError:
        return None


def checked(draft: Draft) -> Rule:
    """The rule that the fields make, though it may have no name yet."""
    return alarms.checked({**draft.given, "name": draft.given["name"] or UNNAMED})
