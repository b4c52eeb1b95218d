"""What a message holds: all that its text and its picture are made of, as it was when it was written."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from data.calendar import Grain
from data.settings import Settings
from data.speech import ENGLISH, language
from data.speech.figures import value
from engine import wording
from engine.alerts.rule import Rule, Severity
from engine.delivery.happening import Accounts, Details, Happening, Point, What
from engine.delivery.measure import Measure
from engine.delivery.outside import tame


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class About(Part):
    """The rule, in words, and how its figures are written."""

    rule_id: int
    name: str
    metric: str
    title: str
    unit: str
    currency: str
    zone: str
    grain: Grain
    dimension: str
    condition: str
    severity: Severity
    owner: str
    advice: str

    def write(self, number: float | None) -> str:
        return value(number, self.unit, self.currency)

    def place(self, segment: str) -> str:
        return wording.segment(self.dimension, tame(segment))


class Told(Part):
    """One alert, and why its message goes out."""

    alert_id: int
    segment: str
    since: datetime
    entered_at: datetime
    because: str = ""
    period_start: date | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    usual: float | None = None
    beyond: float | None = None
    trend: tuple[Point, ...] = ()
    behind: Accounts | None = None


class Content(Part):
    """A message about alerts of one rule, the worst first.

    `language`: what the rule's title and condition were written in, and the rest of it is.
    """

    what: What
    language: str = ENGLISH
    about: About
    alerts: tuple[Told, ...]
    written_at: datetime

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Content":
        return cls.model_validate(stored)

    @property
    def stored(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.model_dump_json())  # what is infinite becomes null
        return found


def content_of(
    what: What, told: Iterable[tuple[Happening, Details]], measure: Measure, settings: Settings, now: datetime
) -> Content:
    """The content of a message about happenings of one rule, in the order given, as is spoken here."""
    pairs = list(told)
    first = pairs[0][0]
    about = about_rule(first.rule_id, first.rule, measure, settings)
    alerts = tuple(_told(*pair) for pair in pairs)
    return Content(what=what, language=language(), about=about, alerts=alerts, written_at=now)


def about_rule(rule_id: int, rule: Rule, measure: Measure, settings: Settings) -> About:
    def write(number: float) -> str:
        return value(number, measure.unit, settings.base_currency)

    return About(
        rule_id=rule_id,
        name=rule.name,
        metric=rule.metric,
        title=measure.title,
        unit=measure.unit,
        currency=settings.base_currency,
        zone=settings.timezone,
        grain=rule.grain,
        dimension=rule.dimension,
        condition=rule.of_kind.says(rule.read_params, write),
        severity=rule.severity,
        owner=rule.owner,
        advice=rule.about,
    )


SHARED = tuple(name for name in Told.model_fields if name not in ("trend", "behind"))


def _told(happening: Happening, details: Details) -> Told:
    given = {name: getattr(happening, name) for name in SHARED}
    return Told(**given, trend=details.trend, behind=details.behind)
