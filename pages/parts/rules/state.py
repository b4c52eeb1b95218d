"""How a rule stands: a word, and the form and colour of the mark beside it."""

from dataclasses import dataclass
from html import escape
from typing import Literal

from engine.desk.rules import RuleView

Look = Literal["good", "still", "late", "bad", "off", "open"]
ORDER = ("bad", "late", "good", "open", "still", "off")  # what needs somebody first


@dataclass(frozen=True)
class State:
    """`word` is what people read, `look` the form and colour of the mark beside it."""

    word: str
    look: Look
    sentence: str


QUIET = State("Quiet", "still", "Nothing that it watches is beyond its bound.")
PAUSED = State("Paused", "off", "It is not judged until somebody resumes it.")
OPEN = State("Not judged", "open", "No period could be judged yet: too little history, or too few cases.")
BY_STATUS = {
    "firing": State("Firing", "bad", "Beyond its bound, for as long as it takes to fire."),
    "pending": State("Pending", "late", "Beyond its bound, but not yet for as long as it takes to fire."),
    "resolved": State("Resolved", "good", "It fired, and is back within its bound."),
    "quiet": QUIET,
}


def state_of(view: RuleView, *, is_judged: bool = True) -> State:
    """The most important thing to know of a rule."""
    if view.is_paused:
        return PAUSED
    if view.status == "quiet" and not is_judged:
        return OPEN
    found = BY_STATUS[view.status]
    if view.status == "firing" and (many := len(view.firing)) > 1:
        return State(f"Firing · {many:,}", found.look, f"{many:,} segments are beyond its bound.")
    return found


def mark(state: State) -> str:
    """The state as a form and a word."""
    return (
        f'<span class="hf-state hf-state-{state.look}" title="{escape(state.sentence)}">'
        f"<i></i>{escape(state.word)}</span>"
    )
