"""An alert in words: its figure, its bound, how far beyond it is, and why it moved or was told."""

from datetime import datetime, timedelta

from engine.desk.alerts import AlertView, State, Telling
from pages.parts import numbers, words
from pages.parts.rules import phrases
from pages.parts.sources import standing

MOVED = {
    "breached": "beyond the bound",
    "held": "beyond the bound for as long as the rule asks",
    "calmed": "back within the bound before it fired",
    "recovered": "back where it recovers",
    "rule_changed": "the rule was changed, and all of it judged afresh",
    "history_filled": "earlier figures arrived, and all of it was judged afresh",
    "removed": "the rule was removed",
}
HAPPENED = {
    "firing": "Began to fire",
    "worse": "Got worse",
    "repeat": "Still fires",
    "resolved": "Resolved",
}
TOLD = {
    "first": "told for the first time",
    "worse": "told again: half as bad again as when it was told last, or more",
    "repeat": "told again: the rule repeats while it fires",
    "resolved": "told that it is over",
}
NOT_TOLD = {
    "silenced": "a silence covers it",
    "snoozed": "somebody snoozed it",
    "acknowledged": "somebody acknowledged it",
    "not much worse": "less than half as bad again as when it was told last",
    "not told of before": "nobody had been told that it fires",
    "over already": "it was over again by then",
    "long ago": "it lies too far back for anybody to act on",
    "no channel": "no channel is named by its rule or led to by a route",
    "no such channel": "there is no channel of this name",
    "channel paused": "the channel is paused",
}
BECAME = {"waiting": "waiting to be sent", "sent": "sent", "dead": "given up", "dropped": "dropped"}


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
        return f"below {write(low)}" if value is None or value < low else f"not below {write(low)}"
    if high is not None and (low is None or (value is not None and value > high)):
        return f"above {write(high)}" if value is None or value > high else f"not above {write(high)}"
    return f"within {write(low)} to {write(high)}" if low is not None else ""


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
        return "when it began" if of.value is not None else ""
    return bound(of, of.rule.metric)


def period(of: AlertView | State, grain: str) -> str:
    return words.period(of.period_start, grain) if of.period_start else ""


def headline(of: AlertView) -> str:
    """Activation rate: 28.1 %, below 35 %, week of 9 Nov; usual is 40 %."""
    if is_of_source(of):
        return f"{of.segment} was silent for {figure(of, of.rule.metric)} when this began."
    write = phrases.writer(of.rule.metric)
    parts = [write(of.value), bounded(of), period(of, of.rule.grain)]
    usual = f"; usual is {write(of.usual)}" if of.usual is not None else ""
    return f"{phrases.title_of(of.rule.metric)}: {', '.join(part for part in parts if part)}{usual}."


def since(at: datetime | None) -> str:
    """3 h ago; a dash for never."""
    return words.NONE if at is None else f"{words.ago(standing.now() - at)} ago"


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
    return words.plural(of.breaches, of.rule.grain)


def told_of(told: Telling) -> str:
    """Why it was told, or why not."""
    if told.reason in TOLD:
        return TOLD[told.reason]
    return f"not told: {NOT_TOLD.get(told.reason, told.reason)}"


def became(told: Telling) -> str:
    """What became of its message."""
    if told.message_state is None:
        return ""
    state = BECAME.get(told.message_state, told.message_state)
    return f"{state} {since(told.sent_at)}" if told.message_state == "sent" and told.sent_at else state


def moved(state: State) -> str:
    return MOVED.get(state.reason, state.reason.replace("_", " "))


def lasted(start: datetime, end: datetime | None) -> str:
    return words.ago((end or standing.now()) - start)


def is_snoozed(of: AlertView) -> bool:
    return of.snoozed_until is not None and is_ahead(of.snoozed_until)


def is_ahead(at: datetime) -> bool:
    return at > standing.now()


def ahead(at: datetime) -> str:
    """in 3 h."""
    return f"in {words.ago(max(at - standing.now(), timedelta()))}"
