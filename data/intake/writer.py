"""Group commit: one thread writes to the inbox, and commits together what came in while it was writing."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter

from data.errors import HoldfastError, TryAgain
from data.intake.inbox import Arrival

MOST_AT_ONCE, MOST_BYTES_AT_ONCE = 1000, 32_000_000
log = logging.getLogger("holdfast.intake")

Keep = Callable[[Sequence[Arrival]], list[int]]


@dataclass(frozen=True)
class Waiting:
    """An arrival whose sender waits for its id."""

    arrival: Arrival
    kept: "asyncio.Future[int]"


class Writer:
    """Use it from one event loop. `keep` makes arrivals durable, all or none, and gives their ids.

    Args:
        limit_bytes: bodies that may wait at once; more are refused until some were committed.
        committed: told the seconds of each commit and how many arrivals it held.
    """

    def __init__(
        self, keep: Keep, *, limit_bytes: int, committed: Callable[[float, int], None] = lambda *_: None
    ) -> None:
        self.keep, self.limit_bytes, self.committed = keep, limit_bytes, committed
        self.queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self.thread: Thread | None = None
        self.waiting = self.waiting_bytes = 0
        self.trouble: str | None = None

    def start(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.thread = Thread(target=self._write, name="inbox writer")
        self.thread.start()

    async def stop(self) -> None:
        """Commit what still waits, then end."""
        thread, self.thread = self.thread, None
        if thread:
            self.queue.put(None)
            await asyncio.to_thread(thread.join)

    async def put(self, arrival: Arrival) -> int:
        """Give an arrival to the inbox; it is on the disk when this returns its id.

        Raises:
            TryAgain: too much waits already, the inbox cannot be written to, or the process is stopping.
        """
        size = len(arrival.body)
        if self.thread is None:
            raise TryAgain("The doors are closing; send this again.")
        if self.waiting_bytes and self.waiting_bytes + size > self.limit_bytes:
            raise TryAgain("More comes in than can be written to the disk; send this again later.")
        self.waiting, self.waiting_bytes = self.waiting + 1, self.waiting_bytes + size
        one = Waiting(arrival, self.loop.create_future())
        self.queue.put(one)
        try:
            return await asyncio.shield(one.kept)
        finally:
            self.waiting, self.waiting_bytes = self.waiting - 1, self.waiting_bytes - size

    def _write(self) -> None:
        while True:
            batch, is_last = self._gather()
            if batch:
                self._commit(batch)
            if is_last:
                return

    def _gather(self) -> tuple[list[Waiting], bool]:
        """All that waits, within the limits of one transaction; whether nothing will come after it."""
        batch: list[Waiting] = []
        size = 0
        one = self.queue.get()
        while one is not None:
            batch.append(one)
            size += len(one.arrival.body)
            if len(batch) >= MOST_AT_ONCE or size >= MOST_BYTES_AT_ONCE:
                return batch, False
            try:
                one = self.queue.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: list[Waiting]) -> None:
        began = perf_counter()
        try:
            ids = self.keep([one.arrival for one in batch])
        except HoldfastError as refused:
            self._tell(self._failed, batch, refused)
        except Exception as fault:  # the thread must outlive whatever happens to one batch
            log.exception("The inbox writer stumbled.")
            self._tell(self._failed, batch, TryAgain(f"The inbox could not be written to ({fault})."))
        else:
            self.committed(perf_counter() - began, len(batch))
            self._tell(self._kept, batch, ids)

    def _tell(self, then: Callable[..., None], *given: object) -> None:
        self.loop.call_soon_threadsafe(then, *given)

    def _kept(self, batch: list[Waiting], ids: list[int]) -> None:
        self.trouble = None
        for one, delivery_id in zip(batch, ids, strict=True):
            if not one.kept.done():
                one.kept.set_result(delivery_id)

    def _failed(self, batch: list[Waiting], refused: HoldfastError) -> None:
        self.trouble = str(refused)
        for one in batch:
            if not one.kept.done():
                one.kept.set_exception(refused)
