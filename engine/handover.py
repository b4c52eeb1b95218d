"""Gets work done by whoever may: by this process while no engine runs, else by the engine; same outcome."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from time import sleep
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from data.errors import EngineBusy, GiveUp, HoldfastError
from data.settings import Settings
from engine import clock
from engine.control import jobs, state
from engine.control.store import Control
from engine.lock import engine_lock, has_taken
from engine.work import Order, Result, Show, perform

if TYPE_CHECKING:
    from data.store.warehouse import Warehouse

LOOK_EVERY = 0.05
PATIENCE = timedelta(seconds=30)
NO_MATTER = {
    "home",
    "control",
    "host",
    "port",
    "engine",
    "memory",
    "archive_after_seconds",
    "public_url",
    "sign_in",
}
Now = Callable[[], datetime]


def carry_out(
    settings: Settings, kind: str, arguments: dict[str, Any], *, show: Show, now: Now = clock.now
) -> Result:
    """Do the work or have it done, and wait for the result.

    Raises:
        HoldfastError: whatever the work raised, here or in the engine, in the same words.
        EngineBusy: the engine holds the warehouse and has stopped answering.
    """
    return Errand(settings, kind, arguments, show, now).run()


class Errand:
    """One piece of work on its way, and the job it was handed over as, if it was."""

    def __init__(
        self, settings: Settings, kind: str, arguments: dict[str, Any], show: Show, now: Now
    ) -> None:
        self.settings = settings
        self.kind = kind
        self.arguments = arguments
        self.show = show
        self.now = now
        self.control = Control.open(settings)
        self.job_id: int | None = None
        self.asked_at = now()

    def run(self) -> Result:
        lock = engine_lock(self.settings)
        try:
            while True:
                result = self.look() if self.job_id else None
                result = result if result is not None else self.try_here(lock)
                if result is not None:
                    return result
                sleep(LOOK_EVERY)
        except KeyboardInterrupt:
            self.withdraw()
            raise

    def look(self) -> Result | None:
        """The result of the job that was handed over, once there is one."""
        job = jobs.find(self.control, self.job_id or 0)
        if job is None:
            raise GiveUp("The job was removed from the control store before it was done; try again.")
        if job.state == "failed":
            raise GiveUp(job.error)
        self.show(job.progress or ("waiting for the engine" if job.state == "queued" else "at work"))
        return job.result if job.state == "done" else None

    def try_here(self, lock: FileLock) -> Result | None:
        """Do it in this process if nobody holds the warehouse, else see who does."""
        engine = state.read(self.control)
        if not engine.is_alive(self.now()) and has_taken(lock):
            try:
                return self.do_here(engine)
            finally:
                lock.release()
        if engine.is_alive(self.now()):
            self.hand_over(engine)
        elif engine.has_process() and not engine.is_speaking(self.now() - PATIENCE):
            self.complain(engine)
        else:
            self.show("waiting for another command to finish")
        return None

    def do_here(self, engine: state.EngineState) -> Result | None:
        if engine.pid is not None:
            state.ended(self.control, self.now())
        jobs.recover(self.control, self.now())
        job = jobs.claim(self.control, os.getpid(), self.now(), self.job_id) if self.job_id else None
        if self.job_id and not job:
            return None
        with self.opened() as warehouse:
            result = self.take_over(job, warehouse) if job else self.do_alone(warehouse)
            self.tell_position(warehouse)
            return result

    def tell_position(self, warehouse: "Warehouse") -> None:
        """So that nobody who looks takes what was taken in for a backlog."""
        from data.intake.inbox import Inbox  # noqa: PLC0415 (loads SQLAlchemy's dialect; most homes have none)
        from engine.drain import position_of  # noqa: PLC0415

        if (self.settings.home / "inbox.sqlite").exists():
            epoch = Inbox.open(self.settings).epoch
            state.taken_in(self.control, position_of(warehouse, epoch))

    def opened(self) -> "Warehouse":
        from data.store.warehouse import Warehouse  # noqa: PLC0415 (loads DuckDB; a handover needs none)
        from engine.rebuild import opened  # noqa: PLC0415

        return opened(self.settings) if self.kind == "rebuild" else Warehouse.open(self.settings)

    def do_alone(self, warehouse: "Warehouse") -> Result:
        order = Order(self.kind, self.arguments, self.asked_at, self.now())
        return perform(order, self.settings, warehouse, self.show)

    def take_over(self, job: jobs.Job, warehouse: "Warehouse") -> Result:
        """Do here what an engine was asked to do that is no more."""
        try:
            return carry_out_job(job, self.control, self.settings, warehouse, show=self.show, now=self.now)
        except HoldfastError as refused:
            jobs.fail(self.control, job.job_id, str(refused), self.now())
            raise

    def hand_over(self, engine: state.EngineState) -> None:
        if self.job_id is None:
            insist_on_same_settings(engine, self.settings)
            self.job_id = jobs.submit(self.control, self.kind, self.arguments, self.asked_at)

    def complain(self, engine: state.EngineState) -> None:
        self.withdraw()
        raise EngineBusy(
            f"The engine (pid {engine.pid}) holds the warehouse but has not answered since "
            f"{engine.heartbeat_at:%H:%M:%S} UTC; stop it (kill -9 {engine.pid}) and try again."
        )

    def withdraw(self) -> None:
        if self.job_id:
            jobs.withdraw(self.control, self.job_id)


def carry_out_job(
    job: jobs.Job, control: Control, settings: Settings, warehouse: "Warehouse", *, show: Show, now: Now
) -> Result:
    """Do a claimed job and write its result down; a fault is for the caller to write down."""
    result = perform(Order(job.kind, job.arguments, job.created_at, now()), settings, warehouse, show)
    jobs.finish(control, job.job_id, result, now())
    return result


def told_settings(settings: Settings) -> dict[str, Any]:
    """The settings that decide what the numbers are, as the engine writes them down."""
    told: dict[str, Any] = settings.model_dump(mode="json", exclude=NO_MATTER)
    return told


def insist_on_same_settings(engine: state.EngineState, settings: Settings) -> None:
    """Numbers must not depend on which process computes them."""
    here, there = told_settings(settings), engine.settings or {}
    differing = [name for name in here if here[name] != there.get(name)]
    if differing:
        name = differing[0]
        raise GiveUp(
            f"The engine (pid {engine.pid}) was started with {name} = {there.get(name)!r}, "
            f"but here it is {here[name]!r}; restart the engine so that both agree."
        )
