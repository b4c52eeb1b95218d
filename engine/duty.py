"""What the engine does at each turn; the timetable says when, and one fault never stops the next turn."""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from data.errors import HoldfastError, TryAgain
from data.settings import Settings
from data.store.faults import has_shut
from engine import clock, life, work
from engine.control import jobs, state
from engine.control.store import Control
from engine.delivery.looking import looker
from engine.delivery.loop import Delivery
from engine.faults import in_a_sentence
from engine.freshness import Freshness, should_refresh
from engine.handover import carry_out_job
from engine.inflow import Inflow
from engine.judging import Judging
from engine.logs import say
from engine.sweep import sweep
from engine.train import is_due
from engine.training import Training
from metrics.patience import AT_ONCE, Patience

if TYPE_CHECKING:
    from data.store.warehouse import Warehouse

SAY_EVERY = timedelta(milliseconds=200)
TURN = timedelta(seconds=10)  # of round after round, before the sweep may come
# Counts follow every fact.
PATIENCE = Patience(lane=timedelta(seconds=10), estimates=timedelta(minutes=5), past=timedelta(hours=1))
ALONE = ("rebuild", "train")  # jobs that no training may go on beside
TRAIN_LOOK = timedelta(minutes=1)
TRAIN_FIRST = timedelta(seconds=45)  # after the start, when pages have their first edition


class Duty:
    """The engine's turns: what touches the warehouse on one thread, what does not on threads of its own."""

    def __init__(
        self,
        settings: Settings,
        control: Control,
        warehouse: "Warehouse",
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self.settings = settings
        self.control = control
        self.warehouse = warehouse
        self.now = now
        self.inflow = Inflow(settings, warehouse, now)
        self.delivery = Delivery(settings, control, now, look=lambda: looker(settings))
        self.fresh = Freshness()
        self.has_facts = work.has_facts(warehouse)
        self.troubles: dict[str, str] = {}
        self.doing: str | None = None
        self.is_stopping = False
        self.turns_under_way = 0
        self.training = Training(settings)
        self.judging = Judging(settings)
        self.train_look_at = clock.steady() + TRAIN_FIRST
        self.has_unsettled_job = False

    @property
    def is_busy(self) -> bool:
        return self.turns_under_way > 0 or self.training.is_busy or self.judging.is_busy

    def interrupt(self) -> None:
        """Break off what the warehouse is doing; whoever asked for it sees an error and rolls back."""
        self.warehouse.connection.interrupt()
        self.training.break_off()

    def beat(self) -> None:
        state.beat(self.control, self.now(), self.doing)
        self.tell_backlog()

    def tell_backlog(self) -> None:
        self.aside("backlog", lambda: self.inflow.tell(self.control))

    def turn(self) -> None:
        """Round after round while each publishes an edition; what else is due gets its turn in between."""
        until = clock.steady() + TURN
        while self.round() and clock.steady() < until:
            pass

    def round(self) -> bool:
        """First what was asked for, then what came in, then what time and new facts call for."""
        if self.has_unsettled_job:
            self.guarded("job", self.settle)
        while not self.is_stopping and self.guarded("job", self.do_next_job):
            pass
        self.guarded("intake", self.take_in)
        has_published = self.guarded("refresh", self.keep_fresh)
        self.guarded("judging", self.note_judged)
        self.guarded("train", self.keep_trained)
        return has_published

    def live(self) -> None:
        self.aside("life", lambda: life.live(self.settings, self.inflow.inbox, self.now()))

    def deliver(self) -> None:
        self.aside("delivery", self.delivery.turn)

    def write_letters(self) -> None:
        from engine.digest.posting import post_due  # noqa: PLC0415 (loads the metrics; not every engine has letters)

        self.aside("digest", lambda: post_due(self.settings, self.control, self.now()))

    def shelve(self) -> None:
        self.aside("archive", self.inflow.shelve)

    def pull(self) -> None:
        from engine.pull import pull_due  # noqa: PLC0415 (loads the connectors; not every engine has sources)

        self.aside("pull", lambda: pull_due(self.settings, self.inflow.inbox, self.now()))

    def leave_tidy(self) -> None:
        """What is not archived at the end stays in the inbox: it is as safe there."""
        with suppress(HoldfastError, OSError):
            self.inflow.shelve_rest()

    def sweep(self) -> None:
        self.guarded("sweep", lambda: sweep(self.settings, self.control, self.now()))

    def guarded(self, action: str, do: Callable[[], bool]) -> bool:
        """Do it; a fault is written down where people look, and the next turn comes all the same."""
        if self.is_stopping:
            return False
        before = self.doing
        self.turns_under_way += 1
        try:
            did = do()
            if not self.rests_after_failure(action):
                self.clear_trouble(action)
            return did
        except Exception as fault:  # noqa: BLE001 (the edge of a turn)
            if not self.is_stopping:
                self.note_trouble(action, fault)
                self.mend(fault)
            return False
        finally:
            self.doing = before
            self.turns_under_way -= 1

    def rests_after_failure(self, action: str) -> bool:
        """Whether nothing was done only because it failed a moment ago; its trouble is not over."""
        failures = {"refresh": self.fresh.failures, "intake": self.inflow.failures}
        return failures.get(action, 0) > 0

    def aside(self, action: str, do: Callable[[], object]) -> None:
        """The same for what runs beside the turns, on another thread, and leaves the warehouse alone."""
        if self.is_stopping:
            return
        try:
            do()
            self.clear_trouble(action)
        except Exception as fault:  # noqa: BLE001 (the edge of a turn)
            if not self.is_stopping:
                self.note_trouble(action, fault)

    def mend(self, fault: Exception) -> None:
        """Open the warehouse again where the fault shut it, as a full disk does."""
        if has_shut(fault):
            self.training.stop()
            with suppress(Exception):  # the next turn fails the same way, and tries again
                self.warehouse.reopen()

    def settle(self) -> bool:
        """A job whose end could not be written down, as on a full disk, is queued again."""
        jobs.recover(self.control, self.now())
        self.has_unsettled_job = False
        return True

    def do_next_job(self) -> bool:
        job = jobs.claim(self.control, os.getpid(), self.now())
        if job is None:
            return False
        self.doing, self.has_unsettled_job = job.kind, True
        self.settle_judging()
        self.warehouse.use_all_threads()
        if job.kind in ALONE:
            self.training.stop()
        try:
            result = carry_out_job(
                job, self.control, self.settings, self.warehouse, show=self.teller(job.job_id), now=self.now
            )
        except Exception as fault:
            self.leave(job, fault)
            if not isinstance(fault, HoldfastError):
                raise
        else:
            self.has_unsettled_job = False
            self.heed(job, result)
            say("did a job", action=job.kind, job=job.job_id)
        return True

    def leave(self, job: jobs.Job, fault: Exception) -> None:
        """A job that was cut short by our stopping goes back to the queue; any other fault ends it."""
        if self.is_stopping:
            jobs.put_back(self.control, job.job_id)
            return
        reason = str(fault) if isinstance(fault, HoldfastError) else in_a_sentence(job.kind, fault)
        jobs.fail(self.control, job.job_id, reason, self.now())
        self.has_unsettled_job = False
        say("a job failed", action=job.kind, job=job.job_id, reason=reason)

    def heed(self, job: jobs.Job, result: work.Result) -> None:
        self.has_facts = self.has_facts or work.has_facts(self.warehouse)
        self.inflow.refind()
        if job.kind in ("import", "replay"):
            self.fresh = self.fresh.with_change(asked_for=True)
        if "edition" in result:
            self.note_edition(result, of_the_past=bool(job.arguments.get("as_of")))
            self.note_alerts(result.get("alerts_problem"))

    def teller(self, job_id: int) -> work.Show:
        """Writes a job's progress down, but not more often than anybody could read it."""
        told_at = datetime.min

        def tell(progress: str) -> None:
            nonlocal told_at
            if self.is_stopping:
                raise TryAgain("The engine is stopping.")
            if clock.steady() - told_at >= SAY_EVERY:
                told_at = clock.steady()
                with suppress(HoldfastError):  # progress that cannot be told must not end the work
                    jobs.report(self.control, job_id, progress)

        return tell

    def take_in(self) -> bool:
        """What waits in the inbox, until somebody asks for something else."""
        self.doing = "intake"
        drained = self.inflow.take_in(lambda: not self.is_stopping and not jobs.has_queued(self.control))
        if drained.deliveries:
            self.has_facts = self.has_facts or work.has_facts(self.warehouse)
            self.fresh = self.fresh.with_change()
            self.tell_backlog()  # before an edition says what they brought
            say("took deliveries in", level=logging.DEBUG, action="intake", **vars(drained))
        return drained.deliveries > 0

    def keep_fresh(self) -> bool:
        reason = should_refresh(self.fresh, clock.steady())
        if reason is None or not self.has_facts:  # an empty home offers a beginning instead
            return False
        self.doing = "refresh"
        began, now = clock.steady(), self.now()
        patience = replace(PATIENCE, lane=AT_ONCE) if reason == "owed" else PATIENCE
        try:
            result = work.publish(
                self.settings, self.warehouse, None, now, full=False, patience=patience, is_alone=False
            )
        except Exception:
            self.fresh = self.fresh.with_failure(clock.steady(), clock.steady() - began)
            raise
        self.note_edition(result, of_the_past=False)
        self.settle_judging()
        self.judging.begin(result["edition"], now)
        return True

    def settle_judging(self) -> None:
        """Wait for the edition before, and say what came of it, before the next one takes its place."""
        self.judging.wait()
        self.note_judged()

    def note_judged(self) -> bool:
        """Whether the rules were judged; the edition is out all the same."""
        ended = self.judging.ended()
        if ended is not None:
            [problem] = ended
            self.note_alerts(problem)
        return ended is not None

    def keep_trained(self) -> bool:
        """Train the churn model when a week begins; looked at once a minute, and not at the very start."""
        if model := self.training.ended():
            self.fresh = self.fresh.with_change(asked_for=True)  # what it says is told with the next edition
            say("trained the churn model", action="train", model=model.name)
            return True
        if self.training.is_busy or not self.has_facts or clock.steady() < self.train_look_at:
            return False
        self.train_look_at = clock.steady() + TRAIN_LOOK
        return is_due(self.settings, self.warehouse, self.now()) and self.begin_training()

    def begin_training(self) -> bool:
        """What has just come in is counted first: after the next refresh it is looked at again."""
        self.warehouse.use_all_threads()
        has_begun = self.training.begin(self.warehouse)
        if not has_begun:
            self.train_look_at = clock.steady()
        return has_begun

    def note_edition(self, result: work.Result, *, of_the_past: bool) -> None:
        took = timedelta(seconds=result["seconds"])
        self.fresh = self.fresh.with_refresh(clock.steady(), took, of_the_past, bool(result.get("owes")))
        state.refreshed(self.control, result["edition"], self.now(), result["seconds"])
        self.clear_trouble("refresh")
        say("published an edition", level=logging.DEBUG, action="refresh", seconds=result["seconds"])

    def note_alerts(self, problem: str | None) -> None:
        if problem:
            self.troubles["alerts"] = problem
            self.tell_troubles(problem)
        else:
            self.clear_trouble("alerts")

    def note_trouble(self, action: str, fault: Exception) -> None:
        sentence = str(fault) if isinstance(fault, HoldfastError) else in_a_sentence(action, fault)
        if self.troubles.get(action) != sentence:
            known = isinstance(fault, HoldfastError)
            say("something is wrong", level=logging.ERROR, trace=not known, action=action, reason=sentence)
        self.troubles[action] = sentence
        self.tell_troubles(sentence)

    def clear_trouble(self, action: str) -> None:
        if self.troubles.pop(action, None):
            self.tell_troubles(next(iter(self.troubles.values()), None))

    def tell_troubles(self, sentence: str | None) -> None:
        with suppress(HoldfastError):  # a busy control store must not end the turn; the next trouble is told
            state.tell_trouble(self.control, sentence, self.now())
