"""Moves what was taken in from the inbox to the archive, many deliveries at a time."""

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from data.archive import chunks
from data.settings import Settings

if TYPE_CHECKING:
    from data.intake.inbox import Inbox

CHUNK_BYTES = 16_000_000
CHUNK = 50_000  # deliveries


SHELVING = Lock()  # whoever reads archive and inbox as one, or moves between them, holds it


class Shelf:
    """The end of the archive; one a process, and only in the process that holds the warehouse."""

    def __init__(self, settings: Settings, inbox: "Inbox") -> None:
        self.settings, self.inbox = settings, inbox
        self.shelved_at = monotonic()
        chunks.sweep(settings)
        known = chunks.chunks(settings)
        self.number = max((chunk.number for chunk in known), default=0)
        self.until = chunks.archived_until(known, inbox.epoch)
        if self.until:  # whoever wrote the last chunk may have been killed before it left the inbox
            inbox.remove(0, self.until)

    def is_due(self, position: int, taken_bytes: int) -> bool:
        """Whether there is enough for a file, or something has waited for one long enough."""
        if position <= self.until:
            return False
        waited = monotonic() - self.shelved_at
        return taken_bytes >= CHUNK_BYTES or waited >= self.settings.archive_after_seconds

    def shelve(self, position: int) -> int:
        """Archive the next chunk of what was taken in, then forget it in the inbox; how many bytes it had."""
        with SHELVING:
            waiting = self.inbox.after(self.until, limit_bytes=CHUNK_BYTES, limit=CHUNK)
            ready = [delivery for delivery in waiting if delivery.delivery_id <= position]
            if not ready:
                self.shelved_at = monotonic()
                return 0
            chunk = chunks.keep(self.settings, self.number + 1, self.inbox.epoch, ready)
            self.number, self.until = chunk.number, chunk.last
            self.inbox.remove(0, chunk.last)
            return sum(len(delivery.body) for delivery in ready)

    def shelve_all(self, position: int) -> None:
        """Archive all that was taken in."""
        while self.shelve(position):
            pass
