"""A rule: which figure is watched, what must not happen to it, and whom it tells."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.calendar import Grain
from data.errors import BadInput
from data.speech import english
from engine.alerts.kinds import Kind, kind
from engine.alerts.lifecycle import Policy
from engine.alerts.panel import Judgement, Panel, unjudged
from engine.alerts.params import Params

Severity = Literal["info", "warning", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
ALL = "all"
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Rule(BaseModel):
    """What a lead decided. `segment` None: each segment of the dimension on its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    metric: str = Field(min_length=1, description="A metric's name, such as activation_rate")
    grain: Grain = Field("week", description="day, week or month")
    dimension: str = Field(ALL, min_length=1, description="all, or an attribute of the account, such as plan")
    segment: str | None = Field(None, description="One segment of the dimension; unless given, each of them")
    kind: str = Field("limit", description="The kind of rule, such as limit")
    params: dict[str, Any] = Field(default_factory=dict, description="What the kind of rule is told")
    severity: Severity = Field("warning", description="info, warning or critical")
    channels: tuple[str, ...] = Field((), description="Names of channels; empty: as the routes say")
    owner: str = Field("", max_length=200, description="Who looks after the rule")
    about: str = Field("", max_length=2000, description="What to do when it fires")
    repeat_hours: float | None = Field(
        None,
        gt=0,
        le=24 * 90,
        description="Hours after which a firing alert is told again; unless given, never",
    )

    @property
    def of_kind(self) -> Kind:
        return kind(self.kind)

    @cached_property
    def read_params(self) -> Params:
        return self.of_kind.read(self.params)

    def judge(self, panel: Panel) -> Judgement:
        """What the rule says of every cell."""
        return self.of_kind.judge(self.read_params, panel) if panel.value.size else unjudged(panel)

    @cached_property
    def policy(self) -> Policy:
        params = self.read_params
        return Policy(params.periods, params.keep_firing)


def rule_of(given: Mapping[str, Any]) -> Rule:
    """A rule from a form, a file or as it was stored, its params checked too.

    Raises:
        BadInput: one sentence naming the rule, the key, its value and what is allowed.
    """
    name = given.get("name")
    place = f"Rule {name!r}: " if isinstance(name, str) and name else "A rule: "
    try:
        rule = Rule(**given)
        rule.of_kind.read(rule.params)
    except ValidationError as bad:
        raise BadInput(place + sentence(bad)) from None
    except BadInput as bad:
        raise BadInput(place + str(bad)) from None
    return rule


def sentence(bad: ValidationError) -> str:
    first = bad.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        fields = ", ".join(Rule.model_fields)
        return english("there is no key {key}; there are {fields}.", key=repr(key), fields=fields)
    if first["type"] == "missing":
        field = Rule.model_fields[key]
        about = field.description or english("what the rule is called")
        return english("{key} is missing: {about}.", key=repr(key), about=about)
    given, reason = repr(first["input"]), first["msg"]
    return english("{key} = {given} is not allowed: {reason}.", key=key, given=given, reason=reason)
