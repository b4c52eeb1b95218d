"""The pages' door to what people have done with this home so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from data.settings import Settings
from engine.control import annotations, channel_store, deeds, targets, views
from engine.control.deeds import Deed
from engine.control.rules import SHIPPER
from engine.control.store import Control
from engine.desk import rules as decided
from engine.desk.people import Person

__all__ = ["Deed", "Done", "done"]

VIEWED = "cohorts"  # the page whose views can be saved


@dataclass(frozen=True)
class Done:
    """What stands, each with who did it first and when; None where nobody did.

    `rule`: made or changed by a person. `channel`: reached by a test. `view`: one's own, or shared.
    `revised`: a rule that was changed after it had fired. `answered`: an alert.
    """

    rule: Deed | None
    channel: Deed | None
    view: Deed | None
    target: Deed | None
    revised: Deed | None
    noted: Deed | None
    answered: Deed | None
    shipped: int


def done(settings: Settings, by: Person) -> Done:
    """All of it, as it stands at this moment; what was removed since does not count."""
    control = Control.open(settings)
    rules = decided.rules(settings)
    own = [each for each in rules if each.changed_by != SHIPPER]
    saved = views.views(control, VIEWED, by.key)
    goals = targets.targets(control).values()
    noted = annotations.listed(control)
    with control.begin() as session:
        channels = tuple(channel_store.channels(session))
    return Done(
        rule=first(Deed(each.rule.name, each.changed_by, each.changed_at) for each in own),
        channel=deeds.reached(control, channels),
        view=first(Deed(view.name, view.owner, view.changed_at) for view in saved),
        target=first(Deed(goal.of.metric, goal.author, goal.changed_at) for goal in goals),
        revised=deeds.revised(control),
        noted=first(Deed(each.title, each.author, each.created_at) for each in noted),
        answered=deeds.first(control, ("acknowledged", "commented"), "alert"),
        shipped=len(rules) - len(own),
    )


def first(done: Iterable[Deed]) -> Deed | None:
    return min(done, key=attrgetter("at"), default=None)
