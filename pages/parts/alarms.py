"""The only place where pages read rules and alerts, and rehearse rules."""

from collections.abc import Collection, Mapping
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
import streamlit as st

from data.errors import BadInput
from engine import desk
from engine.desk import alerts, channels, rehearsals, rules
from engine.desk.alerts import AlertView, Entry, RuleAlerts, SilenceView, Span, Story, Telling
from engine.desk.rehearsals import Behind, Rehearsed, Suggestion
from engine.desk.rules import KindOfRule, Rule, RuleVersion, RuleView
from metrics import read
from pages import live_door
from pages.parts import numbers, person
from pages.parts.lately import lately

_pulse: ContextVar[tuple[Any, int, int] | None] = ContextVar("pulse_of_this_run", default=None)


def all_rules() -> dict[int, RuleView]:
    """The rules as they are at this moment, by id; they change without an edition."""
    return {view.rule_id: view for view in rules.rules(numbers.settings())}


def versions(rule_id: int) -> list[RuleVersion]:
    return rules.versions(numbers.settings(), rule_id)


@st.cache_resource
def kinds() -> Mapping[str, KindOfRule]:
    return {kind.name: kind for kind in rules.kinds_of_rules()}


@st.cache_resource
def watchable() -> Mapping[str, str]:
    """What rules can watch, by name, with its title."""
    return rules.metrics(numbers.settings())


@st.cache_resource
def dimensions() -> tuple[str, ...]:
    return rules.dimensions(numbers.settings())


def firing_count() -> int:
    if person.scope() is not None:
        return sum(of.status == "firing" for group in active() for of in group.alerts)
    return counted(pulse())


@lately
def counted(beat: int) -> int:  # noqa: ARG001 (what it is true of)
    return alerts.firing_count(numbers.settings())


def is_seen(of: AlertView) -> bool:
    """Whether the reader may see an alert: with a scope, those of their segment alone."""
    scope = person.scope()
    return scope is None or (of.rule.dimension, of.segment) == (scope.dimension, scope.segment)


def seen(groups: list[RuleAlerts]) -> list[RuleAlerts]:
    """The alerts that the reader may see, by rule; no rule without one."""
    if person.scope() is None:
        return groups
    cut = [replace(group, alerts=tuple(filter(is_seen, group.alerts))) for group in groups]
    return [group for group in cut if group.alerts]


def refuse_unseen(alert_id: int) -> None:
    """Raises: BadInput, in the words of an alert that there is not."""
    if person.scope() is not None:
        alert(alert_id)


def pulse() -> int:
    """A number that grows whenever something happened to alerts, or was done about them; asked once a run.

    It is asked first, so that nothing that is drawn is older than it says.
    """
    run, changes = person.this_run(), desk.changes()
    noted = _pulse.get()
    if run is None or noted is None or noted[:2] != (run, changes):
        noted = (run, changes, beat(live_door.pulse()))
        _pulse.set(noted)
    return noted[2]


@lately
def beat(told: int) -> int:  # noqa: ARG001 (what open pages have heard of: it is never less)
    return alerts.pulse(numbers.settings())


def active() -> list[RuleAlerts]:
    """What fires and what is about to, by rule, as it stands at this moment."""
    return seen(everybodys(pulse()))


@lately
def everybodys(beat: int) -> list[RuleAlerts]:  # noqa: ARG001 (what it is true of)
    return alerts.alerts(numbers.settings())


def resolved(since: datetime) -> list[RuleAlerts]:
    """What resolved at an instant or later."""
    return seen(alerts.alerts(numbers.settings(), statuses=("resolved",), since=since))


def alert(alert_id: int) -> AlertView:
    found = alerts.alert(numbers.settings(), alert_id)
    if not is_seen(found):
        raise BadInput(f"There is no alert {alert_id}.")
    return found


def story(alert_id: int) -> Story:
    refuse_unseen(alert_id)
    return alerts.story(numbers.settings(), alert_id)


def last_tellings(alert_ids: Collection[int]) -> dict[int, Telling]:
    return alerts.last_tellings(numbers.settings(), alert_ids)


def timeline(start: datetime, end: datetime) -> list[Span]:
    spans = alerts.timeline(numbers.settings(), start, end)
    if person.scope() is None:
        return spans
    known = {of.alert_id for group in (*active(), *resolved(start)) for of in group.alerts}
    return [span for span in spans if span.alert_id in known]


def silences(since: datetime) -> list[SilenceView]:
    """The silences that had not ended by an instant, those that end last first."""
    found, scope = alerts.silences_known(numbers.settings(), since=since), person.scope()
    if scope is None:
        return found
    mine = ((None, None), (scope.dimension, None), (scope.dimension, scope.segment))
    return [one for one in found if (one.dimension, one.segment) in mine]


def silences_of_theirs(since: datetime) -> list[SilenceView]:
    """Those that the reader may end: with a scope, none that covers more than their segment."""
    found, scope = silences(since), person.scope()
    if scope is None:
        return found
    return [one for one in found if (one.dimension, one.segment) == (scope.dimension, scope.segment)]


def checked(given: Mapping[str, Any]) -> Rule:
    """A rule as a form gave it, if it can be judged here."""
    return rules.checked(numbers.settings(), given)


def trail(rule_id: int) -> list[Entry]:
    """Who did what with a rule, the newest first."""
    return alerts.audit(numbers.settings(), f"rule:{rule_id}")


def batch() -> int:
    """A number that grows with the history; 0 before there is any."""
    return rehearsals.batch(numbers.settings())


def read_file(text: str, place: str) -> list[Rule]:
    """The rules of a file, before anything is done with them."""
    return rules.read_rules(numbers.settings(), text, place=place)


@st.cache_resource(max_entries=numbers.WARM, show_spinner=False, hash_funcs={Rule: Rule.model_dump_json})
def is_open(batch: int, rule: Rule) -> bool:  # noqa: ARG001 (the history that it is true of)
    """Whether the newest figures of a rule could not be judged, in any segment."""
    trend = rehearsed(rule).trend
    newest = trend.filter(pl.col("period_start") == pl.col("period_start").max())
    return bool((newest["verdict"] == "inconclusive").all())


def rehearsed(rule: Rule, start: date | None = None) -> Rehearsed:
    """What a rule would have done; some milliseconds, so it is not kept."""
    return rehearsals.rehearse(numbers.settings(), rule, start)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Rule: Rule.model_dump_json})
def rehearsed_as_saved(batch: int, rule: Rule, start: date | None) -> Rehearsed:  # noqa: ARG001
    """The same of a rule that stands still while another is tried beside it, by the history up to a batch."""
    return rehearsed(rule, start)


@st.cache_resource(max_entries=numbers.WARM, show_spinner=False, hash_funcs={Rule: Rule.model_dump_json})
def suggestion(batch: int, rule: Rule, messages_a_month: float) -> Suggestion | None:  # noqa: ARG001
    """A threshold that would have sent about so many messages, by the history up to a batch."""
    return rehearsals.suggest(numbers.settings(), rule, messages_a_month)


def export() -> str:
    return rules.export_rules(numbers.settings())


def trend(alert_id: int, beat: int) -> pl.DataFrame:
    refuse_unseen(alert_id)
    return _trend(alert_id, beat)


@st.cache_resource(max_entries=numbers.WARM, show_spinner=False)
def _trend(alert_id: int, beat: int) -> pl.DataFrame:
    """The last periods of an alert's figure, as they were known at a pulse."""
    del beat
    return rehearsals.trend(numbers.settings(), alert_id)


def behind(edition: str, alert_id: int, period_start: date | None) -> Behind | None:
    refuse_unseen(alert_id)
    return _behind(edition, alert_id, period_start)


@st.cache_resource(max_entries=numbers.WARM, show_spinner=False)
def _behind(edition: str, alert_id: int, period_start: date | None) -> Behind | None:
    """The accounts behind the figure of a period."""
    del period_start  # what it is asked for is the newest that moved or worsened the alert
    return rehearsals.behind(numbers.settings(), edition, alert_id)


def accounts_behind(edition: str, alert_id: int, period_start: date | None, most: int) -> pl.DataFrame:
    refuse_unseen(alert_id)
    return _accounts_behind(edition, alert_id, period_start, most)


@st.cache_resource(max_entries=numbers.WARM, show_spinner=False)
def _accounts_behind(edition: str, alert_id: int, period_start: date | None, most: int) -> pl.DataFrame:
    """Those accounts with all that is known of them, the ones that pay most first."""
    found = _behind(edition, alert_id, period_start)
    where = found.where if found else read.AccountFilter(account_id="")
    rows = read.accounts(numbers.settings(), edition, where=where, limit=numbers.EVERY)
    return rows.sort(pl.col("mrr"), pl.col("account_id"), descending=[True, False]).head(most)


def rule(rule_id: int) -> RuleView:
    return rules.rule(numbers.settings(), rule_id)


def channel_names() -> list[str]:
    """The channels that rules can name, as they are at this moment."""
    return list(channels.channels(numbers.settings()))
