"""How a rule stands: a word, and the form and colour of the mark beside it."""

from dataclasses import dataclass
from html import escape
from typing import Literal

from engine.desk.rules import RuleView
from pages.parts.speech import later, say, several, whole

Look = Literal["good", "still", "late", "bad", "off", "open"]
ORDER = ("bad", "late", "good", "open", "still", "off")  # what needs somebody first


@dataclass(frozen=True)
class State:
    """`word` is what people read, `look` the form and colour of the mark beside it."""

    word: str
    look: Look
    sentence: str


QUIET = State(later("Quiet"), "still", later("Nothing that it watches is beyond its bound."))
PAUSED = State(later("Paused"), "off", later("It is not judged until somebody resumes it."))
OPEN = State(
    later("Not judged"),
    "open",
    later("No period could be judged yet: too little history, or too few cases."),
)
BY_STATUS = {
    "firing": State(later("Firing"), "bad", later("Beyond its bound, for as long as it takes to fire.")),
    "pending": State(
        later("Pending"), "late", later("Beyond its bound, but not yet for as long as it takes to fire.")
    ),
    "resolved": State(later("Resolved"), "good", later("It fired, and is back within its bound.")),
    "quiet": QUIET,
}


def state_of(view: RuleView, *, is_judged: bool = True) -> State:
    """The most important thing to know of a rule, in the language of the run."""
    if view.status == "firing" and not view.is_paused and (many := len(view.firing)) > 1:
        told = several(many, "{count} segment is beyond its bound.", "{count} segments are beyond its bound.")
        return State(f"{say('Firing')} · {whole(many)}", "bad", told)
    found = of_view(view, is_judged=is_judged)
    return State(say(found.word), found.look, say(found.sentence))


def of_view(view: RuleView, *, is_judged: bool) -> State:
    if view.is_paused:
        return PAUSED
    return OPEN if view.status == "quiet" and not is_judged else BY_STATUS[view.status]


def mark(state: State) -> str:
    """The state as a form and a word."""
    return (
        f'<span class="hf-state hf-state-{state.look}" title="{escape(state.sentence)}">'
        f"<i></i>{escape(state.word)}</span>"
    )
