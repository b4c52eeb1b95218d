"""What the page says where no probabilities are shown: no model yet, too little churn, or a closed gate."""

from html import escape

import streamlit as st

from engine.desk import risk as desk
from metrics.risk.told import State
from pages.parts import cards, numbers, person, tried, words

JOB = "churn_job"
NO_MODEL = (
    "No model has been trained yet, so accounts have a band by the rule of recency, frequency and "
    "engagement, and no probability. The engine trains one by itself once 30 accounts have left."
)


def note(state: State) -> None:
    """One sentence on why there are bands only; nothing where probabilities are shown."""
    if state.is_open:
        return
    if state.trained_as_of is None:
        cards.note(NO_MODEL)
    elif state.rung == "bands":
        cards.note(f"Bands only, by the rule. {escape(state.reason)}")
    else:
        cards.note(f"Not enough evidence to show probabilities: bands only. {escape(state.reason)}")


def train_button() -> None:
    """For leads: learn from all that is known now."""
    if not person.may("lead"):
        return
    st.button(
        "Train now",
        icon=":material/model_training:",
        key="churn_train",
        on_click=train,
        help="Learns from the whole history; takes from seconds to a minute. The model before is kept.",
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
        st.error(words.literal(job.error or "The training failed."), icon=":material/error:")
    elif numbers.engine().alive:
        st.caption(f"Training: {words.literal(job.progress or 'waiting for the engine')} …")
    else:
        st.caption("The engine does not run; it will train once it does.")
