"""An alert in words: its figure, its bound, how far beyond it is, and why it moved or was told."""

from datetime import datetime, timedelta

from engine.desk.alerts import AlertView, State, Telling
from pages.parts import numbers, words
from pages.parts.rules import grains, phrases
from pages.parts.sources import standing
from pages.parts.speech import later, say

MOVED = {
    "breached": later("beyond the bound"),
    "held": later("beyond the bound for as long as the rule asks"),
    "calmed": later("back within the bound before it fired"),
    "recovered": later("back where it recovers"),
    "rule_changed": later("the rule was changed, and all of it judged afresh"),
    "history_filled": later("earlier figures arrived, and all of it was judged afresh"),
    "removed": later("the rule was removed"),
}
HAPPENED = {
    "firing": later("Began to fire"),
    "worse": later("Got worse"),
    "repeat": later("Still fires"),
    "resolved": later("Resolved"),
}
HAPPENED_LOW = {
    "firing": later("began to fire"),
    "worse": later("got worse"),
    "repeat": later("still fires"),
    "resolved": later("resolved"),
}
TOLD = {
    "first": later("told for the first time"),
    "worse": later("told again: half as bad again as when it was told last, or more"),
    "repeat": later("told again: the rule repeats while it fires"),
    "resolved": later("told that it is over"),
}
NOT_TOLD = {
    "silenced": later("a silence covers it"),
    "snoozed": later("somebody snoozed it"),
    "acknowledged": later("somebody acknowledged it"),
    "not much worse": later("less than half as bad again as when it was told last"),
    "not told of before": later("nobody had been told that it fires"),
    "over already": later("it was over again by then"),
    "long ago": later("it lies too far back for anybody to act on"),
    "no channel": later("no channel is named by its rule or led to by a route"),
    "no such channel": later("there is no channel of this name"),
    "channel paused": later("the channel is paused"),
}
BECAME = {
    "waiting": later("waiting to be sent"),
    "sent": later("sent"),
    "dead": later("given up"),
    "dropped": later("dropped"),
}
STATUS = {
    "firing": later("Firing"),
    "pending": later("Pending"),
    "resolved": later("Resolved"),
    "quiet": later("Quiet"),
}


def place(of: AlertView) -> str:
    """Whose figure it is: Plan: Team; a source by its name."""
    if is_of_source(of):
        return of.segment
    return words.segment(of.rule.dimension, of.segment)


def is_of_source(of: AlertView) -> bool:
    return of.rule.metric == phrases.SOURCES


def figure(of: AlertView | State, metric: str) -> str:
    return phrases.writer(metric)(of.value)


def bound(of: AlertView | State, metric: str) -> str:
    """The bound that it is beyond, below 35 %; those that it must stay within; nothing without one."""
    write, value, low, high = phrases.writer(metric), of.value, of.low, of.high
    if low is not None and (high is None or (value is not None and value < low)):
        is_beyond = value is None or value < low
        return say("below {bound}" if is_beyond else "not below {bound}", bound=write(low))
    if high is not None and (low is None or (value is not None and value > high)):
        is_beyond = value is None or value > high
        return say("above {bound}" if is_beyond else "not above {bound}", bound=write(high))
    return say("within {low} to {high}", low=write(low), high=write(high)) if low is not None else ""


def beyond(of: AlertView) -> str:
    """How far past the bound: 6.9 pp, $1.2k; a dash where that cannot be said."""
    if not of.beyond:
        return words.NONE
    if phrases.unit_of(of.rule.metric) == "rate":
        return words.points(of.beyond).lstrip("+")
    return phrases.writer(of.rule.metric)(of.beyond)


def bounded(of: AlertView) -> str:
    """What stands beside its figure: below 35 %."""
    if is_of_source(of):
        return say("when it began") if of.value is not None else ""
    return bound(of, of.rule.metric)


def period(of: AlertView | State, grain: str) -> str:
    return words.period(of.period_start, grain) if of.period_start else ""


def headline(of: AlertView) -> str:
    """Activation rate: 28.1 %, below 35 %, week of 9 Nov; usual is 40 %."""
    if is_of_source(of):
        span = figure(of, of.rule.metric)
        return say("{source} was silent for {span} when this began.", source=of.segment, span=span)
    write = phrases.writer(of.rule.metric)
    parts = [write(of.value), bounded(of), period(of, of.rule.grain)]
    title, facts = phrases.title_of(of.rule.metric), ", ".join(part for part in parts if part)
    if of.usual is None:
        return say("{title}: {facts}.", title=title, facts=facts)
    return say("{title}: {facts}; usual is {usual}.", title=title, facts=facts, usual=write(of.usual))


def since(at: datetime | None) -> str:
    """3 h ago; a dash for never."""
    return words.NONE if at is None else say("{span} ago", span=words.ago(standing.now() - at))


def moment(at: datetime | None) -> str:
    """The instant on the company's clock."""
    if at is None:
        return ""
    zone = numbers.settings().timezone
    return f"{words.moment(at, zone)} ({zone})"


def lasting(of: AlertView) -> str:
    """How many periods in a row are beyond the bound."""
    if is_of_source(of) or not of.breaches:
        return ""
    return grains.counted(of.breaches, of.rule.grain)


def told_of(told: Telling) -> str:
    """Why it was told, or why not."""
    if told.reason in TOLD:
        return say(TOLD[told.reason])
    return say("not told: {reason}", reason=not_told(told.reason))


def not_told(reason: str) -> str:
    """Why it was not, in words."""
    return say(NOT_TOLD[reason]) if reason in NOT_TOLD else reason


def happened(told: Telling) -> str:
    return say(HAPPENED[told.what]) if told.what in HAPPENED else told.what


def happened_low(told: Telling) -> str:
    """The same within a sentence."""
    return say(HAPPENED_LOW[told.what]) if told.what in HAPPENED_LOW else told.what.lower()


def status(name: str) -> str:
    return say(STATUS[name])


def became(told: Telling) -> str:
    """What became of its message."""
    if told.message_state is None:
        return ""
    state = say(BECAME[told.message_state]) if told.message_state in BECAME else told.message_state
    return f"{state} {since(told.sent_at)}" if told.message_state == "sent" and told.sent_at else state


def moved(state: State) -> str:
    return say(MOVED[state.reason]) if state.reason in MOVED else state.reason.replace("_", " ")


def lasted(start: datetime, end: datetime | None) -> str:
    return words.ago((end or standing.now()) - start)


def is_snoozed(of: AlertView) -> bool:
    return of.snoozed_until is not None and is_ahead(of.snoozed_until)


def is_ahead(at: datetime) -> bool:
    return at > standing.now()


def ahead(at: datetime) -> str:
    """in 3 h."""
    return say("in {span}", span=words.ago(max(at - standing.now(), timedelta())))
