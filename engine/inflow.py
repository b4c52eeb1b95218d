"""The engine's side of the inbox: takes in what waits, moves it to the archive, says how much is left."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any

from data.archive.imports import Keeper
from data.intake.inbox import Inbox
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.control import state
from engine.control.store import Control
from engine.drain import Drained, drain, position_of
from engine.shelve import Shelf

SLICE = 1.0  # seconds of taking in before somebody else has a turn
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds after a failure


class Inflow:
    """How far one inbox is taken in, and what of that is not archived yet."""

    def __init__(self, settings: Settings, warehouse: Warehouse, now: Callable[[], datetime]) -> None:
        Keeper(settings, warehouse).settle()
        self.warehouse, self.now = warehouse, now
        self.inbox = Inbox.open(settings)
        self.shelf = Shelf(settings, self.inbox)
        self.position = position_of(warehouse, self.inbox.epoch)
        self.unshelved_bytes = self.inbox.backlog(self.shelf.until).bytes
        self.drained_at: datetime | None = None
        self.failures, self.rests_until = 0, 0.0
        self.told: dict[str, Any] = {}

    def take_in(self, is_wanted: Callable[[], bool]) -> Drained:
        """Take in what waits, for a second at most; nothing for a while after a failure.

        What comes in meanwhile is for the next turn: who runs after every single delivery never gets on.
        """
        done = Drained(self.position)
        if monotonic() < self.rests_until:
            return done
        began = monotonic()
        try:
            while is_wanted() and monotonic() - began < SLICE:
                drained = drain(self.warehouse, self.inbox)
                if not drained.deliveries:
                    break
                done += drained
                self.note(drained)
                if not drained.is_full:
                    break
        except Exception:
            self.failures += 1
            pause = FIRST_PAUSE * 2.0 ** min(self.failures - 1, 10)
            self.rests_until = monotonic() + min(LONGEST_PAUSE, pause)
            raise
        self.failures = 0
        return done

    def note(self, drained: Drained) -> None:
        self.position = drained.position
        self.unshelved_bytes += drained.bytes
        self.drained_at = self.now()

    def refind(self) -> None:
        """Read the position again, after other work took deliveries in or exchanged the warehouse."""
        self.position = position_of(self.warehouse, self.inbox.epoch)

    def shelve(self) -> bool:
        """Archive what is due; on a thread of its own, for it never touches the warehouse."""
        did = False
        while self.shelf.is_due(self.position, self.unshelved_bytes):
            moved = self.shelf.shelve(self.position)
            self.unshelved_bytes = max(0, self.unshelved_bytes - moved)
            did = did or moved > 0
            if not moved:
                break
        return did

    def shelve_rest(self) -> None:
        """At the end: what fits into one more file."""
        self.shelf.shelve(self.position)

    def tell(self, control: Control) -> None:
        """Write down how far behind we are, where that changed."""
        backlog = self.inbox.backlog(self.position)
        told = {"position": self.position, "backlog": backlog.count, "backlog_oldest_at": backlog.oldest_at}
        if self.drained_at:
            told["drained_at"] = self.drained_at
        if told != self.told:
            state.tell_backlog(control, **told)
            self.told = told
