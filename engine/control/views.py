"""Views of a page that people saved: what its address held, under a name, for themselves or for all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from data.errors import BadInput, Conflict
from data.speech import english
from engine.control.audit import note
from engine.control.people_tables import ViewRow
from engine.control.store import Control, Session

LONGEST_NAME, MOST_VIEWS, MOST_STATE, LONGEST_VALUE = 80, 200, 60, 2_000
SHOWN = ("view_id", "page", "name", "owner", "is_shared", "state", "changed_at", "version")
State = dict[str, str]


@dataclass(frozen=True)
class SavedView:
    """`state`: the parameters of the page's address. A shared view is seen by all, changed by its owner."""

    view_id: int
    page: str
    name: str
    owner: str
    is_shared: bool
    state: State
    changed_at: datetime
    version: int


def save(
    control: Control, *, page: str, name: str, state: State, is_shared: bool, who: str, now: datetime
) -> SavedView:
    """Keep a view under a name.

    Raises:
        BadInput: the name is empty or too long, the state no address, or there are too many views already.
    """
    row = ViewRow(
        page=page,
        name=checked_name(name),
        owner=who,
        is_shared=is_shared,
        state=checked(state),
        created_at=now,
        changed_at=now,
        version=1,
    )
    with control.change() as session:
        own = select(ViewRow.view_id).where(ViewRow.owner == who, ViewRow.removed_at.is_(None))
        if len(session.execute(own).all()) >= MOST_VIEWS:
            raise BadInput(
                english("You have {most_views} saved views already; remove one first.", most_views=MOST_VIEWS)
            )
        session.add(row)
        session.flush()
        note(session, who, "saved a view", subject(row.view_id), now=now, after=told(row))
        return shown(row)


def views(control: Control, page: str, who: str) -> list[SavedView]:
    """Of a page: one's own, then those that others share, each by name."""
    asked = select(*(getattr(ViewRow, name) for name in SHOWN)).where(
        ViewRow.page == page,
        ViewRow.removed_at.is_(None),
        or_(ViewRow.owner == who, ViewRow.is_shared),
    )
    with control.begin() as session:
        found = [SavedView(*row) for row in session.execute(asked)]
    return sorted(found, key=lambda view: (view.owner != who, view.name.casefold(), view.view_id))


def view(control: Control, view_id: int, who: str) -> SavedView:
    """One that somebody may see.

    Raises:
        BadInput: there is none of theirs or shared with them; another person's private view is none.
    """
    with control.begin() as session:
        return shown(row_of(session, view_id, who))


def change(
    control: Control,
    view_id: int,
    version: int,
    *,
    who: str,
    now: datetime,
    name: str | None = None,
    state: State | None = None,
    is_shared: bool | None = None,
) -> SavedView:
    """Change what is given of one's own view.

    Raises:
        BadInput: it is not theirs, or what is given is not allowed.
        Conflict: it is not at this version any more.
    """
    with control.change() as session:
        row = own_row(session, view_id, who)
        if row.version != version:
            raise Conflict(
                english(
                    "The view {name} was changed meanwhile; nothing was overwritten.", name=repr(row.name)
                ),
                version=row.version,
                author=row.owner,
                changed_at=row.changed_at,
            )
        before = told(row)
        row.name = checked_name(name) if name is not None else row.name
        row.state = checked(state) if state is not None else row.state
        row.is_shared = is_shared if is_shared is not None else row.is_shared
        row.changed_at, row.version = now, version + 1
        note(session, who, "changed a view", subject(view_id), now=now, before=before, after=told(row))
        session.flush()
        return shown(row)


def remove(control: Control, view_id: int, *, who: str, now: datetime) -> None:
    """Show one's own view no more; its link leads nowhere from then on.

    Raises:
        BadInput: it is not theirs.
    """
    with control.change() as session:
        row = own_row(session, view_id, who)
        row.removed_at = now
        note(session, who, "removed a view", subject(view_id), now=now, before=told(row))


def row_of(session: Session, view_id: int, who: str) -> ViewRow:
    row = session.get(ViewRow, view_id) if 0 < view_id < 2**31 else None
    if row is None or row.removed_at is not None or not (row.is_shared or row.owner == who):
        raise BadInput(english("There is no saved view {view_id} that you may see.", view_id=view_id))
    return row


def own_row(session: Session, view_id: int, who: str) -> ViewRow:
    row = row_of(session, view_id, who)
    if row.owner != who:
        raise BadInput(
            english(
                "The view {name} belongs to {owner}; save it under a name of your own.",
                name=repr(row.name),
                owner=row.owner,
            )
        )
    return row


def checked_name(name: str) -> str:
    trimmed = " ".join(name.split())
    if not trimmed or len(trimmed) > LONGEST_NAME or not trimmed.isprintable():
        raise BadInput(
            english(
                "name = {name} is not 1 to {longest_name} printable signs.",
                name=repr(name[:100]),
                longest_name=LONGEST_NAME,
            )
        )
    return trimmed


def checked(state: State) -> State:
    """An address has few parameters, none of them long."""
    if len(state) > MOST_STATE:
        raise BadInput(
            english(
                "A view holds {most_state} choices at most, not {count}.",
                most_state=MOST_STATE,
                count=len(state),
            )
        )
    for key, value in state.items():
        if not key.isidentifier() or len(key) > LONGEST_NAME:
            raise BadInput(english("{key} is not the name of a choice.", key=repr(key[:100])))
        if len(value) > LONGEST_VALUE:
            raise BadInput(
                english(
                    "The choice {key} is longer than {longest_value} signs.",
                    key=key,
                    longest_value=LONGEST_VALUE,
                )
            )
    return dict(state)


def shown(row: ViewRow) -> SavedView:
    return SavedView(**{name: getattr(row, name) for name in SHOWN})


def told(row: ViewRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("page", "name", "is_shared", "state")}


def subject(view_id: int) -> str:
    return f"view:{view_id}"
