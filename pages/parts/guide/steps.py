"""The five steps and what stands behind each check: a fact that was found, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from engine.desk.guide import Deed, Done
from engine.desk.people import Role
from pages.parts import words
from pages.parts.guide import found
from pages.parts.guide.found import Came, Seen
from pages.parts.speech import later, say, several, whole

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
        (say("Accounts"), "accounts", say("No account has come in yet.")),
        (say("Product usage"), "events", say("No event has come in yet.")),
        (say("Billing"), "subscription_changes", say("No subscription has come in yet.")),
    )
    return Step(
        say("Unite sources"),
        say("Accounts, product usage and billing in one place, so that every number stands on all three."),
        tuple(brought(edition, *shape, zone) for shape in shapes),
        Next(
            "set_up/sources.py", say("Sources"), "input", "admin",
            say("Add a source, or import files with <code>python -m engine import FOLDER</code>; "
                "what was set aside can be mended and read again there."),
            say("An admin connects what is missing, on the page Sources."),
        ),
    )  # fmt: skip


def brought(edition: str | None, name: str, shape: str, missing: str, zone: str) -> Check:
    came, made_up = found.came(edition, shape) if edition else (None, False)
    if came:
        return Check(name, "done", told(came, zone))
    if made_up:
        return Check(name, "made up", say("From the made-up company alone; yours are still to come."))
    return Check(name, "open", missing)


def told(came: Came, zone: str) -> str:
    names, last = listed(came.sources), words.moment(came.last_at, zone)
    return say(
        "{count} from {names}; the last came in {last}.", count=whole(came.facts), names=names, last=last
    )


def listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"<b>{escape(name)}</b>" for name in names[:3])
    if len(names) <= 3:
        return shown
    return several(len(names) - 3, "{names} and {count} more", "{names} and {count} more", names=shown)


def define(edition: str | None, activation: Sequence[str], events: Sequence[str]) -> Step:
    is_own = bool(edition and found.came(edition, "events")[0])
    checks = [
        seen(edition, f"{found.STEP}{name}", named(name), (name,), is_own=is_own) for name in activation
    ]
    value = seen(edition, found.VALUE, say("First value"), events, is_own=is_own)
    return Step(
        say("Define metrics"),
        say("Which events make up onboarding, and which is first value: everything about activation "
            "counts them."),
        (*checks, value),
        Next(
            "set_up/metrics.py", say("Metrics"), "menu_book", "viewer",
            say("Read what each number means. The events are named in <code>holdfast.toml</code>, under "
                "<code>[activation]</code> and <code>[value]</code>, by whoever runs the server."),
            "",
        ),
    )  # fmt: skip


def named(step: str) -> str:
    return say("Step “{step}”", step=words.name_of(step))


def seen(edition: str | None, metric: str, name: str, events: Sequence[str], *, is_own: bool) -> Check:
    codes = ", ".join(f"<code>{escape(event)}</code>" for event in events)
    did = found.seen(edition, metric) if edition else None
    if did is None:
        return Check(name, "open", say("{codes} has not been seen in any event yet.", codes=codes))
    return Check(name, "done" if is_own else "made up", reached(metric, codes, did))


def reached(metric: str, codes: str, did: Seen) -> str:
    since = words.period(did.since, "month")
    if metric.startswith(found.STEP):
        return several(
            did.accounts,
            "{codes}: reached in time by {count} account, among sign-ups since {since}.",
            "{codes}: reached in time by {count} accounts, among sign-ups since {since}.",
            codes=codes,
            since=since,
        )
    return several(
        did.accounts,
        "{codes}: done by {count} account, sooner or later, among sign-ups since {since}.",
        "{codes}: done by {count} accounts, sooner or later, among sign-ups since {since}.",
        codes=codes,
        since=since,
    )


def watch(done: Done, zone: str) -> Step:
    shipped = several(
        done.shipped,
        "Only the {count} rule that came with Holdfast so far.",
        "Only the {count} rules that came with Holdfast so far.",
    )
    return Step(
        say("Set thresholds"),
        say("Rules that say when a number needs somebody, and channels that reach them."),
        (
            deed(say("A rule of your own"), done.rule,
                 later("<b>{what}</b>: last changed {when} by {who}."), shipped, zone),
            deed(say("A channel that reaches people"), done.channel,
                 later("A test arrived {when} by {who}."),
                 say("No test message has arrived by a channel yet."), zone),
        ),
        Next(
            "set_up/rules.py", say("Rules"), "rule", "lead",
            say("Open a rule, drag its threshold until the rehearsal fires when you would have wanted to "
                "know, save it; then send a test on the page Channels."),
            say("A team lead sets the thresholds on the page Rules and tests a channel on the page "
                "Channels."),
        ),
    )  # fmt: skip


def build(done: Done, zone: str) -> Step:
    return Step(
        say("Build views"),
        say("What you look at each day, kept: a view of cohorts, a target on a driver. One of them is "
            "enough."),
        (
            deed(say("A saved view"), done.view, later("<b>{what}</b>: saved {when} by {who}."),
                 say("You have saved no view, and nobody shares one."), zone),
            deed(say("A target"), done.target, later("<b>{what}</b>: set {when} by {who}."),
                 say("No driver has a target yet."), zone, is_metric=True),
        ),
        Next(
            "watch/cohorts.py", say("Cohorts"), "grid_on", "viewer",
            say("Choose cohorts, groups and measure, then save the view; a team lead sets targets on the "
                "cards of the Overview."),
            "",
        ),
        is_any=True,
    )  # fmt: skip


def iterate(done: Done, zone: str) -> Step:
    return Step(
        say("Iterate"),
        say("Thresholds and habits change as you learn: one of these says that you have begun."),
        (
            deed(say("A rule revised after it fired"), done.revised,
                 later("<b>{what}</b>: changed {when} by {who}."),
                 say("No rule was changed after it had fired."), zone),
            deed(say("An alert answered"), done.answered,
                 later("Acknowledged or commented on {when} by {who}."),
                 say("No alert was acknowledged or commented on."), zone),
            deed(say("A release or incident noted"), done.noted,
                 later("<b>{what}</b>: noted {when} by {who}."),
                 say("Nothing was noted on the charts over time."), zone),
        ),
        Next(
            "act/alerts.py", say("Alerts"), "notifications", "analyst",
            say("Answer what fires; when an alert was not worth a message, change its rule and say why. "
                "Note releases in the top line of the Overview."),
            say("Analysts answer alerts and note releases; team leads revise rules."),
        ),
        is_any=True,
    )  # fmt: skip


def deed(
    name: str, of: Deed | None, sentence: str, missing: str, zone: str, *, is_metric: bool = False
) -> Check:
    """`sentence`: what to say of it, with its {what}, {when} and {who}."""
    if of is None:
        return Check(name, "open", escape(missing))
    title = found.title_of(of.what) if is_metric else of.what
    when = words.moment(of.at, zone)
    return Check(name, "done", say(sentence, what=escape(title), when=when, who=escape(of.who)))
