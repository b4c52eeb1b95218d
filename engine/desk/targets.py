"""The pages' door to targets: what leads want the metrics to come to."""

from collections.abc import Mapping
from math import isfinite

from data.calendar import GRAINS
from data.errors import BadInput
from data.settings import Settings
from data.speech import english
from engine import clock
from engine.control import targets as kept
from engine.control.store import Control
from engine.control.targets import Place, Target
from metrics.catalog import catalog

__all__ = ["Place", "Target", "set_target", "targets"]


def targets(settings: Settings) -> Mapping[Place, Target]:
    """All that are set, as they are at this moment."""
    return kept.targets(Control.open(settings))


def set_target(
    settings: Settings, of: Place, value: float | None, *, who: str, instead_of: float | None = None
) -> None:
    """Set a target; None takes it away. Rates are shares: 0.4 for 40 %.

    Raises:
        BadInput: there is no such metric, grain or dimension, the value cannot be one of its unit, or it is
            not `instead_of` any more.
    """
    check(settings, of, value)
    kept.put(Control.open(settings), of, value, who=who, now=clock.now(), instead_of=instead_of)


def check(settings: Settings, of: Place, value: float | None) -> None:
    known = catalog(settings)
    if of.metric not in known:
        raise BadInput(english("There is no metric {metric}.", metric=repr(of.metric)))
    if of.grain not in GRAINS:
        raise BadInput(
            english(
                "A target is by {grains}; {grain} is none of them.",
                grains=", ".join(GRAINS),
                grain=repr(of.grain),
            )
        )
    if of.dimension != "all" and of.dimension not in settings.segments:
        raise BadInput(
            english(
                "There is no dimension {dimension}; there are {segments}.",
                dimension=repr(of.dimension),
                segments=", ".join(settings.segments),
            )
        )
    if value is not None and not isfinite(value):
        raise BadInput(english("A target must be a number."))
    if value is not None and known[of.metric].unit == "rate" and not 0 <= value <= 1:
        raise BadInput(
            english("A target for {title} must lie between 0 % and 100 %.", title=known[of.metric].title)
        )
