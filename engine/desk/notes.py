"""The pages' door to notes: what people wrote about accounts."""

from data.errors import BadInput
from data.settings import Settings
from data.speech import english
from engine import clock
from engine.control import account_notes as kept
from engine.control.account_notes import KINDS, AccountNote
from engine.control.store import Control
from engine.desk.people import Person

__all__ = ["KINDS", "AccountNote", "add", "may_remove", "notes", "remove"]


def notes(settings: Settings, account_id: str) -> list[AccountNote]:
    """The notes about an account, the newest first."""
    return kept.listed(Control.open(settings), account_id)


def add(settings: Settings, account_id: str, kind: str, text: str, *, who: str) -> int:
    """Write a note about an account; whoever asks has seen that there is such an account.

    Raises:
        BadInput: it says nothing, or more than a note may.
    """
    return kept.add(Control.open(settings), account_id, kind, text, who=who, now=clock.now())


def may_remove(person: Person, note: AccountNote) -> bool:
    """Its author may, and a lead."""
    return person.key == note.author or person.may("lead")


def remove(settings: Settings, note_id: int, account_id: str, *, by: Person) -> None:
    """Show a note about an account no more.

    Raises:
        BadInput: there is none about this account, or somebody else than its author or a lead asks.
    """
    control = Control.open(settings)
    found = kept.find(control, note_id)
    if found.account_id != account_id:
        raise BadInput(english("There is no note {note_id}.", note_id=note_id))
    if not may_remove(by, found):
        raise BadInput(english("Only its author or a lead may remove a note."))
    kept.remove(control, note_id, who=by.key, now=clock.now())
