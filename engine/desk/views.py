"""The pages' door to saved views."""

from data.settings import Settings
from engine import clock
from engine.control import views as kept
from engine.control.store import Control
from engine.control.views import SavedView, State
from engine.desk.people import Person

__all__ = ["SavedView", "State", "change", "remove", "save", "view", "views"]


def save(settings: Settings, *, page: str, name: str, state: State, is_shared: bool, by: Person) -> SavedView:
    """Keep a view under a name.

    Raises:
        BadInput: the name or the state is not allowed.
    """
    control = Control.open(settings)
    return kept.save(
        control, page=page, name=name, state=state, is_shared=is_shared, who=by.key, now=clock.now()
    )


def views(settings: Settings, page: str, by: Person) -> list[SavedView]:
    """Of a page: one's own, then those that others share."""
    return kept.views(Control.open(settings), page, by.key)


def view(settings: Settings, view_id: int, by: Person) -> SavedView:
    """One that this person may see.

    Raises:
        BadInput: there is none, or it is another person's own.
    """
    return kept.view(Control.open(settings), view_id, by.key)


def change(
    settings: Settings,
    view_id: int,
    version: int,
    *,
    by: Person,
    name: str | None = None,
    state: State | None = None,
    is_shared: bool | None = None,
) -> SavedView:
    """Change one's own view.

    Raises:
        BadInput: it is not theirs. Conflict: it was changed meanwhile.
    """
    control = Control.open(settings)
    return kept.change(
        control,
        view_id,
        version,
        who=by.key,
        now=clock.now(),
        name=name,
        state=state,
        is_shared=is_shared,
    )


def remove(settings: Settings, view_id: int, *, by: Person) -> None:
    """Show one's own view no more.

    Raises:
        BadInput: it is not theirs.
    """
    kept.remove(Control.open(settings), view_id, who=by.key, now=clock.now())
