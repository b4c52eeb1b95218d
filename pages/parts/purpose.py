"""What each page is for, in a sentence or two: behind the "?" of its title."""

from html import escape

from pages.parts.speech import later, say

OF = {
    "Overview": later(
        "Are we all right, what changed, why, and since when? Each driver stands beside its last "
        "complete period; a “?” opens what a number means and how it is counted."
    ),
    "Activation": later(
        "Do new accounts get to value, where do they stop, and how fast? Cohorts are by sign-up; "
        "what is still within its days is dashed and says “so far”."
    ),
    "Cohorts": later(
        "Who stays, and for how long? Choose what begins a cohort, what it is grouped by and what"
        " is measured; a click on a cell shows the accounts behind it."
    ),
    "Churn risk": later(
        "Who may leave within 30 days, what that would cost, and why. The score card at the foot "
        "says how often such estimates came true."
    ),
    "Revenue": later(
        "Where recurring revenue comes from and where it goes: every row adds up from opening to closing."
    ),
    "Account": later(
        "Everything known about one account, in one place. Search for it in the menu by name, id or mail."
    ),
    "Wall": later(
        "The numbers in large type for a screen on the wall: choose the slides, press Start, keep"
        " the address."
    ),
    "Alerts": later(
        "What fires, since when, who looks after it, and who was told. Open one for its trend, "
        "the accounts behind it and every message."
    ),
    "Guide": later(
        "Five steps from the first data to daily use, each checked off by what came in and what people did."
    ),
    "Rules": later(
        "What is watched, and from which threshold on. The rehearsal shows what a rule would have"
        " done before you save it."
    ),
    "Channels": later("How people are reached, in which hours, and what became of each message."),
    "Sources": later("What sends facts, whether all of it is here, and what was set aside, with the reason."),
    "Metrics": later("What each number means: its definition, its caveat and its SQL."),
    "People": later("Who may come in, with which role and which tokens, and who changed what."),
}


def button(title: str) -> str:
    """The "?" of a page and what it opens."""
    if title not in OF:
        return ""
    name = escape(say("What the page {title} is for", title=say(title)))
    hide = f'popovertarget="hf-page" popovertargetaction="hide" aria-label="{say("Close")}"'
    close = f"<button {hide}>✕</button>"
    return (
        f'<button class="hf-ask" popovertarget="hf-page" aria-label="{name}" title="{name}">?</button>'
        f'<div popover class="hf-pop" id="hf-page"><header><h2>{escape(say(title))}</h2>{close}</header>'
        f"<p>{escape(say(OF[title]))}</p></div>"
    )
