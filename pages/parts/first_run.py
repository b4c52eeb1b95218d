"""What to do before there is anything to show: the demo company, or one's own files."""

from typing import Any

import streamlit as st

from pages.parts import cards, numbers, person, rooms
from pages.parts.speech import later, retold, say

DEMO = "python -m engine demo"
IMPORT = "python -m engine import FOLDER"
SHAPES = later(
    "A folder with `accounts.csv`, `events.csv` and `subscription_changes.csv` imports as it is "
    "(also `.csv.gz`, `.parquet`, `.ndjson`). Files with other names or columns: put one SELECT a shape "
    "beside them, such as `accounts.sql`, and it maps them."
)
SOURCES = later(
    "Point a Segment, RudderStack or PostHog library at Holdfast, let Stripe, Chargebee or Shopify send "
    "their webhooks, or have an SQL database or a folder read: a name, a key, a few lines to paste."
)
TWICE = later(
    "The same import twice changes nothing; rows that cannot be read are set aside with their reason."
)
MADE_OF = later(
    "Sign-ups, trials, upgrades and failed payments of 2,000 accounts, made in seconds from a fixed seed."
)


def choices() -> None:
    welcome = say(
        "Nothing has been published yet. Three ways to a populated Overview; "
        "this page turns into it by itself."
    )
    st.html(f'<p class="hf-welcome">{welcome}</p>')
    left, middle, right = st.columns(3)
    with (
        left,
        cards.panel(
            "first_demo", say("See the demo company"), say("A made-up business with 18 months of history")
        ),
    ):
        demo()
    with (
        middle,
        cards.panel("first_files", say("Bring your own files"), say("Accounts, events and subscriptions")),
    ):
        st.markdown(say(SHAPES))
        st.code(IMPORT, language="bash", wrap_lines=True)
        st.caption(say(TWICE))
    with (
        right,
        cards.panel(
            "first_source", say("Connect a source"), say("Your product, billing, a database, a folder")
        ),
    ):
        st.markdown(say(SOURCES))
        rooms.link("set_up/sources.py", say("Connect a source"), "input")
        st.caption(say("What was added stands there already; the first event that comes in opens this page."))
    rooms.link("set_up/guide.py", say("The guide: five steps, from sources to daily use"), "checklist")


def demo() -> None:
    """One click where an engine runs to do it; the command always."""
    job = numbers.demo_job(st.session_state.get("first_demo_job"))
    st.markdown(say(MADE_OF))
    st.button(
        say("Make the demo company"),
        type="primary",
        key="first_demo",
        disabled=not numbers.engine().alive or is_at_work(job) or not person.may("admin"),
        on_click=ask_for_demo,
    )
    st.code(DEMO, language="bash")
    st.caption(said_of(job))


def ask_for_demo() -> None:
    person.require_whole("admin")
    st.session_state["first_demo_job"] = numbers.make_demo()


def is_at_work(job: Any) -> bool:
    return job is not None and not job.is_over


def said_of(job: Any) -> str:
    if job is None:
        return say("The button asks the engine; the command does the same in a terminal.")
    if job.state == "failed":
        return say("It did not work: {fault}", fault=retold(job.error or ""))
    return say("The engine is making it; this takes some seconds.")
