"""The timetable: when the engine's turns come, until it is told to stop."""

import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import monotonic, sleep

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from data.errors import EngineBusy, HoldfastError
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import clock
from engine.control import jobs, state
from engine.control.store import Control
from engine.duty import Duty
from engine.handover import told_settings
from engine.lock import engine_lock, has_taken
from engine.logs import say

GIVES_WAY = 5  # of niceness
GRACE = 5.0  # seconds that work under way is given to break off


def timetable(duty: Duty) -> BackgroundScheduler:
    """One thread for all that touches the warehouse, others for what must not wait for it."""
    executors = {
        name: ThreadPoolExecutor(1)
        for name in ("default", "heart", "life", "shelf", "pull", "delivery", "letters")
    }
    defaults = {"max_instances": 1, "coalesce": True, "misfire_grace_time": 3600}
    scheduler = BackgroundScheduler(executors=executors, job_defaults=defaults, timezone="UTC")
    scheduler.add_job(duty.turn, "interval", seconds=0.1)
    scheduler.add_job(duty.sweep, "interval", hours=1)
    scheduler.add_job(duty.beat, "interval", seconds=1, executor="heart")
    scheduler.add_job(duty.live, "interval", seconds=1, executor="life")
    scheduler.add_job(duty.shelve, "interval", seconds=1, executor="shelf")
    scheduler.add_job(duty.pull, "interval", seconds=1, executor="pull")
    scheduler.add_job(duty.deliver, "interval", seconds=1, executor="delivery")
    scheduler.add_job(duty.write_letters, "interval", seconds=20, executor="letters")
    return scheduler


def wait(stop: threading.Event, scheduler: BackgroundScheduler) -> None:
    """Wait for the end. The timetable goes by the wall clock: when that is set, its times are set anew."""
    offset = clock.offset()
    while not stop.wait(1):
        if abs(clock.offset() - offset) > 1:
            say("somebody set the clock", action="clock", seconds=clock.offset() - offset)
            offset = clock.offset()
            for job in scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))


def run(settings: Settings, *, watch_input: bool = False) -> None:
    """Be the engine of this home until told to stop (SIGTERM, Ctrl-C).

    Args:
        watch_input: stop as well when standard input closes, which it does when the parent dies.

    Raises:
        EngineBusy: another engine runs already.
    """
    stop = threading.Event()
    if watch_input:
        give_way()
    try:
        listen(stop, watch_input)
        serve(settings, stop)
    finally:
        stop.set()


def give_way() -> None:
    """Beside the pages: whoever looks at one goes before what the next edition will say."""
    with suppress(OSError, AttributeError):  # not every system has it, or lets it
        os.nice(GIVES_WAY)


def serve(settings: Settings, stop: threading.Event) -> None:
    control = Control.open(settings)
    with held(settings, control, stop) as is_held:
        if not is_held:
            return
        with Warehouse.open(settings) as warehouse, on_duty(settings, control):
            duty = Duty(settings, control, warehouse)
            scheduler = timetable(duty)
            scheduler.start()
            say("the engine runs", pid=os.getpid(), home=settings.home)
            wait(stop, scheduler)
            break_off(duty, scheduler)
            duty.leave_tidy()


def listen(stop: threading.Event, watch_input: bool) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if watch_input:
        threading.Thread(target=_stop_at_end_of_input, args=(stop,)).start()


def _stop_at_end_of_input(stop: threading.Event) -> None:
    """Looks up twice a second: a thread that blocks in a read outlives the engine and spoils its exit."""
    while not stop.is_set():
        ready, _, _ = select.select([0], [], [], 0.5)
        if ready and not os.read(0, 1024):
            stop.set()


@contextmanager
def held(settings: Settings, control: Control, stop: threading.Event) -> Iterator[bool]:
    """Hold the engine's lock; a command that is at work is waited for, another engine is not."""
    lock = engine_lock(settings)
    while not has_taken(lock):
        engine = state.read(control)
        if engine.is_alive(clock.now()):
            raise EngineBusy(f"An engine (pid {engine.pid}) is already running for {settings.home}.")
        if stop.wait(0.1):
            yield False
            return
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def on_duty(settings: Settings, control: Control) -> Iterator[None]:
    """Say that the engine runs, take up what a dead one left, and say goodbye at the end."""
    jobs.recover(control, clock.now())
    state.began(control, told_settings(settings), clock.now())
    try:
        yield
    finally:
        state.ended(control, clock.now())
        say("the engine stopped", pid=os.getpid())


def break_off(duty: Duty, scheduler: BackgroundScheduler) -> None:
    """Stop within seconds: work under way is interrupted and rolled back, not waited for."""
    duty.is_stopping = True
    scheduler.shutdown(wait=False)
    duty.delivery.stop()
    until = monotonic() + GRACE
    while duty.is_busy and monotonic() < until:
        duty.interrupt()
        sleep(0.05)
    if duty.is_busy:
        give_up(duty)


def give_up(duty: Duty) -> None:
    """Leave as a killed process would: the warehouse keeps all of a transaction or nothing."""
    try:
        state.ended(duty.control, clock.now())
    except HoldfastError as fault:
        say("could not say goodbye", reason=str(fault))
    os._exit(0)
