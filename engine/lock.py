"""The lock of a home: whoever holds it, and nobody else, works on the warehouse."""

from filelock import FileLock, Timeout

from data.settings import Settings


def engine_lock(settings: Settings) -> FileLock:
    """The system releases it when its holder dies, however it dies."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return FileLock(settings.home / "engine.lock", thread_local=False, preserve_lock_file=True)


def has_taken(lock: FileLock) -> bool:
    """Try to take the lock without waiting for it."""
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True
