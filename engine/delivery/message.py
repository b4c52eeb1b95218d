"""What a message says: its words, before they are set as text, HTML or Markdown."""

from collections.abc import Collection
from dataclasses import dataclass

from data.speech import for_reader, later, say, several
from data.speech.figures import NONE
from engine import wording
from engine.delivery.content import About, Content, Told
from engine.delivery.outside import one_line, tame

MOST_ROWS = 50
MOST_NAMED = 3  # alerts whose accounts are named
BECAUSE = {
    "rule_changed": later("the rule was changed"),
    "history_filled": later("figures of the past came in late"),
    "removed": later("the rule was removed"),
}
ORDINARY = ("", "breached", "held", "calmed", "recovered")
GRADES = {
    "critical": later("Critical"),
    "warning": later("Warning"),
    "info": later("Info"),
    "resolved": later("Resolved"),
}
SUBJECTS = {
    "firing": later("[{grade}] {rule}: {gist}"),
    "worse": later("[{grade}] {rule} got worse: {gist}"),
    "resolved": later("[{grade}] {rule}: {gist}"),
    "repeat": later("[{grade}] {rule} still fires: {gist}"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One alert: its segment, figure, the bound it is measured by, what is usual, and since when it fires."""

    place: str
    value: str
    bound: str
    usual: str
    since: str
    link: str


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words. `facts` are labelled lines; `behind`: accounts, each list under its sentence."""

    subject: str
    headline: str
    link: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    left_out: int
    behind: tuple[tuple[str, tuple[str, ...]], ...]


@for_reader
def words_of(content: Content, address: str, resolved: Collection[int] = ()) -> Words:
    """The words of a message.

    Args:
        address: where the pages are served; `resolved`: alerts told of that resolved while it waited.
    """
    about, alerts = content.about, content.alerts
    rows = tuple(_row(one, about, address, one.alert_id in resolved) for one in alerts[:MOST_ROWS])
    return Words(
        subject=subject_of(content),
        headline=headline_of(content),
        link=link_to(address, alerts[0]),
        facts=tuple(_facts(content)),
        rows=rows,
        left_out=len(alerts) - len(rows),
        behind=tuple(_behind(content)),
    )


@for_reader
def subject_of(content: Content) -> str:
    """One line: how grave, which rule, where and how far."""
    grade = say(GRADES["resolved" if content.what == "resolved" else content.about.severity])
    gist = _gist(content) if len(content.alerts) == 1 else _gist_of_many(content)
    return one_line(say(SUBJECTS[content.what], grade=grade, rule=content.about.name, gist=gist))


def _gist(content: Content) -> str:
    """plan pro at 31.2 %, below 35 %."""
    about, only = content.about, content.alerts[0]
    is_whole = about.dimension == "all"
    if is_called_off(content):
        reason = because(only.because)
        return reason if is_whole else f"{about.place(only.segment)}, {reason}"
    how = figure(only, about)
    if content.what == "resolved":
        if is_whole:
            return say("is back at {figure}", figure=how)
        return say("{place} is back at {figure}", place=about.place(only.segment), figure=how)
    if is_whole:
        return say("at {figure}", figure=how)
    return say("{place} at {figure}", place=about.place(only.segment), figure=how)


def _gist_of_many(content: Content) -> str:
    """3 segments, plan pro worst at 31.2 %, below 35 %."""
    about, worst = content.about, content.alerts[0]
    count = len(content.alerts)
    segments = several(count, "{count} segment", "{count} segments")
    if is_called_off(content):
        return f"{segments}, {because(worst.because)}"
    named = {"segments": segments, "place": about.place(worst.segment), "figure": figure(worst, about)}
    if content.what == "resolved":
        return say("{segments}, {place} back at {figure}", **named)
    return say("{segments}, {place} worst at {figure}", **named)


def figure(told: Told, about: About) -> str:
    """31.2 %, below 35 %."""
    bound = bound_of(told, about)
    return about.write(told.value) + (f", {bound}" if is_beyond(told) else "")


def is_beyond(told: Told) -> bool:
    return _is_below(told) or _is_above(told)


def _is_below(told: Told) -> bool:
    return told.value is not None and told.low is not None and told.value < told.low


def _is_above(told: Told) -> bool:
    return told.value is not None and told.high is not None and told.value > told.high


def bound_of(told: Told, about: About) -> str:
    """The bound that it is beyond, or those it must stay within."""
    low, high = about.write(told.low), about.write(told.high)
    if _is_below(told):
        return say("below {bound}", bound=low)
    if _is_above(told):
        return say("above {bound}", bound=high)
    if told.low is not None and told.high is not None:
        return say("within {low} to {high}", low=low, high=high)
    if told.low is not None:
        return say("not below {bound}", bound=low)
    return say("not above {bound}", bound=high) if told.high is not None else NONE


def headline_of(content: Content) -> str:
    """One sentence about the only alert, or the worst of them."""
    worst, named = content.alerts[0], {"what": _what(content)}
    if is_called_off(content):
        return say("The alert on {what} is over: {because}.", **named, because=because(worst.because))
    if worst.value is not None:
        return _with_figure(content, worst)
    if content.what == "resolved":
        return say("The alert on {what} is over.", **named)
    condition, when = content.about.condition, _when(content)
    if not when:
        return say("{what} {condition}.", **named, condition=condition)
    return say("{what} {condition} {when}.", **named, condition=condition, when=when)


def _with_figure(content: Content, worst: Told) -> str:
    about, when = content.about, _when(content)
    named = {"what": _what(content), "figure": figure(worst, about)}
    if content.what == "resolved":
        told = say("{what} is back at {figure} {when}", **named, when=when)
    else:
        told = say("{what} was {figure} {when}", **named, when=when)
    if worst.usual is None:
        return f"{told.rstrip()}."
    return say("{told}; usual is {usual}.", told=told.rstrip(), usual=about.write(worst.usual))


def _what(content: Content) -> str:
    """Activation rate of plan pro."""
    about = content.about
    if about.dimension == "all":
        return about.title
    return say("{title} of {place}", title=about.title, place=about.place(content.alerts[0].segment))


def _when(content: Content) -> str:
    start = content.alerts[0].period_start
    return wording.period(start, content.about.grain) if start else ""


def is_called_off(content: Content) -> bool:
    """Whether it ended because somebody decided so, wherever the figure stands."""
    return content.what == "resolved" and content.alerts[0].because not in ORDINARY


def _facts(content: Content) -> list[tuple[str, str]]:
    about, worst = content.about, content.alerts[0]
    named = {"rule": about.name, "title": about.title, "condition": about.condition}
    facts = [(say("Rule"), say("{rule}: {title} {condition}", **named)), _lasted(content)]
    if worst.because not in ORDINARY and content.what != "resolved":
        facts.append((say("Because"), because(worst.because)))
    if about.owner:
        facts.append((say("Owner"), about.owner))
    if about.advice and content.what != "resolved":
        facts.append((say("What to do"), about.advice))
    return facts


def _lasted(content: Content) -> tuple[str, str]:
    """Since when it fires, or from when until when it did."""
    about, worst = content.about, content.alerts[0]
    since = f"{wording.moment(worst.since, about.zone)} ({about.zone})"
    if content.what == "resolved":
        ended = wording.moment(worst.entered_at, about.zone)
        return say("Fired"), say("from {since} until {ended}", since=since, ended=ended)
    span = wording.span(content.written_at - worst.since)
    return say("Firing since"), say("{since}, {span} ago", since=since, span=span)


def because(reason: str) -> str:
    """The reason of a transition that no period brought about."""
    return say(BECAUSE[reason]) if reason in BECAUSE else reason.replace("_", " ")


def _row(told: Told, about: About, address: str, has_resolved: bool) -> Row:
    since = say("resolved meanwhile") if has_resolved else wording.moment(told.since, about.zone)
    return Row(
        place=about.place(told.segment),
        value=about.write(told.value),
        bound=bound_of(told, about),
        usual=about.write(told.usual),
        since=since,
        link=link_to(address, told),
    )


def _behind(content: Content) -> list[tuple[str, tuple[str, ...]]]:
    known = [told for told in content.alerts if told.behind and told.behind.count]
    return [_accounts(told, content) for told in known[:MOST_NAMED]]


def _accounts(told: Told, content: Content) -> tuple[str, tuple[str, ...]]:
    behind = told.behind
    assert behind is not None
    accounts = several(behind.count, "{count} account", "{count} accounts")
    sentence = say("{accounts} {have}", accounts=accounts, have=behind.said)
    if len(content.alerts) > 1:
        sentence = f"{sentence} ({content.about.place(told.segment)})"
    names = tuple(f"{tame(name)} ({tame(key)})" if name else tame(key) for key, name in behind.names)
    more = behind.count - len(names)
    rest = (several(more, "and {count} more", "and {count} more"),) if more > 0 else ()
    return sentence, (*names, *rest)


def link_to(address: str, told: Told) -> str:
    """The page of an alert."""
    return f"{address.rstrip('/')}/alerts?alert={told.alert_id}"
