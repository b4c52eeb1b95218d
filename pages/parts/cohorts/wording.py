"""What a question means, in words."""

from datetime import date
from html import escape

import polars as pl

from metrics.explore.question import Question
from pages.parts import words

OTHERS = "All others"
MEASURES: dict[str, str] = {
    "accounts": "Accounts retained",
    "net": "Net revenue retained",
    "gross": "Gross revenue retained",
    "events": "Events per account",
}
STARTED = {
    "signup": "signed up",
    "active": "first did something that counts as engagement",
    "paid": "first paid (MRR above 0)",
}


def title(question: Question) -> str:
    return MEASURES[question.measure]


def length(question: Question) -> str:
    """`month`, or `30 days` on an account's own clock."""
    return f"{question.length} days" if question.clock == "own" else question.grain


def meaning(question: Question) -> str:
    """Sentences that say what a cell is, as HTML."""
    return " ".join((cohort(question), cell(question), periods(question)))


def cohort(question: Question) -> str:
    if question.start == "event":
        return f"A cohort is all accounts that first did {escape(question.event)} in a {question.grain}."
    return f"A cohort is all accounts that {STARTED[question.start]} in a {question.grain}."


def cell(question: Question) -> str:
    if question.measure == "net":
        return "A cell is their MRR at the end of the period, over their MRR at the end of period 0."
    if question.measure == "gross":
        return (
            "A cell is the same share of MRR, each account counted at most at what it paid at the end of "
            "period 0."
        )
    if question.measure == "events":
        return "A cell is their engagement events in the period, over all accounts of the cohort."
    if question.kind == "unbounded":
        return (
            "A cell is the share with an engagement event in the period or any later one; it still rises "
            "while accounts come back."
        )
    if question.kind == "rolling":
        return (
            "A cell is the share with an engagement event in the period or the one before it: one pause is "
            "forgiven."
        )
    return "A cell is the share with an engagement event in the period."


def periods(question: Question) -> str:
    if question.clock == "own":
        return (
            f"A period is {question.length} days on each account's own clock; hatched until every account of "
            "the cohort has had them."
        )
    return f"Periods are calendar {question.grain}s; hatched: so far."


def group(question: Question, segment: str | None) -> str:
    """The name of a group, as plain text."""
    if segment is None:
        return OTHERS
    if question.by == "behaviour":
        sign, within = "≥" if segment == "did" else "<", words.plural(question.days, "day")
        return f"{question.behaviour} {sign} {question.times:,} × in {within}"
    return segment


def start(day: date, question: Question) -> str:
    return words.period_short(day, question.grain)


def later(index: int, question: Question) -> str:
    if question.clock == "own":
        first = index * question.length
        return f"days {first + 1}–{first + question.length}"
    return f"{words.plural(index, question.grain)} later"


def grouped(question: Question, has_others: bool) -> str:
    """What the groups are, as HTML."""
    mean = "Each group's weighted mean over all cohorts, complete periods only."
    if question.by == "behaviour":
        return (
            f"{mean} Accounts in their first {words.plural(question.days, 'day')} belong to neither group "
            "yet and are left out. Whoever did it was there to do it: the first periods favour that group."
        )
    if has_others:
        return f"{mean} The {question.most_groups} largest groups by name; all others together."
    return mean


def nothing(question: Question, label: str) -> str:
    """Why there is no cohort at all, as HTML."""
    return f"No account of {escape(label)} is in one of these cohorts: {cohort(question)}"


def is_known(cells: pl.DataFrame) -> bool:
    return bool((cells["whole"] > 0).any())


def nothing_paid(question: Question) -> str:
    """Why a whole triangle of revenue is empty."""
    hint = " Trials often outlast a week: look at months." if question.grain == "week" else ""
    return f"None of these cohorts paid by the end of period 0: nothing to compare with.{hint}"
