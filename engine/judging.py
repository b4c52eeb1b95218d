"""The judging of an edition beside the engine's turns: the next one is counted meanwhile."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from data.settings import Settings
from engine import work


class Judging:
    """One edition after the other, none left out: an edition is judged when the one before it has been."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.under_way: Future[str | None] | None = None

    @property
    def is_busy(self) -> bool:
        return self.under_way is not None and not self.under_way.done()

    def begin(self, edition: str, now: datetime) -> None:
        self.wait()
        pool = ThreadPoolExecutor(1, thread_name_prefix="judging")
        self.under_way = pool.submit(work.attend, self.settings, edition, now)
        pool.shutdown(wait=False)

    def wait(self) -> None:
        """Whatever comes next builds on what was judged."""
        if self.under_way is not None:
            self.under_way.exception()

    def ended(self) -> tuple[str | None] | None:
        """What stood in the way of a judging that has ended, if anything did; told once."""
        if self.under_way is None or self.is_busy:
            return None
        done, self.under_way = self.under_way, None
        return (done.result(),)
