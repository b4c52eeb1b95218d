"""Asks the sources that are asked: each when its time has come, each on a thread of its own."""

import logging
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from data.errors import HoldfastError
from data.intake import registry
from data.intake.inbox import Arrival, Inbox
from data.intake.kinds import facts
from data.intake.registry import Source
from data.settings import Settings
from data.sources import Connector, Page, Params, connectors
from engine.faults import in_a_sentence
from engine.logs import say
from engine.watch import Watch

PAGES_A_TURN = 100  # then the source is looked up again: it may have been switched off or changed
FACTS_A_DELIVERY = 1000
MOST_WAITING = 128_000_000  # bytes in the inbox beyond which sources wait until the engine has caught up
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
TELL_EVERY = timedelta(seconds=30)


@dataclass
class Standing:
    """How it goes with one source, as far as this process knows."""

    params: Mapping[str, Any]
    tried_at: datetime
    failures: int = 0
    has_more: bool = False
    thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def is_under_way(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    @property
    def pause(self) -> timedelta:
        """After failures: twice as long each time."""
        return min(LONGEST_PAUSE, FIRST_PAUSE * float(2 ** min(self.failures - 1, 20)))


def is_due(source: Source, every: timedelta, standing: Standing | None, now: datetime) -> bool:
    """Whether a source is to be asked now. One whose params were changed is asked at once."""
    if standing is None or standing.params != source.params:
        return _has_passed(source.last_pulled_at if standing is None else None, every, now)
    if standing.is_under_way:
        return False
    if standing.failures:
        return _has_passed(standing.tried_at, standing.pause, now)
    return standing.has_more or _has_passed(standing.tried_at, every, now)


def _has_passed(since: datetime | None, wait: timedelta, now: datetime) -> bool:
    """A clock that was set back must not keep anybody waiting until it is as late again."""
    return since is None or now < since or now - since >= wait


def is_asked(source: Source) -> bool:
    """Whether a source is one to be asked: those without params only send."""
    return source.enabled and bool(source.params) and source.kind in connectors()


class Puller:
    """Pulls the sources of one home."""

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        self.settings = settings
        self.inbox = inbox
        self.standings: dict[str, Standing] = {}

    def turn(self, now: datetime) -> int:
        """Begin with every source that is due; the number of those."""
        asked = [source for source in registry.sources(self.inbox) if is_asked(source)]
        due = [source for source in asked if self.is_due(source, now)]
        if not due or self.is_full:
            return 0
        for source in due:
            self.begin(source, now)
        return len(due)

    @property
    def is_full(self) -> bool:
        """Whether sources have to wait until the engine has caught up with the inbox."""
        return self.inbox.backlog(0).bytes > MOST_WAITING

    def is_due(self, source: Source, now: datetime) -> bool:
        every = source.params.get("every")
        known = Params.model_fields["every"].default
        wait = timedelta(seconds=every if isinstance(every, int) and every > 0 else known)
        standing = self.standings.get(source.name)
        if standing and standing.is_under_way:
            return False
        return is_due(source, wait, standing, now)

    def begin(self, source: Source, now: datetime) -> None:
        standing = self.standings.get(source.name)
        if standing is None or standing.params != source.params:
            standing = self.standings[source.name] = Standing(source.params, now)
        standing.tried_at = now
        turn = threading.Thread(
            target=self.pull, args=(source, standing, now), name=f"pull {source.name}", daemon=True
        )
        standing.thread = turn
        turn.start()

    def wait(self) -> None:
        """Until no source is being asked."""
        for standing in list(self.standings.values()):
            if standing.thread:
                standing.thread.join()

    def pull(self, source: Source, standing: Standing, now: datetime) -> None:
        """Ask one source; whatever goes wrong is written down at it and stops no other."""
        try:
            standing.has_more, problem = self.fetch(source, now)
            standing.failures = 0
            self.tell(source, now, problem)
        except Exception as fault:  # noqa: BLE001 (the edge of a turn)
            standing.failures += 1
            self.tell(source, None, self.sentence(source, fault))

    def fetch(self, source: Source, now: datetime) -> tuple[bool, str | None]:
        """Whether there is more to be fetched at once, and what was wrong without stopping it."""
        connector = connectors()[source.kind]
        params = connector.read(source.params)
        if connector.find:
            return False, Watch(self.settings, self.inbox, source, now).look(connector.find, params)
        return self.take(source, connector, params, now), None

    def take(self, source: Source, connector: Connector, params: Params, now: datetime) -> bool:
        """Keep page by page, each together with its cursor; whether pages are left for the next turn."""
        with pages_of(connector, params, source.cursor, now) as pages:
            taken = 0
            for page in islice(pages, PAGES_A_TURN):
                self.inbox.put_pulled(source.name, arrivals(source.name, page, now), page.cursor)
                taken += 1
                if self.is_full:
                    return True
            return taken == PAGES_A_TURN

    def tell(self, source: Source, pulled_at: datetime | None, problem: str | None) -> None:
        """Write down at the source how it went, where that is news."""
        changes: dict[str, Any] = {} if problem == source.last_error else {"last_error": problem}
        last = source.last_pulled_at
        if pulled_at and (last is None or not timedelta(0) <= pulled_at - last < TELL_EVERY):
            changes["last_pulled_at"] = pulled_at
        with suppress(HoldfastError):  # it was removed meanwhile, or the disk is full; the next turn tells
            if changes:
                registry.update(self.inbox, source.name, **changes)

    def sentence(self, source: Source, fault: Exception) -> str:
        known = isinstance(fault, HoldfastError)
        told = str(fault) if known else in_a_sentence(f"pull of {source.name}", fault)
        if told != source.last_error:
            say(
                "a source could not be read",
                level=logging.WARNING,
                trace=not known,
                action="pull",
                source=source.name,
                reason=told,
            )
        return told


@contextmanager
def pages_of(
    connector: Connector, params: Params, cursor: str | None, now: datetime
) -> Iterator[Iterator[Page]]:
    """A connector's pages; at the end its connection is closed, whether all were asked for or not."""
    pages = connector.pull(params, cursor, now) if connector.pull else iter(())
    try:
        yield pages
    finally:
        if isinstance(pages, Generator):
            pages.close()


def arrivals(source: str, page: Page, now: datetime) -> list[Arrival]:
    """A page as deliveries of a size that is quickly read."""
    starts = range(0, len(page.facts), FACTS_A_DELIVERY)
    parts = [page.facts[start : start + FACTS_A_DELIVERY] for start in starts]
    bodies = [facts.body((fact.shape, fact.values) for fact in part) for part in parts]
    bodies += [facts.unreadable(item) for item in page.set_aside]
    return [Arrival(source, facts.__name__.rpartition(".")[2], now, {}, body) for body in bodies]


def pull_due(settings: Settings, inbox: Inbox, now: datetime) -> int:
    """Begin to pull every source whose time has come; returns at once, with the number of those."""
    puller = _pullers.get(inbox.file)
    if puller is None or puller.inbox is not inbox:
        puller = _pullers[inbox.file] = Puller(settings, inbox)
    return puller.turn(now)


_pullers: dict[Path, Puller] = {}
