"""What a question means, in words."""

from datetime import date
from html import escape

import polars as pl

from metrics.explore.question import Question
from pages.parts import words
from pages.parts.speech import later, say, several, whole

OTHERS = later("All others")
MEASURES: dict[str, str] = {
    "accounts": later("Accounts retained"),
    "net": later("Net revenue retained"),
    "gross": later("Gross revenue retained"),
    "events": later("Events per account"),
}
COHORTS = {
    ("signup", "week"): later("A cohort is all accounts that signed up in a week."),
    ("signup", "month"): later("A cohort is all accounts that signed up in a month."),
    ("active", "week"): later(
        "A cohort is all accounts that first did something that counts as engagement in a week."
    ),
    ("active", "month"): later(
        "A cohort is all accounts that first did something that counts as engagement in a month."
    ),
    ("paid", "week"): later("A cohort is all accounts that first paid (MRR above 0) in a week."),
    ("paid", "month"): later("A cohort is all accounts that first paid (MRR above 0) in a month."),
    ("event", "week"): later("A cohort is all accounts that first did {event} in a week."),
    ("event", "month"): later("A cohort is all accounts that first did {event} in a month."),
}
CALENDAR = {
    "week": later("Periods are calendar weeks; hatched: so far."),
    "month": later("Periods are calendar months; hatched: so far."),
}
SINCE = {
    "own": later("{measure} by {days} days since the start"),
    "week": later("{measure} by week since the start"),
    "month": later("{measure} by month since the start"),
}


def title(question: Question) -> str:
    return say(MEASURES[question.measure])


def since_start(question: Question) -> str:
    """What the curves show, for who does not see them."""
    clock = "own" if question.clock == "own" else question.grain
    return say(SINCE[clock], measure=title(question), days=question.length)


def meaning(question: Question) -> str:
    """Sentences that say what a cell is, as HTML."""
    return " ".join((cohort(question), cell(question), periods(question)))


def cohort(question: Question) -> str:
    return say(COHORTS[question.start, question.grain], event=escape(question.event))


def cell(question: Question) -> str:
    if question.measure == "net":
        return say("A cell is their MRR at the end of the period, over their MRR at the end of period 0.")
    if question.measure == "gross":
        return say(
            "A cell is the same share of MRR, each account counted at most at what it paid at the end of "
            "period 0."
        )
    if question.measure == "events":
        return say("A cell is their engagement events in the period, over all accounts of the cohort.")
    if question.kind == "unbounded":
        return say(
            "A cell is the share with an engagement event in the period or any later one; it still rises "
            "while accounts come back."
        )
    if question.kind == "rolling":
        return say(
            "A cell is the share with an engagement event in the period or the one before it: one pause is "
            "forgiven."
        )
    return say("A cell is the share with an engagement event in the period.")


def periods(question: Question) -> str:
    if question.clock == "own":
        return say(
            "A period is {days} days on each account's own clock; hatched until every account of "
            "the cohort has had them.",
            days=question.length,
        )
    return say(CALENDAR[question.grain])


def group(question: Question, segment: str | None) -> str:
    """The name of a group, as plain text."""
    if segment is None:
        return say(OTHERS)
    if question.by == "behaviour":
        return several(
            question.days,
            "{event} {sign} {times} × in {count} day",
            "{event} {sign} {times} × in {count} days",
            event=question.behaviour,
            sign="≥" if segment == "did" else "<",
            times=whole(question.times),
        )
    return segment


def start(day: date, question: Question) -> str:
    return words.period_short(day, question.grain)


def after(index: int, question: Question) -> str:
    """How much later than the start of a cohort a period is."""
    if question.clock == "own":
        first = index * question.length
        return say("days {first}–{last}", first=first + 1, last=first + question.length)
    if question.grain == "week":
        return several(index, "{count} week later", "{count} weeks later")
    return several(index, "{count} month later", "{count} months later")


def grouped(question: Question, has_others: bool) -> str:
    """What the groups are, as HTML."""
    mean = say("Each group's weighted mean over all cohorts, complete periods only.")
    if question.by == "behaviour":
        favoured = several(
            question.days,
            "Accounts in their first {count} day belong to neither group yet and are left out. "
            "Whoever did it was there to do it: the first periods favour that group.",
            "Accounts in their first {count} days belong to neither group yet and are left out. "
            "Whoever did it was there to do it: the first periods favour that group.",
        )
        return f"{mean} {favoured}"
    if has_others:
        most = say("The {most} largest groups by name; all others together.", most=question.most_groups)
        return f"{mean} {most}"
    return mean


def nothing(question: Question, label: str) -> str:
    """Why there is no cohort at all, as HTML."""
    return say(
        "No account of {segment} is in one of these cohorts: {cohort}",
        segment=escape(label),
        cohort=cohort(question),
    )


def is_known(cells: pl.DataFrame) -> bool:
    return bool((cells["whole"] > 0).any())


def nothing_paid(question: Question) -> str:
    """Why a whole triangle of revenue is empty."""
    none = say("None of these cohorts paid by the end of period 0: nothing to compare with.")
    if question.grain != "week":
        return none
    return f"{none} {say('Trials often outlast a week: look at months.')}"
