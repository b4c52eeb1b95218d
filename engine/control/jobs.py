"""The queue of work for the engine: submitted by anyone, claimed by whoever holds the engine's lock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, select, update

from engine.control.store import Control
from engine.control.tables import JobRow

State = Literal["queued", "running", "done", "failed"]
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Job:
    """A job as it was when it was read."""

    job_id: int
    kind: str
    arguments: dict[str, Any]
    state: State
    attempts: int
    progress: str | None
    result: dict[str, Any] | None
    error: str | None
    created_at: datetime

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")


def _job(row: JobRow) -> Job:
    state: Any = row.state
    return Job(
        job_id=row.job_id,
        kind=row.kind,
        arguments=row.arguments,
        state=state,
        attempts=row.attempts,
        progress=row.progress,
        result=row.result,
        error=row.error,
        created_at=row.created_at,
    )


def submit(control: Control, kind: str, arguments: dict[str, Any], now: datetime) -> int:
    row = JobRow(kind=kind, arguments=arguments, state="queued", attempts=0, created_at=now)
    with control.begin() as session:
        session.add(row)
    return row.job_id


def find(control: Control, job_id: int) -> Job | None:
    with control.begin() as session:
        row = session.get(JobRow, job_id)
        return _job(row) if row else None


def claim(control: Control, pid: int, now: datetime, job_id: int | None = None) -> Job | None:
    """Take the oldest queued job (or the one named) to carry it out; None when there is none to take."""
    queued = select(JobRow.job_id).where(JobRow.state == "queued").order_by(JobRow.job_id).limit(1)
    queued = queued.with_for_update(
        skip_locked=True
    )  # SQLite lets one write at a time, and needs no such lock
    if job_id is not None:
        queued = queued.where(JobRow.job_id == job_id)
    taken = (
        update(JobRow)
        .where(JobRow.job_id == queued.scalar_subquery(), JobRow.state == "queued")
        .values(state="running", attempts=JobRow.attempts + 1, started_at=now, claimed_by=pid)
        .returning(JobRow)
    )
    if not has_queued(control):
        return None
    with control.begin() as session:
        row = session.execute(taken).scalar_one_or_none()
        return _job(row) if row else None


def has_queued(control: Control) -> bool:
    """Asked ten times a second, so it costs as little as it can and takes no lock."""
    with control.look() as connection:
        found = connection.exec_driver_sql("select 1 from jobs where state = 'queued' limit 1")
        return found.first() is not None


def report(control: Control, job_id: int, progress: str) -> None:
    _change(control, job_id, progress=progress)


def finish(control: Control, job_id: int, result: dict[str, Any], now: datetime) -> None:
    _change(control, job_id, state="done", result=result, error=None, finished_at=now)


def fail(control: Control, job_id: int, error: str, now: datetime) -> None:
    _change(control, job_id, state="failed", error=error, finished_at=now)


def put_back(control: Control, job_id: int) -> None:
    """Return a job that its engine had to leave unfinished; that attempt does not count."""
    _change(control, job_id, state="queued", claimed_by=None, attempts=JobRow.attempts - 1)


def _change(control: Control, job_id: int, **values: Any) -> None:
    with control.begin() as session:
        session.execute(update(JobRow).where(JobRow.job_id == job_id).values(**values))


def withdraw(control: Control, job_id: int) -> bool:
    """Take back a job that nobody has begun; false when it is too late for that."""
    unclaimed = (
        delete(JobRow).where(JobRow.job_id == job_id, JobRow.state == "queued").returning(JobRow.job_id)
    )
    with control.begin() as session:
        return session.execute(unclaimed).scalar_one_or_none() is not None


def recover(control: Control, now: datetime) -> int:
    """Queue again what a dead process left running. Call it only while holding the engine's lock.

    A job that has killed its engine several times is failed instead of killing the next one.
    """
    orphans = update(JobRow).where(JobRow.state == "running")
    spent = (
        f"The engine died {MOST_ATTEMPTS} times while doing this; nothing of it was kept. "
        "Free memory or disk space, or divide the work, and try again."
    )
    with control.begin() as session:
        session.execute(
            orphans.where(JobRow.attempts >= MOST_ATTEMPTS).values(
                state="failed", error=spent, finished_at=now
            )
        )
        requeued = session.execute(
            orphans.values(state="queued", claimed_by=None).returning(JobRow.job_id)
        ).all()
        return len(requeued)


def forget_unfinished(control: Control, now: datetime) -> None:
    """Fail what was never done: the store was brought back from a backup, and nobody waits for it."""
    unfinished = update(JobRow).where(JobRow.state.in_(("queued", "running")))
    error = "The backup was taken before this was done; ask for it again."
    with control.begin() as session:
        session.execute(unfinished.values(state="failed", error=error, finished_at=now))


def waiting(control: Control) -> int:
    """How many jobs are queued or running."""
    unfinished = select(func.count()).where(JobRow.state.in_(("queued", "running")))
    with control.begin() as session:
        return session.execute(unfinished).scalar_one()


def prune(control: Control, now: datetime, keep: timedelta = timedelta(days=7)) -> None:
    with control.begin() as session:
        session.execute(delete(JobRow).where(JobRow.finished_at < now - keep))
