"""The steps on the page: each with its checks on the left, and what to do next on the right."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.parts import cards, person, rooms
from pages.parts.guide.steps import Check, State, Step
from pages.parts.speech import later, say, whole

MARKS = {"done": "✓", "made up": "◐", "open": ""}
WORDS = {"done": later("done"), "made up": later("made-up numbers"), "open": later("to do")}


def draw(steps: Sequence[Step]) -> None:
    st.html(f'<p class="hf-guide-so-far">{so_far([step.state for step in steps])}</p>')
    for number, step in enumerate(steps, 1):
        with cards.panel(f"guide_{number}", f"{number}. {step.title}", escape(step.about)):
            left, right = st.columns([5, 3], gap="medium")
            with left:
                st.html(f'<ul class="hf-guide">{"".join(map(line, step.checks))}</ul>')
            with right:
                follow(step)


def so_far(states: Sequence[State]) -> str:
    """3 of 5 steps are done, on your own data."""
    done, made_up = states.count("done"), states.count("made up")
    if done == len(states):
        return say("<b>All five steps are done.</b> What follows is the last of them, again and again.")
    if made_up:
        return say(
            "<b>{done} of {all} steps are done</b>; {some} so far on made-up numbers only.",
            done=whole(done),
            all=whole(len(states)),
            some=whole(made_up),
        )
    return say(
        "<b>{done} of {all} steps are done</b>, by what came in and what people did here.",
        done=whole(done),
        all=whole(len(states)),
    )


def line(check: Check) -> str:
    look = check.state.replace(" ", "-")
    mark = f'<i class="hf-guide-{look}" aria-hidden="true">{MARKS[check.state]}</i>'
    state = say(WORDS[check.state])
    return f"<li>{mark}<p><b>{escape(check.name)}</b> <em>{state}</em><br>{check.said}</p></li>"


def follow(step: Step) -> None:
    """What to do next, or whom to ask where the reader may not."""
    may = person.may(step.next.role) or not step.next.asks
    st.html(f'<p class="hf-guide-next">{step.next.said if may else escape(step.next.asks)}</p>')
    rooms.link(step.next.path, step.next.label, step.next.icon)
