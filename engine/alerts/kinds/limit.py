"""A bound that a metric must not cross."""

from typing import Self

import numpy as np
from pydantic import Field, model_validator

from data.speech import english, say
from engine.alerts import params
from engine.alerts.kinds import Write
from engine.alerts.panel import Judgement, Numbers, Panel, enough, judged_within

TITLE = "Limit"
ABOUT = "Fires when a figure is below or above a bound, for so many periods in a row."


class Params(params.Params):
    below: float | None = Field(None, description="Breached by a figure below this")
    above: float | None = Field(None, description="Breached by a figure above this")
    recover: float | None = Field(
        None, description="Resolves at or beyond this; unless given, at the bound itself"
    )

    @model_validator(mode="after")
    def one_bound(self) -> Self:
        if (self.below is None) == (self.above is None):
            raise ValueError(english("give either 'below' or 'above'"))
        if self.recover is not None and self.below is not None and self.recover < self.below:
            raise ValueError(
                english(
                    "recover = {recover} must not lie under below = {below}",
                    recover=self.recover,
                    below=self.below,
                )
            )
        if self.recover is not None and self.above is not None and self.recover > self.above:
            raise ValueError(
                english(
                    "recover = {recover} must not lie over above = {above}",
                    recover=self.recover,
                    above=self.above,
                )
            )
        return self


def lookback(params: Params) -> int:  # noqa: ARG001 (other kinds ask)
    return 0


def says(params: Params, write: Write) -> str:
    if params.below is not None:
        return say("falls below {bound}", bound=write(params.below))
    return say("rises above {bound}", bound=write(params.above or 0.0))


def judge(params: Params, panel: Panel) -> Judgement:
    def level(bound: float | None) -> Numbers:
        return np.full(panel.value.shape, np.nan if bound is None else bound)

    is_floor = params.below is not None
    return judged_within(
        panel,
        enough(panel, params.minimum_n),
        level(params.below),
        level(params.above),
        recover_low=level(params.recover) if is_floor else None,
        recover_high=None if is_floor else level(params.recover),
    )
