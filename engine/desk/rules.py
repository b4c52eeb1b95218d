"""The pages' door to rules: what is decided, and deciding it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.errors import Conflict, Difference
from data.settings import Settings
from engine import clock
from engine.alerts import cohorts, defaults, late
from engine.alerts.files import read_text, text_of
from engine.alerts.fitting import Home
from engine.alerts.kinds import Kind, kinds
from engine.alerts.rule import SEVERITIES, Rule
from engine.control import rule_views
from engine.control import rules as decided
from engine.control.differences import differences, fields, needs_reason
from engine.control.rule_views import RuleVersion, RuleView
from engine.control.rules import Imported
from engine.control.store import Control
from engine.forms import Question, questions_of
from metrics.catalog import catalog

__all__ = [
    "SEVERITIES",
    "Conflict",
    "Difference",
    "Imported",
    "KindOfRule",
    "Rule",
    "RuleVersion",
    "RuleView",
    "change_rule",
    "checked",
    "create_rule",
    "differences",
    "dimensions",
    "duplicate_rule",
    "export_rules",
    "fields",
    "import_rules",
    "kinds_of_rules",
    "metrics",
    "needs_reason",
    "pause_rule",
    "read_rules",
    "remove_rule",
    "restore_rule",
    "rule",
    "rules",
    "versions",
]


@dataclass(frozen=True)
class KindOfRule:
    """A kind of rule as a form asks for it."""

    name: str
    title: str
    about: str
    questions: tuple[Question, ...]


def kinds_of_rules() -> tuple[KindOfRule, ...]:
    return tuple(_asked(one) for one in kinds().values())


def _asked(one: Kind) -> KindOfRule:
    return KindOfRule(one.name, one.title, one.about, questions_of(one.params))


def metrics(settings: Settings) -> dict[str, str]:
    """What rules can watch, by name, with its title: every metric, and cells of the cohort triangle."""
    known = {name: metric.title for name, metric in catalog(settings).items()}
    cells = {
        f"{name}.{index}": f"{title}, {index} periods after"
        for name, title in cohorts.NAMES.items()
        for index in range(1, cohorts.MOST + 1)
    }
    return known | cells | {late.METRIC: "Silence of a source"}


def dimensions(settings: Settings) -> tuple[str, ...]:
    return Home(settings).dimensions


def rules(settings: Settings) -> list[RuleView]:
    """All rules, by name; the default ones are made when this is first asked."""
    return rule_views.rules(opened(settings))


def rule(settings: Settings, rule_id: int) -> RuleView:
    """One rule.

    Raises:
        BadInput: there is none of this id, or it was removed.
    """
    return rule_views.rule(opened(settings), rule_id)


def versions(settings: Settings, rule_id: int) -> list[RuleVersion]:
    """Every version of a rule, the newest first."""
    return rule_views.versions(opened(settings), rule_id)


def checked(settings: Settings, given: Mapping[str, Any]) -> Rule:
    """A rule as a form gave it, if this home can judge it.

    Raises:
        BadInput: one sentence naming the rule, the key, its value and what is allowed.
    """
    return Home(settings).fitted(given)


def create_rule(settings: Settings, given: Mapping[str, Any], *, who: str, reason: str = "") -> int:
    """Add a rule; returns its id."""
    fresh = checked(settings, given)
    return decided.create(opened(settings), fresh, who=who, now=clock.now(), reason=reason)


def change_rule(
    settings: Settings, rule_id: int, given: Mapping[str, Any], *, version: int, who: str, reason: str = ""
) -> int:
    """Make a new version of a rule from `version`; returns the version that is now in force.

    Raises:
        Conflict: somebody made another meanwhile; it says who, when, and what differs.
        BadInput: it cannot be judged, its name is taken, or the reason is missing.
    """
    changed = checked(settings, given)
    return decided.change(
        opened(settings), rule_id, changed, version=version, who=who, now=clock.now(), reason=reason
    )


def restore_rule(
    settings: Settings, rule_id: int, old: int, *, version: int, who: str, reason: str = ""
) -> int:
    """Bring an old version back as a new one; returns the version that is now in force.

    Raises:
        Conflict: somebody made another than `version` meanwhile.
        BadInput: there is no such version, or this home cannot judge it any more.
    """
    for chosen in versions(settings, rule_id):
        if chosen.version == old:
            checked(settings, chosen.rule.model_dump())
    return decided.restore(
        opened(settings), rule_id, old, version=version, who=who, now=clock.now(), reason=reason
    )


def pause_rule(settings: Settings, rule_id: int, *, is_paused: bool, who: str, reason: str = "") -> None:
    """Judge a rule no more, or again."""
    control = opened(settings)
    decided.pause(control, rule_id, is_paused=is_paused, who=who, now=clock.now(), reason=reason)


def duplicate_rule(settings: Settings, rule_id: int, *, who: str) -> int:
    """Add a copy of a rule, paused; returns its id."""
    return decided.duplicate(opened(settings), rule_id, who=who, now=clock.now())


def remove_rule(settings: Settings, rule_id: int, *, who: str, reason: str = "") -> None:
    """Take a rule out of use; what it did stays on record."""
    decided.remove(opened(settings), rule_id, who=who, now=clock.now(), reason=reason)


def export_rules(settings: Settings) -> str:
    """All rules as TOML, for those who keep them in git."""
    return text_of([view.rule for view in rules(settings)])


def read_rules(settings: Settings, text: str, *, place: str) -> list[Rule]:
    """The rules of a file as TOML, before anything is done with them; `place` is what it is called.

    Raises:
        BadInput: the sentences name each rule that cannot be read, its key, and what is allowed.
    """
    return read_text(text, settings, place)


def import_rules(settings: Settings, text: str, *, place: str, who: str) -> Imported:
    """Bring rules from TOML in, all or none; `place` is what the file is called."""
    given = read_text(text, settings, place)
    reason = f"imported from {place}"
    return decided.put_all(opened(settings), given, who=who, now=clock.now(), reason=reason)


def opened(settings: Settings) -> Control:
    """The control store, with the default rules in it."""
    control = Control.open(settings)
    defaults.ship(settings, control, clock.now())
    return control
