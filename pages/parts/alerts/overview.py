"""All alerts at a glance: what fires, what is about to, what is over, and what is silenced."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import streamlit as st

from engine.desk.alerts import RuleAlerts
from pages.parts import alarms, cards, rooms
from pages.parts.alerts import listing, silencing, timeline
from pages.parts.alerts.choice import Filters
from pages.parts.speech import later, say, say_as, several

CALM = later("Nothing fires, and nothing is about to.")
NO_RULES = later(
    "No rule watches anything yet. A rule says which figure must not fall, rise or go missing, for whom, and "
    "whom to tell."
)


def draw(active: Sequence[RuleAlerts], over: Sequence[RuleAlerts], chosen: Filters) -> None:
    firing = part(active, "firing")
    with cards.panel("alerts_firing", say_as("alerts", "Firing"), subtitle(firing)):
        if firing:
            listing.groups(firing, "firing", "firing")
        else:
            calm(chosen, is_first=not over and not active)
    folded(say_as("alerts", "Pending"), part(active, "pending"), "pending")
    folded(say("Resolved lately"), list(over), "resolved")
    timeline.draw(None if chosen.is_any else ids([*active, *over]))
    silencing.listed()


def part(groups: Iterable[RuleAlerts], status: str) -> list[RuleAlerts]:
    """The alerts of one status, by rule."""
    cut = [replace(group, alerts=tuple(of for of in group.alerts if of.status == status)) for group in groups]
    return [group for group in cut if group.alerts]


def ids(groups: Sequence[RuleAlerts]) -> frozenset[int]:
    return frozenset(of.alert_id for group in groups for of in group.alerts)


def subtitle(groups: Sequence[RuleAlerts]) -> str:
    if not groups:
        return ""
    return say(
        "{alerts} of {rules}, the gravest first · click one to open it",
        alerts=several(len(ids(groups)), "{count} alert", "{count} alerts"),
        rules=several(len(groups), "{count} rule", "{count} rules"),
    )


def calm(chosen: Filters, *, is_first: bool) -> None:
    """Nothing fires: because nothing is wrong, nothing is watched, or the filters hide it."""
    if not chosen.is_any:
        cards.note(say("Nothing that these filters let through fires."), "○")
        return
    rules = [view for view in alarms.all_rules().values() if not view.is_paused]
    if not rules:
        cards.note(say(NO_RULES))
    elif is_first:
        cards.note(never(len(rules)), "✓")
    else:
        cards.note(say(CALM), "✓")
    if not rules or is_first:
        rooms.link("set_up/rules.py", say("Rules"), "rule")


def never(rules: int) -> str:
    return several(
        rules,
        "Nothing has ever fired. {count} rule judges every edition. What a threshold <i>would</i> have "
        "done is shown before it is saved: have a look at the rules.",
        "Nothing has ever fired. {count} rules judge every edition. What a threshold <i>would</i> have "
        "done is shown before it is saved: have a look at the rules.",
    )


def folded(title: str, groups: Sequence[RuleAlerts], status: str) -> None:
    """What is not pressing stands under its number."""
    if not groups:
        return
    count = several(len(ids(groups)), "{count} alert", "{count} alerts")
    with st.expander(f"{title} · {count}", key=f"alerts_{status}", on_change="rerun") as opened:
        if opened.open:
            listing.groups(groups, status, status)
