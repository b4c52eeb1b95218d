"""The engine's delivery, turn by turn: a thread for each channel, so that none waits for another."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic

from data.errors import HoldfastError
from data.settings import Settings
from data.speech import english
from engine import clock
from engine.control import outbox
from engine.control.store import Control
from engine.delivery.due import look_again
from engine.delivery.happening import Details, Happening, Look, nothing_more
from engine.delivery.outcome import Later
from engine.delivery.sending import Errand, Policy, Sender
from engine.logs import say

LOOK_EVERY = timedelta(seconds=10)
PATIENCE = 45.0  # seconds that one send may take, whatever the other side does
MOST_STUCK = 3  # threads that a channel may leave behind before it has to wait for one of them
GOODBYE = 2.0  # seconds that sends under way are given when the engine stops


@dataclass
class Work:
    """A thread, and what it is about."""

    thread: Thread
    errand: Errand

    @property
    def is_alive(self) -> bool:
        return self.thread.is_alive()


class Delivery:
    """Sends what is due; a turn starts what has to be started and returns at once."""

    def __init__(
        self,
        settings: Settings,
        control: Control,
        now: Callable[[], datetime] = clock.now,
        *,
        look: Callable[[], Look] = lambda: nothing_more,
        policy: Policy | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`look`: makes what looks at the details of alerts that are told of again."""
        self._settings, self._control, self._now, self._look = settings, control, now, look
        self._sender = Sender(settings, control, now, policy or Policy())
        self._patience = patience
        self._working: dict[int, Work] = {}
        self._stuck: dict[int, list[Work]] = {}
        self._looked_at = datetime.min
        self._stopped = Event()
        self._lock = Lock()

    def turn(self) -> None:
        now = self._now()
        if abs(now - self._looked_at) >= LOOK_EVERY:
            self._looked_at = now
            look_again(self._control, now, self._settings, self._lazily())
        with self._lock:
            self._leave_stuck()
            if not self._stopped.is_set():
                for channel_id in outbox.due_channels(self._control, now):
                    self._start(channel_id)

    @property
    def is_busy(self) -> bool:
        return any(work.is_alive for work in self._working.values())

    def stop(self, wait: float = GOODBYE) -> None:
        """Begin nothing more, and give what is under way a moment; what is cut short is sent again."""
        self._stopped.set()
        with self._lock:
            works = list(self._working.values())
        for work in works:
            work.errand.stop.set()
        until = monotonic() + wait
        for work in works:
            work.thread.join(max(0.0, until - monotonic()))

    def _lazily(self) -> Look:
        """Looks at details, and is made only when somebody asks: that takes a while."""
        made: list[Look] = []

        def look(happening: Happening) -> Details:
            if not made:
                made.append(self._look())
            return made[0](happening)

        return look

    def _start(self, channel_id: int) -> None:
        work = self._working.get(channel_id)
        stuck = [one for one in self._stuck.get(channel_id, []) if one.is_alive]
        self._stuck[channel_id] = stuck
        if (work is not None and work.is_alive) or len(stuck) >= MOST_STUCK:
            return
        errand = Errand()
        thread = Thread(target=self._drain, args=(channel_id, errand), daemon=True)  # it never keeps us alive
        self._working[channel_id] = Work(thread, errand)
        thread.start()

    def _drain(self, channel_id: int, errand: Errand) -> None:
        try:
            self._sender.drain(channel_id, errand)
        except Exception as fault:  # noqa: BLE001 (the edge of a thread)
            known = isinstance(fault, HoldfastError)
            reason = str(fault) if known else type(fault).__name__
            say(
                "delivery was cut short",
                level=logging.ERROR,
                trace=not known,
                action="deliver",
                reason=reason,
            )

    def _leave_stuck(self) -> None:
        """Go on without a thread whose other side neither answers nor hangs up."""
        for channel_id, work in list(self._working.items()):
            message = work.errand.message
            if message is None or not work.is_alive or not work.errand.is_overdue(self._patience):
                continue
            work.errand.is_left = True
            work.errand.stop.set()
            del self._working[channel_id]
            self._stuck.setdefault(channel_id, []).append(work)
            with suppress(HoldfastError):  # its lease runs out anyway
                self._sender.note(
                    message,
                    Later(english("It took longer than {seconds} s.", seconds=f"{self._patience:.0f}")),
                )
