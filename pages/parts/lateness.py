"""Late sources, and the metrics that are made of what they usually bring."""

from collections.abc import Mapping

import streamlit as st

from data.errors import HoldfastError
from pages.parts import numbers, speech, words
from pages.parts.lately import lately
from pages.parts.sources import standing
from pages.parts.speech import say

MARKS = "late_marks"  # of the page that is being drawn, by metric


def sentences(edition: str) -> dict[str, str]:
    """What to say of each late source."""
    return told(edition, speech.language())


@lately
def told(edition: str, language: str) -> dict[str, str]:
    del language  # in which it is said
    try:
        late = standing.late(standing.standings(edition))
    except HoldfastError:  # the Sources page says what is wrong with the inbox
        return {}
    at = standing.now()
    return {
        each.name: say(
            "{source} is late: nothing came for {span}.",
            source=each.name,
            span=words.ago(at - each.brought.last_delivery_at),
        )
        for each in late
        if each.brought
    }


def note(edition: str | None) -> list[str]:
    """Keep the marks for what is drawn next; the sentences for the top line."""
    said = sentences(edition) if edition else {}
    st.session_state[MARKS] = marks(edition, said) if edition and said else {}
    return list(said.values())


def marks(edition: str, late: Mapping[str, str]) -> dict[str, str]:
    """By metric, what makes it doubtful."""
    brought = numbers.shapes_brought(edition)
    found = {
        name: [
            sentence for source, sentence in late.items() if not brought[source].isdisjoint(metric.depends)
        ]
        for name, metric in numbers.metrics().items()
    }
    return {name: " ".join(said) for name, said in found.items() if said}


def of(metric: str) -> str:
    """What makes a metric doubtful; empty where nothing does."""
    found: str = st.session_state.get(MARKS, {}).get(metric, "")
    return found
