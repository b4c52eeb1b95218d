"""Looks at a home from outside and says what is well, what to know and what to mend."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from data.errors import EngineBusy, HoldfastError, NoEdition
from data.settings import Settings, config_file, load
from data.store.warehouse import Warehouse
from engine import clock, door, keeping
from engine.control import state
from engine.control.store import Control, is_sound, place_of
from engine.delivery.examined import examined as channels
from engine.finding import Finding
from engine.lock import engine_lock, has_taken
from metrics import read

LEAST_FREE = 500_000_000
MANY_SEGMENTS = 200
FAR_APART = timedelta(days=3 * 365)
STALE_AFTER = timedelta(minutes=3)


def examine() -> Iterator[Finding]:
    """All findings, in the order in which one would mend them."""
    try:
        settings = load()
    except HoldfastError as bad:
        yield Finding("wrong", str(bad))
        return
    yield settings_found(settings)
    yield home(settings)
    yield disk(settings)
    try:
        yield control_store(settings)
        engine = state.read(Control.open(settings))
    except HoldfastError as bad:
        yield Finding("wrong", str(bad))
        return
    yield from the_engine(engine, settings, clock.now())
    yield from channels(settings)
    yield from door.examined(settings)
    yield warehouse(settings)
    yield from keeping.examined(settings, engine, clock.now())
    yield from edition(settings, engine, clock.now())


def settings_found(settings: Settings) -> Finding:
    file = config_file()
    where = f"from {file}" if file.is_file() else f"all default or from HOLDFAST_* ({file} does not exist)"
    return Finding("fine", f"Settings are valid, {where}; days begin at midnight in {settings.timezone}.")


def home(settings: Settings) -> Finding:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        writable = os.access(settings.home, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if writable:
        return Finding("fine", f"The home {settings.home} can be written to.")
    return Finding(
        "wrong",
        f"The home {settings.home} cannot be written to; change its owner, "
        "or set HOLDFAST_HOME to another folder.",
    )


def disk(settings: Settings) -> Finding:
    """A refresh may need as much room again as the warehouse takes."""
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    needed = max(LEAST_FREE, 2 * _size(settings))
    told = f"{free / 1e9:.1f} GB free on the disk of {settings.home}"
    if free >= needed:
        return Finding("fine", f"{told}.")
    return Finding("wrong", f"Only {told}; free at least {needed / 1e9:.1f} GB or move the home elsewhere.")


def _size(settings: Settings) -> int:
    return settings.warehouse.stat().st_size if settings.warehouse.exists() else 0


def control_store(settings: Settings) -> Finding:
    place = place_of(settings)
    if is_sound(Control.open(settings)):
        how = "answers" if settings.control else "is sound"
        return Finding("fine", f"The control store, {place}, {how}.")
    return Finding(
        "wrong",
        f"The control store, {place}, is damaged; stop everything, restore a backup, "
        "or move it away and start again: what people decided is lost then.",
    )


def the_engine(engine: state.EngineState, settings: Settings, now: datetime) -> Iterator[Finding]:
    yield alive(engine, settings, now)
    if engine.last_error:
        yield Finding(
            "wrong", f"The engine reported at {engine.last_error_at:%Y-%m-%d %H:%M:%S}: {engine.last_error}"
        )


def alive(engine: state.EngineState, settings: Settings, now: datetime) -> Finding:
    start = (
        "start it with `make run`" if settings.engine == "beside" else "start it with `python -m engine run`"
    )
    if engine.is_alive(now):
        return Finding(
            "fine", f"The engine runs (pid {engine.pid}, since {engine.started_at:%Y-%m-%d %H:%M:%S} UTC)."
        )
    if engine.has_died:
        return Finding("wrong", f"The engine (pid {engine.pid}) died; {start} and it takes up where it was.")
    if engine.pid is not None:
        return Finding(
            "wrong",
            f"The engine (pid {engine.pid}) has not answered since {engine.heartbeat_at:%H:%M:%S} UTC; "
            f"stop it (kill -9 {engine.pid}), then {start}.",
        )
    return Finding("note", f"No engine runs, so nothing is refreshed by itself; {start}.")


def warehouse(settings: Settings) -> Finding:
    if not settings.warehouse.exists():
        return Finding("note", "No facts yet: `python -m engine import FOLDER`, or `python -m engine demo`.")
    lock = engine_lock(settings)
    if not has_taken(lock):
        return Finding("fine", f"The warehouse ({_size(settings) / 1e6:.1f} MB) is in use, as it should be.")
    try:
        with Warehouse.open(settings):
            return Finding("fine", f"The warehouse ({_size(settings) / 1e6:.1f} MB) opens.")
    except EngineBusy as held:
        return Finding("wrong", f"{held} It is no Holdfast engine: close the program that opened it.")
    except HoldfastError as damaged:
        return Finding("wrong", f"{damaged} Move {settings.warehouse} away and import again.")
    finally:
        lock.release()


def edition(settings: Settings, engine: state.EngineState, now: datetime) -> Iterator[Finding]:
    mend = "Publish another: `python -m engine refresh`."
    try:
        name = read.current(settings)
        info = read.edition(settings, name) if name else None
    except HoldfastError as gone:
        yield Finding("wrong", f"{gone} {mend}")
        return
    except Exception:  # noqa: BLE001 (however a file is damaged, that is what was asked)
        yield Finding("wrong", f"The newest edition in {settings.published} is damaged. {mend}")
        return
    if info is None:
        yield Finding("note", str(NoEdition()))
        return
    yield freshness(info.published_at, engine, now)
    yield from rejected(info.waiting, info.quarantined)
    yield from too_wide(settings, info.edition)


def too_wide(settings: Settings, name: str) -> Iterator[Finding]:
    """What makes every refresh dear: an attribute with very many values, an account far in the past."""
    for dimension, count in read.segments(settings, name)["dimension"].value_counts().iter_rows():
        if count > MANY_SEGMENTS:
            yield Finding(
                "note",
                f"{dimension!r} has {count:,} segments, and every metric is computed for each; "
                "leave it out of the setting segments if nobody compares them.",
            )
    oldest = read.accounts(settings, name, where=read.AccountFilter(oldest_first=True), limit=2)
    first, *others = oldest.select("account_id", "created_at").rows() or [("", None)]
    if others and others[0][1] - first[1] > FAR_APART:
        yield Finding(
            "note",
            f"Account {first[0]!r} was created on {first[1]:%Y-%m-%d}, years before any other, and every "
            "metric has rows from that day on; if the date is wrong, mend it at its source.",
        )


def freshness(published_at: datetime, engine: state.EngineState, now: datetime) -> Finding:
    age = now - published_at
    told = f"The newest edition was published at {published_at:%Y-%m-%d %H:%M:%S} UTC"
    allowed = STALE_AFTER + timedelta(seconds=6 * (engine.refresh_seconds or 0))
    if engine.is_alive(now) and age > allowed:
        return Finding(
            "wrong",
            f"{told}, {age.total_seconds() / 60:.0f} minutes ago, although the engine runs; "
            "see what it reported, or restart it.",
        )
    return Finding("fine", f"{told}.")


def rejected(waiting: int, quarantined: int) -> Iterator[Finding]:
    if quarantined:
        yield Finding(
            "note",
            f"{quarantined} rows are set aside; `python -m engine export quarantine` gives each "
            "one's reason; mend them and import again.",
        )
    if waiting:
        yield Finding("note", f"{waiting} facts wait for their account; import the accounts that they name.")
