"""Looks at what cannot be computed again: the inbox, the archive, the last backup."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from data.archive import chunks
from data.archive.imports import imports
from data.errors import HoldfastError
from data.intake.inbox import Inbox
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import backup, life
from engine.control import state
from engine.finding import Finding
from engine.lock import engine_lock, has_taken
from engine.rebuild import would_lose

LATE = timedelta(minutes=1)
BACKUP_LASTS = timedelta(days=7)


def examined(settings: Settings, engine: state.EngineState, now: datetime) -> Iterator[Finding]:
    try:
        yield inbox(settings, engine, now)
        yield archive(settings)
    except HoldfastError as damaged:
        yield Finding("wrong", str(damaged))
    yield last_backup(settings, now)


def inbox(settings: Settings, engine: state.EngineState, now: datetime) -> Finding:
    backlog = Inbox.open(settings).backlog(engine.position or 0)
    if not backlog.count or backlog.oldest_at is None:
        return Finding("fine", "Everything in the inbox was taken in.")
    age = max(timedelta(), now - backlog.oldest_at)
    told = (
        f"{backlog.count:,} deliveries ({backlog.bytes / 1e6:.1f} MB) wait in the inbox, the oldest for "
        f"{age.total_seconds():.0f} seconds"
    )
    if age < LATE:
        return Finding("fine", f"{told}.")
    if engine.is_alive(now):
        return Finding("note", f"{told}; the engine is catching up.")
    return Finding("note", f"{told}; start the engine and it takes them in, the oldest first.")


def archive(settings: Settings) -> Finding:
    """Whether a rebuild would give everything; what the engine holds open is not compared."""
    known, done = chunks.chunks(settings), imports(settings)
    size = sum(chunk.path.stat().st_size for chunk in known) / 1e6
    told = f"The archive holds {len(done):,} imports and {len(known):,} files of deliveries ({size:.1f} MB)"
    lost = missing(settings)
    if lost:
        return Finding("wrong", f"{told}, but a rebuild would lose {lost}; import or send them again.")
    return Finding("fine", f"{told}.")


def missing(settings: Settings) -> str:
    lock = engine_lock(settings)
    if not settings.warehouse.exists() or not has_taken(lock):
        return ""
    try:
        with Warehouse.open(settings) as warehouse:
            return would_lose(settings, warehouse, Inbox.open(settings))
    except HoldfastError:
        return ""  # the look at the warehouse says what is wrong with it
    finally:
        lock.release()


def last_backup(settings: Settings, now: datetime) -> Finding:
    last = backup.last(settings)
    if last is None and (life.is_demo(settings) or not settings.archive.exists()):
        return Finding("fine", "There is nothing yet that a backup would have to save.")
    if last is None:
        return Finding("note", "There is no backup yet: `python -m engine backup FOLDER`, on another disk.")
    told = f"The last backup was taken at {last.at:%Y-%m-%d %H:%M:%S} UTC, in {last.folder}"
    if now - last.at < BACKUP_LASTS:
        return Finding("fine", f"{told}.")
    return Finding("note", f"{told}, {(now - last.at).days} days ago: `python -m engine backup FOLDER`.")
