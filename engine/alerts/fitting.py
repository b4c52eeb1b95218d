"""Whether a rule fits a home: its metric is there, its grain and dimension are, its bounds are numbers."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from math import isfinite
from typing import Any

from data.errors import BadInput
from data.settings import Settings
from data.speech import english
from engine.alerts import cohorts, late
from engine.alerts.rule import ALL, Rule, rule_of
from metrics.catalog import catalog

CELL_GRAINS = ("week", "month")


class Home:
    """What rules of one home can watch; made once to look at many rules."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        return tuple(sorted(catalog(self._settings)))

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (ALL, *self._settings.segments)

    def fitted(self, given: Mapping[str, Any]) -> Rule:
        """A rule as this home can judge it, its params in the form in which they are kept.

        Raises:
            BadInput: one sentence naming the rule, the key, its value and what is allowed.
        """
        rule = rule_of(given)
        try:
            self._insist_on_metric(rule)
            self._insist_on_place(rule)
            return rule.model_copy(update={"params": kept(rule)})
        except BadInput as bad:
            raise BadInput(english("Rule {name}: {bad}", name=repr(rule.name), bad=bad)) from None

    def _insist_on_metric(self, rule: Rule) -> None:
        if (rule.kind == late.KIND) != (rule.metric == late.METRIC):
            raise BadInput(
                english(
                    "metric = {metric} and kind = {kind} go together, and with no other.",
                    metric=repr(late.METRIC),
                    kind=repr(late.KIND),
                )
            )
        if rule.kind == late.KIND:
            return
        if not cohorts.is_cell(rule.metric) and rule.metric not in self.metrics:
            raise BadInput(
                english(
                    "metric = {metric} is not known; {known}.",
                    metric=repr(rule.metric),
                    known=self._known(rule.metric),
                )
            )
        if cohorts.is_cell(rule.metric) and rule.grain not in CELL_GRAINS:
            raise BadInput(
                english(
                    "grain = {grain} is not allowed for {metric}: cohorts are by week or month.",
                    grain=repr(rule.grain),
                    metric=rule.metric,
                )
            )

    def _known(self, metric: str) -> str:
        cells = [f"{name}.1 to {name}.{cohorts.MOST}" for name in cohorts.NAMES]
        close = get_close_matches(metric, self.metrics, n=1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        return f"{meant}There are {', '.join((*self.metrics, *cells))}"

    def _insist_on_place(self, rule: Rule) -> None:
        if rule.kind == late.KIND and (rule.dimension, rule.segment) != (ALL, None):
            raise BadInput(
                english(
                    "a rule of kind {kind} is about every source: dimension = {all}, no segment.",
                    kind=repr(late.KIND),
                    all=repr(ALL),
                )
            )
        if rule.dimension not in self.dimensions:
            there_are = ", ".join(self.dimensions)
            raise BadInput(
                english(
                    "dimension = {dimension} is not configured; there are {there_are}.",
                    dimension=repr(rule.dimension),
                    there_are=there_are,
                )
            )
        if rule.dimension == ALL and rule.segment not in (None, ALL):
            raise BadInput(
                english(
                    "segment = {segment} needs a dimension other than {all}: {value}.",
                    segment=repr(rule.segment),
                    all=repr(ALL),
                    value=", ".join(self._settings.segments) or "none is configured",
                )
            )


def fitted(given: Mapping[str, Any], settings: Settings) -> Rule:
    """One rule as a home can judge it; see `Home.fitted`."""
    return Home(settings).fitted(given)


def kept(rule: Rule) -> dict[str, Any]:
    """What a rule's kind was told, without what nobody said; only finite numbers can be kept and exported."""
    params = rule.read_params
    for name in params.model_fields_set:
        value = getattr(params, name)
        if isinstance(value, float) and not isfinite(value):
            raise BadInput(
                english(
                    "{name} = {value} is not allowed: it must be a finite number.", name=name, value=value
                )
            )
    told: dict[str, Any] = params.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return told
