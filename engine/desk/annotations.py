"""The pages' door to annotations: releases, incidents and what else happened."""

from datetime import date

from data.errors import BadInput
from data.settings import Settings
from data.speech import english
from engine import clock
from engine.control import annotations as kept
from engine.control.annotations import KINDS, Annotation, Happening, Kind
from engine.control.store import Control
from engine.desk.people import Person, Scope

__all__ = ["KINDS", "Annotation", "Happening", "Kind", "add", "annotations", "may_remove", "remove"]


def add(settings: Settings, what: Happening, *, who: str, scope: Scope | None = None) -> Annotation:
    """Note a happening; whoever may see one segment only notes what concerns that.

    Raises:
        BadInput: it is not what a happening may be, or concerns another segment.
    """
    if what.dimension is not None and what.dimension not in settings.segments:
        known = ", ".join(settings.segments) or "none"
        raise BadInput(
            english(
                "dimension = {dimension} is not allowed; there are {known}.",
                dimension=repr(what.dimension),
                known=known,
            )
        )
    if scope and (what.dimension, what.segment) != (scope.dimension, scope.segment):
        raise BadInput(
            english(
                "You may note what concerns {dimension} {segment} only.",
                dimension=scope.dimension,
                segment=scope.segment,
            )
        )
    return kept.add(Control.open(settings), what, who=who, now=clock.now())


def annotations(
    settings: Settings,
    *,
    start: date | None = None,
    end: date | None = None,
    dimension: str | None = None,
    segment: str | None = None,
    scope: Scope | None = None,
) -> list[Annotation]:
    """What happened at any time in `[start, end)`, by day.

    With a dimension and a segment, what concerns everybody or that segment; a scope is such a segment.
    """
    place = (scope.dimension, scope.segment) if scope else (dimension, segment)
    control = Control.open(settings)
    return kept.listed(control, start=start, end=end, dimension=place[0], segment=place[1])


def may_remove(person: Person, annotation: Annotation) -> bool:
    """Its author may, and a lead."""
    return person.key == annotation.author or person.may("lead")


def remove(settings: Settings, annotation_id: int, *, by: Person) -> None:
    """Show an annotation no more.

    Raises:
        BadInput: there is none, or somebody else than its author or a lead asks.
    """
    control = Control.open(settings)
    found = kept.find(control, annotation_id)
    outside = by.scope and (found.dimension, found.segment) != (by.scope.dimension, by.scope.segment)
    if outside or not may_remove(by, found):
        raise BadInput(english("Only its author or a lead may remove an annotation."))
    kept.remove(control, annotation_id, who=by.key, now=clock.now())
