"""A training of the churn model beside the engine's turns, of what stood when it began."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from data.errors import TryAgain
from data.settings import Settings

if TYPE_CHECKING:
    from data.store.warehouse import Warehouse
    from metrics.risk.model import Model
    from metrics.session import Connection

GRACE = 10.0  # seconds that a training is given to break off


class Training:
    """At most one at a time; what it reads is a snapshot, and what it makes a file that comes whole."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.under_way: Future[Model] | None = None
        self.connection: Connection | None = None
        self.is_stopping = False

    @property
    def is_busy(self) -> bool:
        return self.under_way is not None and not self.under_way.done()

    def begin(self, warehouse: "Warehouse") -> bool:
        """Begin, where everything that came in has been counted."""
        from metrics.risk.train import hold  # noqa: PLC0415 (loads the models)

        held = hold(warehouse)
        if held is None:
            return False
        self.connection, as_of = held
        self.is_stopping = False
        pool = ThreadPoolExecutor(1, thread_name_prefix="training")
        self.under_way = pool.submit(self.learn, self.connection, as_of)
        pool.shutdown(wait=False)
        return True

    def learn(self, connection: "Connection", as_of: datetime) -> "Model":
        from metrics.risk.train import taught  # noqa: PLC0415

        try:
            return taught(connection, self.settings, as_of=as_of, show=self.stop_or_go)
        finally:
            connection.close()

    def stop_or_go(self, progress: str) -> None:
        del progress
        if self.is_stopping:
            raise TryAgain("The engine is stopping.")

    def ended(self) -> "Model | None":
        """What a training that has ended learnt, once; its fault is raised, unless it was broken off."""
        if self.under_way is None or not self.under_way.done():
            return None
        done, self.under_way, self.connection = self.under_way, None, None
        return None if self.is_stopping else done.result()

    def break_off(self) -> None:
        """What it made so far is forgotten, and it is due again."""
        self.is_stopping = True
        if self.is_busy and self.connection is not None:
            with suppress(Exception):  # it has just come to its end, and closed it
                self.connection.interrupt()

    def stop(self) -> None:
        """Break it off and wait for that."""
        self.break_off()
        if self.under_way is not None:
            wait([self.under_way], timeout=GRACE)
