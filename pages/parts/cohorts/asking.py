"""The pickers that make a question; every choice stands in the address."""

from dataclasses import dataclass

import streamlit as st

from metrics.explore.answer import Answer
from metrics.explore.question import MOST_DAYS, Clock, Kind, Measure, Question, Start
from pages.parts import words
from pages.parts.cohorts import address, explored, wording
from pages.parts.segment import Grain, Segment
from pages.parts.speech import later, say, several

STARTS: dict[str, str] = {
    "signup": later("Sign-up"),
    "active": later("First engagement"),
    "paid": later("First payment"),
    "event": later("First event …"),
}
KINDS: dict[str, str] = {
    "bounded": later("In the period"),
    "unbounded": later("Then or later"),
    "rolling": later("Pause forgiven"),
}
CLOCKS: dict[str, str] = {"calendar": later("Calendar"), "own": later("Own clock")}
NOTHING, BEHAVIOUR = "all", "behaviour"
SMALLEST = ("0", "5", "10", "20", "50", "100", "500")
SEPARATOR = ":"
ALL_GROUPS = "all"


@dataclass(frozen=True)
class Asked:
    """What the reader asked: of which accounts, and how small a cohort may be to be shown."""

    question: Question
    of: Segment
    smallest: int
    code: str  # of the currency


def asked(edition: str, grain: Grain, newest: int, of: Segment, code: str) -> Asked:
    """Draw the pickers below the top line."""
    with st.container(key="cohorts_asked", horizontal=True, vertical_alignment="bottom", gap="small"):
        start = picked(say("Cohorts by"), "start", STARTS, 150)
        event = picked_event(edition, say("Which event"), "event") if start == "event" else ""
        by = picked_group(edition)
        behaviour = by if by == BEHAVIOUR else ""
        name, times, days = picked_behaviour(edition) if behaviour else ("", 1, 7)
        measure = picked(say("Measure"), "measure", wording.MEASURES, 190)
        kind = picked(say("Counts if active"), "kind", KINDS, 150) if measure == "accounts" else "bounded"
        clock = picked(say("Periods"), "clock", CLOCKS, 130)
        smallest = picked_smallest()
    is_attribute = by not in (NOTHING, BEHAVIOUR)
    question = Question(
        start=as_start(start, event),
        event=event,
        by="behaviour" if behaviour and name else "attribute" if is_attribute else "all",
        attribute=by.partition(SEPARATOR)[2] if is_attribute else "",
        behaviour=name,
        times=times,
        days=days,
        measure=as_measure(measure),
        kind=as_kind(kind),
        clock=as_clock(clock),
        grain="week" if grain == "week" else "month",
        newest=newest,
    )
    return Asked(question, of, smallest, code)


def as_start(key: str, event: str) -> Start:
    found: dict[str, Start] = {"active": "active", "paid": "paid", "event": "event" if event else "signup"}
    return found.get(key, "signup")


def as_measure(key: str) -> Measure:
    found: dict[str, Measure] = {"net": "net", "gross": "gross", "events": "events"}
    return found.get(key, "accounts")


def as_kind(key: str) -> Kind:
    found: dict[str, Kind] = {"unbounded": "unbounded", "rolling": "rolling"}
    return found.get(key, "bounded")


def as_clock(key: str) -> Clock:
    return "own" if key == "own" else "calendar"


def picked(label: str, key: str, options: dict[str, str], width: int) -> str:
    return address.pick(label, key, list(options), lambda key: say(options[key]), width=width)


def picked_event(edition: str, label: str, key: str) -> str:
    names, left_out = explored.event_names(edition)
    if not names:
        st.html(f'<p class="hf-sub">{say("No event has a name yet.")}</p>', width="content")
        return ""
    hint = several(
        left_out,
        "{count} name that came later is not told apart.",
        "{count} names that came later are not told apart.",
    )
    return address.pick(label, key, names, str, width=190, help=hint if left_out else None)


def picked_group(edition: str) -> str:
    """`all`, `behaviour`, or `by:` and an attribute."""
    known = [f"by{SEPARATOR}{name}" for name in explored.attributes(edition)]
    return address.pick(say("Grouped by"), "by", [NOTHING, *known, BEHAVIOUR], group_label, width=160)


def group_label(key: str) -> str:
    if key == NOTHING:
        return say("Nothing")
    if key == BEHAVIOUR:
        return say("Behaviour …")
    return words.name_of(key.partition(SEPARATOR)[2])


def picked_behaviour(edition: str) -> tuple[str, int, int]:
    name = picked_event(edition, say("Did"), "did")
    times = address.number(say("At least … times"), "times", 1, 1000, 1, width=120)
    hint = say("Since sign-up, of which the day of sign-up is the first")
    days = address.number(say("In the first … days"), "days", 1, MOST_DAYS, 7, width=130, help=hint)
    return name, times, days


def picked_smallest() -> int:
    def shown(size: str) -> str:
        return say("Any size") if size == "0" else several(int(size), "{count} account", "{count} accounts")

    hint = say("Smaller cohorts are masked, and count in no mean and no comparison")
    return int(address.pick(say("Smallest cohort"), "smallest", SMALLEST, shown, width=130, help=hint))


def picked_shown(answer: Answer, asked: Asked) -> int | None:
    """The place of the group to show among the answer's; None for all of them together."""
    if asked.question.by == "all":
        return None
    segments = answer.segments
    keys = [ALL_GROUPS, *(group_key(segment) for segment in segments)]

    def shown(key: str) -> str:
        place = keys.index(key) - 1
        return say("All groups together") if place < 0 else wording.group(asked.question, segments[place])

    chosen = address.pick(say("Show"), "shown", keys, shown, width=300, label_visibility="collapsed")
    return None if chosen == ALL_GROUPS else keys.index(chosen) - 1


def group_key(segment: str | None) -> str:
    """How a group is called in the address."""
    return "others" if segment is None else f"group{SEPARATOR}{segment}"
