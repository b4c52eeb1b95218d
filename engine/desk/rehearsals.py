"""The pages' door to what rules would have done, and to what lies behind an alert."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from data.settings import Settings
from engine import clock
from engine.alerts import frames
from engine.alerts import suggest as suggesting
from engine.alerts.behind import Behind
from engine.alerts.behind import behind as accounts_behind
from engine.alerts.details import trend as trend_of
from engine.alerts.late import KIND as BY_CLOCK
from engine.alerts.rehearsal import stage_of
from engine.alerts.rule import Rule
from engine.alerts.suggest import Suggestion
from engine.alerts.worth import Worth, worth
from engine.control import alerts
from engine.control.store import Control

__all__ = [
    "Behind",
    "Rehearsed",
    "Suggestion",
    "Worth",
    "batch",
    "behind",
    "has_history",
    "rehearse",
    "suggest",
    "trend",
]


@dataclass(frozen=True)
class Rehearsed:
    """What a rule would have done over the history.

    `trend`: a row a segment and period, with `value`, the bounds `low` and `high`, `usual`, the `verdict`
    (inconclusive, between, recovered, breach), `is_firing`, and `complete_at`. `spans`: a row a state, as
    `rules rehearse` writes them. `days_firing` over all segments; `messages` after grouping.
    """

    rule: Rule
    trend: pl.DataFrame
    spans: pl.DataFrame
    firings: int
    days_firing: float
    messages: int
    worth: Worth
    inconclusive: int
    segments: tuple[str, ...]


def has_history(settings: Settings) -> bool:
    """Whether anything can be rehearsed yet."""
    return stage_of(settings).history.newest_batch > 0


def batch(settings: Settings) -> int:
    """A number that grows whenever the history does; 0 before there is any."""
    return stage_of(settings).history.newest_batch


def rehearse(settings: Settings, rule: Rule, start: date | None = None, end: date | None = None) -> Rehearsed:
    """Run a rule over the stored history; some milliseconds for a year of days and twenty segments."""
    stage = stage_of(settings)
    found = stage.rehearse(rule, start, end)
    return Rehearsed(
        rule,
        frames.trend(found),
        found.rows(),
        len(found.firings),
        found.days_firing,
        found.messages,
        worth(stage, found),
        found.inconclusive,
        found.panel.segments,
    )


def suggest(settings: Settings, rule: Rule, messages_a_month: float) -> Suggestion | None:
    """A threshold that would have sent about so many messages; None where there is none."""
    return suggesting.suggest(stage_of(settings), rule, messages_a_month)


def trend(settings: Settings, alert_id: int, periods: int = 60) -> pl.DataFrame:
    """The last periods of an alert's figure, with the bounds; nothing for late sources."""
    rule, segment = _place(settings, alert_id)
    points = () if rule.kind == BY_CLOCK else trend_of(stage_of(settings).rehearse(rule), segment, periods)
    return frames.points(points)


def behind(settings: Settings, edition: str, alert_id: int) -> Behind | None:
    """The accounts behind an alert's figure, as an edition knows them; None where nobody can be named."""
    rule, segment = _place(settings, alert_id)
    start = alerts.alert(Control.open(settings), alert_id, clock.now()).period_start
    return accounts_behind(settings, edition, rule, segment, start) if start else None


def _place(settings: Settings, alert_id: int) -> tuple[Rule, str]:
    control = Control.open(settings)
    view = alerts.alert(control, alert_id, clock.now())
    return view.rule, view.segment
