"""What a message says: its words, before they are set as text, HTML or Markdown."""

from collections.abc import Collection
from dataclasses import dataclass

from data.speech import several
from engine import wording
from engine.delivery.content import About, Content, Told
from engine.delivery.outside import one_line, tame
from engine.wording import NONE

MOST_ROWS = 50
MOST_NAMED = 3  # alerts whose accounts are named
BECAUSE = {
    "rule_changed": "the rule was changed",
    "history_filled": "figures of the past came in late",
    "removed": "the rule was removed",
}
ORDINARY = ("", "breached", "held", "calmed", "recovered")
OPENING = {"firing": "", "worse": " got worse", "resolved": "", "repeat": " still fires"}


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


def subject_of(content: Content) -> str:
    """One line: how grave, which rule, where and how far."""
    about, worst = content.about, content.alerts[0]
    grade = "Resolved" if content.what == "resolved" else about.severity.capitalize()
    if len(content.alerts) == 1:
        place = "" if about.dimension == "all" else about.place(worst.segment)
        how = f" {_at(content)} {figure(worst, about)}"
        gist = (place + (f", {because(worst.because)}" if is_called_off(content) else how)).lstrip(", ")
    else:
        count = several(len(content.alerts), "{count} segment", "{count} segments")
        first = f"{about.place(worst.segment)} {_among(content)}{figure(worst, about)}"
        gist = f"{count}, {because(worst.because) if is_called_off(content) else first}"
    return one_line(f"[{grade}] {about.name}{OPENING[content.what]}: {gist}")


def _at(content: Content) -> str:
    return "is back at" if content.what == "resolved" else "at"


def _among(content: Content) -> str:
    return "back at " if content.what == "resolved" else "worst at "


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
    if _is_below(told):
        return f"below {about.write(told.low)}"
    if _is_above(told):
        return f"above {about.write(told.high)}"
    if told.low is not None and told.high is not None:
        return f"within {about.write(told.low)} to {about.write(told.high)}"
    if told.low is not None:
        return f"not below {about.write(told.low)}"
    return f"not above {about.write(told.high)}" if told.high is not None else NONE


def headline_of(content: Content) -> str:
    """One sentence about the only alert, or the worst of them."""
    about, worst = content.about, content.alerts[0]
    if is_called_off(content):
        return f"The alert on {about.title}{_whose(content)} is over: {because(worst.because)}."
    whose = _whose(content)
    when = f" {wording.period(worst.period_start, about.grain)}" if worst.period_start else ""
    if worst.value is None:
        if content.what == "resolved":
            return f"The alert on {about.title}{whose} is over."
        return f"{about.title}{whose} {about.condition}{when}."
    verb = "is back at" if content.what == "resolved" else "was"
    usual = f"; usual is {about.write(worst.usual)}" if worst.usual is not None else ""
    return f"{about.title}{whose} {verb} {figure(worst, about)}{when}{usual}."


def _whose(content: Content) -> str:
    about = content.about
    return "" if about.dimension == "all" else f" of {about.place(content.alerts[0].segment)}"


def is_called_off(content: Content) -> bool:
    """Whether it ended because somebody decided so, wherever the figure stands."""
    return content.what == "resolved" and content.alerts[0].because not in ORDINARY


def _facts(content: Content) -> list[tuple[str, str]]:
    about, worst = content.about, content.alerts[0]
    facts = [("Rule", f"{about.name}: {about.title} {about.condition}")]
    since = f"{wording.moment(worst.since, about.zone)} ({about.zone})"
    if content.what == "resolved":
        ended = wording.moment(worst.entered_at, about.zone)
        facts.append(("Fired", f"from {since} until {ended}"))
    else:
        lasted = content.written_at - worst.since
        facts.append(("Firing since", f"{since}, {wording.span(lasted)} ago"))
    if worst.because not in ORDINARY and content.what != "resolved":
        facts.append(("Because", because(worst.because)))
    if about.owner:
        facts.append(("Owner", about.owner))
    if about.advice and content.what != "resolved":
        facts.append(("What to do", about.advice))
    return facts


def because(reason: str) -> str:
    """The reason of a transition that no period brought about."""
    return BECAUSE.get(reason, reason.replace("_", " "))


def _row(told: Told, about: About, address: str, has_resolved: bool) -> Row:
    since = "resolved meanwhile" if has_resolved else wording.moment(told.since, about.zone)
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
    where = f" ({content.about.place(told.segment)})" if len(content.alerts) > 1 else ""
    names = tuple(f"{tame(name)} ({tame(key)})" if name else tame(key) for key, name in behind.names)
    more = behind.count - len(names)
    rest = (f"and {more:,} more",) if more > 0 else ()
    accounts = several(behind.count, "{count} account", "{count} accounts")
    return f"{accounts} {behind.sentence}{where}", (*names, *rest)


def link_to(address: str, told: Told) -> str:
    """The page of an alert."""
    return f"{address.rstrip('/')}/alerts?alert={told.alert_id}"
