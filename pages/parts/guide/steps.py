"""The five steps and what stands behind each check: a fact that was found, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from engine.desk.guide import Deed, Done
from engine.desk.people import Role
from pages.parts import words
from pages.parts.guide import found
from pages.parts.guide.found import Came

State = Literal["done", "made up", "open"]
MADE_UP = "made-up company only"


@dataclass(frozen=True)
class Check:
    """One condition: its name, whether it holds, and what was found, as HTML."""

    name: str
    state: State
    said: str


@dataclass(frozen=True)
class Next:
    """What to do, on which page, and the role that may; for whoever may not, `asks` says what to ask."""

    path: str
    label: str
    icon: str
    role: Role
    said: str
    asks: str


@dataclass(frozen=True)
class Step:
    """`is_any`: one of its checks is enough."""

    title: str
    about: str
    checks: tuple[Check, ...]
    next: Next
    is_any: bool = False

    @property
    def state(self) -> State:
        states = [check.state for check in self.checks]
        if self.is_any:
            return "done" if "done" in states else "open"
        if "open" in states:
            return "open"
        return "made up" if "made up" in states else "done"


def steps(
    edition: str | None, done: Done, activation: Sequence[str], events: Sequence[str], zone: str
) -> list[Step]:
    return [
        unite(edition, zone),
        define(edition, activation, events),
        watch(done, zone),
        build(done, zone),
        iterate(done, zone),
    ]


def unite(edition: str | None, zone: str) -> Step:
    shapes = (
        ("Accounts", "accounts", "No account has come in yet."),
        ("Product usage", "events", "No event has come in yet."),
        ("Billing", "subscription_changes", "No subscription has come in yet."),
    )
    return Step(
        "Unite sources",
        "Accounts, product usage and billing in one place, so that every number stands on all three.",
        tuple(brought(edition, *shape, zone) for shape in shapes),
        Next(
            "set_up/sources.py", "Sources", "input", "admin",
            "Add a source, or import files with <code>python -m engine import FOLDER</code>; "
            "what was set aside can be mended and read again there.",
            "An admin connects what is missing, on the page Sources.",
        ),
    )  # fmt: skip


def brought(edition: str | None, name: str, shape: str, missing: str, zone: str) -> Check:
    came, made_up = found.came(edition, shape) if edition else (None, False)
    if came:
        return Check(name, "done", told(came, zone))
    if made_up:
        return Check(name, "made up", "From the made-up company alone; yours are still to come.")
    return Check(name, "open", missing)


def told(came: Came, zone: str) -> str:
    names, last = listed(came.sources), words.moment(came.last_at, zone)
    return f"{came.facts:,} from {names}; the last came in {last}."


def listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"<b>{escape(name)}</b>" for name in names[:3])
    return f"{shown} and {len(names) - 3:,} more" if len(names) > 3 else shown


def define(edition: str | None, activation: Sequence[str], events: Sequence[str]) -> Step:
    is_own = bool(edition and found.came(edition, "events")[0])
    checks = [
        seen(edition, f"{found.STEP}{name}", f"Step “{words.name_of(name)}”", (name,), is_own=is_own)
        for name in activation
    ]
    value = seen(edition, found.VALUE, "First value", events, is_own=is_own)
    return Step(
        "Define metrics",
        "Which events make up onboarding, and which is first value: everything about activation counts them.",
        (*checks, value),
        Next(
            "set_up/metrics.py", "Metrics", "menu_book", "viewer",
            "Read what each number means. The events are named in <code>holdfast.toml</code>, under "
            "<code>[activation]</code> and <code>[value]</code>, by whoever runs the server.",
            "",
        ),
    )  # fmt: skip


def seen(edition: str | None, metric: str, name: str, events: Sequence[str], *, is_own: bool) -> Check:
    codes = ", ".join(f"<code>{escape(event)}</code>" for event in events)
    did = found.seen(edition, metric) if edition else None
    if did is None:
        return Check(name, "open", f"{codes} has not been seen in any event yet.")
    since = words.period(did.since, "month")
    who = words.plural(did.accounts, "account")
    in_time = metric.startswith(found.STEP)
    said = (
        f"{codes}: reached in time by {who}, among sign-ups since {since}."
        if in_time
        else f"{codes}: done by {who}, sooner or later, among sign-ups since {since}."
    )
    return Check(name, "done" if is_own else "made up", said)


def watch(done: Done, zone: str) -> Step:
    shipped = f"Only the {words.plural(done.shipped, 'rule')} that came with Holdfast so far."
    return Step(
        "Set thresholds",
        "Rules that say when a number needs somebody, and channels that reach them.",
        (
            deed("A rule of your own", done.rule, "Last changed", shipped, zone),
            deed("A channel that reaches people", done.channel, "A test arrived",
                 "No test message has arrived by a channel yet.", zone, is_named=False),
        ),
        Next(
            "set_up/rules.py", "Rules", "rule", "lead",
            "Open a rule, drag its threshold until the rehearsal fires when you would have wanted to know, "
            "save it; then send a test on the page Channels.",
            "A team lead sets the thresholds on the page Rules and tests a channel on the page Channels.",
        ),
    )  # fmt: skip


def build(done: Done, zone: str) -> Step:
    return Step(
        "Build views",
        "What you look at each day, kept: a view of cohorts, a target on a driver. One of them is enough.",
        (
            deed("A saved view", done.view, "Saved", "You have saved no view, and nobody shares one.", zone),
            deed("A target", done.target, "Set", "No driver has a target yet.", zone, is_metric=True),
        ),
        Next(
            "watch/cohorts.py", "Cohorts", "grid_on", "viewer",
            "Choose cohorts, groups and measure, then save the view; a team lead sets targets on the cards "
            "of the Overview.",
            "",
        ),
        is_any=True,
    )  # fmt: skip


def iterate(done: Done, zone: str) -> Step:
    return Step(
        "Iterate",
        "Thresholds and habits change as you learn: one of these says that you have begun.",
        (
            deed("A rule revised after it fired", done.revised, "Changed",
                 "No rule was changed after it had fired.", zone),
            deed("An alert answered", done.answered, "Acknowledged or commented on",
                 "No alert was acknowledged or commented on.", zone, is_named=False),
            deed("A release or incident noted", done.noted, "Noted",
                 "Nothing was noted on the charts over time.", zone),
        ),
        Next(
            "act/alerts.py", "Alerts", "notifications", "analyst",
            "Answer what fires; when an alert was not worth a message, change its rule and say why. "
            "Note releases in the top line of the Overview.",
            "Analysts answer alerts and note releases; team leads revise rules.",
        ),
        is_any=True,
    )  # fmt: skip


def deed(
    name: str,
    what: Deed | None,
    verb: str,
    missing: str,
    zone: str,
    *,
    is_named: bool = True,
    is_metric: bool = False,
) -> Check:
    if what is None:
        return Check(name, "open", escape(missing))
    title = found.title_of(what.what) if is_metric else what.what
    called = f"<b>{escape(title)}</b>: " if is_named else ""
    when = words.moment(what.at, zone)
    return Check(
        name,
        "done",
        f"{called}{escape(verb if not is_named else verb.lower())} {when} by {escape(what.who)}.",
    )
