"""What the page says where no probabilities are shown: no model yet, too little churn, or a closed gate."""

from html import escape

import streamlit as st

from engine.desk import risk as desk
from metrics.risk.told import State
from pages.parts import cards, numbers, person, tried, words
from pages.parts.churn.reasons import gate
from pages.parts.retold import Found, Saying, retold, saying
from pages.parts.speech import later, say

JOB = "churn_job"
NO_MODEL = later(
    "No model has been trained yet, so accounts have a band by the rule of recency, frequency and "
    "engagement, and no probability. The engine trains one by itself once 30 accounts have left."
)

STEPS = {
    "": later("waiting for the engine"),
    "reading the history": later("reading the history"),
    "reading the features": later("reading the features"),
    "looking back": later("looking back"),
    "trying the challenger": later("trying the challenger"),
}


def learning(found: Found) -> str:
    return say("learning: {step} of {steps} steps", step=found["step"], steps=found["steps"])


LEARNING: tuple[Saying, ...] = (saying(r"learning: (?P<step>\d+) of (?P<steps>\d+) steps", learning),)


def step(progress: str) -> str:
    """How far the training is, as the engine tells it."""
    return say(STEPS[progress]) if progress in STEPS else retold(progress, LEARNING)


def note(state: State) -> None:
    """One sentence on why there are bands only; nothing where probabilities are shown."""
    if state.is_open:
        return
    if state.trained_as_of is None:
        cards.note(say(NO_MODEL))
    elif state.rung == "bands":
        cards.note(say("Bands only, by the rule. {reason}", reason=escape(gate(state.reason))))
    else:
        cards.note(
            say(
                "Not enough evidence to show probabilities: bands only. {reason}",
                reason=escape(gate(state.reason)),
            )
        )


def train_button() -> None:
    """For leads: learn from all that is known now."""
    if not person.may("lead"):
        return
    st.button(
        say("Train now"),
        icon=":material/model_training:",
        key="churn_train",
        on_click=train,
        help=say("Learns from the whole history; takes from seconds to a minute. The model before is kept."),
    )
    follow()


def train() -> None:
    person.require_whole("lead")
    settings = numbers.settings()

    def ask() -> None:
        st.session_state[JOB] = desk.train(settings)

    tried.at_once(ask)


def follow() -> None:
    """How the training that was asked for here stands."""
    job = numbers.job(st.session_state.get(JOB))
    if job is None or job.state == "done":
        return
    if job.state == "failed":
        st.error(words.literal(job.error or say("The training failed.")), icon=":material/error:")
    elif numbers.engine().alive:
        st.caption(say("Training: {step} …", step=words.literal(step(job.progress or ""))))
    else:
        st.caption(say("The engine does not run; it will train once it does."))
