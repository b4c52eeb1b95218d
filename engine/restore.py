"""Brings a home back from a backup: files checked and copied, then the warehouse made again."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from data import disk
from data.errors import BadInput
from data.intake.inbox import Inbox
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.backup import Copied, Manifest, Show, checksum, manifest_of
from engine.control import jobs, state
from engine.control.copying import copy_in, copy_out, is_empty
from engine.control.store import Control, place_of
from engine.drain import drain
from engine.rebuild import rebuild
from engine.shelve import Shelf

UNFINISHED = "restore-unfinished"
KEPT = ("engine.lock", "control.lock", "inbox.lock", UNFINISHED)


def restore(settings: Settings, folder: Path, *, force: bool, now: datetime, show: Show) -> dict[str, Any]:
    """Bring the home back as it was when the backup was taken. Call it only while holding the engine's lock.

    Raises:
        BadInput: the folder holds no whole backup, or the home is not empty.
    """
    manifest = manifest_of(folder)
    if manifest is None:
        raise BadInput(f"The backup in {folder} was begun and never became whole; nothing was restored.")
    verify(folder, manifest, show)
    insist_on_room(settings, force=force)
    aside = clear(settings, force=force, now=now)
    (settings.home / UNFINISHED).touch()
    for copied in manifest.files:
        if copied.goes_to:
            _put(folder, copied, settings.home / copied.goes_to)
    if settings.control:
        aside = fill_server(settings, aside, now)
    done = begin_again(settings, now, show)
    (settings.home / UNFINISHED).unlink()
    return done | {"taken_at": manifest.taken_at.isoformat(), "aside": str(aside) if aside else None}


def verify(folder: Path, manifest: Manifest, show: Show) -> None:
    """Look at every file before anything is touched.

    Raises:
        BadInput: a file is missing or is not what was written.
    """
    for number, copied in enumerate(manifest.files):
        path = folder / copied.name
        show(f"checking: {number:,} of {len(manifest.files):,} files")
        if not path.is_file():
            raise BadInput(f"{path} is missing from the backup; nothing was restored.")
        if checksum(path) != copied.sha256:
            raise BadInput(f"{path} is damaged (its checksum differs); nothing was restored.")


def insist_on_room(settings: Settings, *, force: bool) -> None:
    """What somebody decided is not replaced unless somebody says so.

    Raises:
        BadInput: the server that is the control store holds something, and nobody said that it may go.
    """
    may_go = force or (settings.home / UNFINISHED).exists()
    if settings.control and not may_go and not is_empty(Control.open(settings)):
        raise BadInput(
            f"The control store, {place_of(settings)}, is not empty; give --force to replace what is there."
        )


def fill_server(settings: Settings, aside: Path | None, now: datetime) -> Path | None:
    """Put the rows of the backup's file into the server; what it held is kept in a file aside."""
    control, file = Control.open(settings), settings.home / "control.sqlite"
    if not is_empty(control):
        aside = aside or aside_of(settings, now)
        disk.make_folder(aside)
        copy_out(control, aside / "control-server.sqlite")
    if file.exists():
        copy_in(file, control)
        file.unlink()
    return aside


def clear(settings: Settings, *, force: bool, now: datetime) -> Path | None:
    """Make room; what was in the home is moved aside, never removed.

    Raises:
        BadInput: there is something in the home, and nobody said that it may go.
    """
    disk.make_folder(settings.home)
    found = [path for path in settings.home.iterdir() if path.name not in KEPT]
    if not found:
        return None
    if not force and not (settings.home / UNFINISHED).exists():
        raise BadInput(f"The home {settings.home} is not empty; give --force to move aside what is there.")
    aside = aside_of(settings, now)
    aside.mkdir()
    for path in found:
        if not path.name.startswith("before-restore-"):
            path.rename(aside / path.name)
    return aside


def aside_of(settings: Settings, now: datetime) -> Path:
    return settings.home / f"before-restore-{now:%Y%m%dT%H%M%S%f}"


def _put(folder: Path, copied: Copied, target: Path) -> None:
    disk.make_folder(target.parent)
    shutil.copyfile(folder / copied.name, target)
    target.chmod(0o600)
    disk.sync(target)
    disk.sync(target.parent)


def begin_again(settings: Settings, now: datetime, show: Show) -> dict[str, Any]:
    """Take everything in; the inbox is empty then, and begins a new epoch: ids since were given to others."""
    forget_the_engine(settings, now)
    inbox = Inbox.open(settings)
    with Warehouse.open(settings) as warehouse:
        done = rebuild(settings, warehouse, inbox, show=show)
        shelf = Shelf(settings, inbox)
        taken = 0
        while (drained := drain(warehouse, inbox)).deliveries:
            taken += drained.deliveries
            show(f"{taken:,} deliveries from the inbox")
        shelf.shelve_all(drained.position)
    inbox.begin_epoch()
    return {"deliveries": done.deliveries + taken, "imports": done.imports}


def forget_the_engine(settings: Settings, now: datetime) -> None:
    """The engine and the work under way of the day of the backup are no more."""
    control = Control.open(settings)
    state.ended(control, now)
    jobs.forget_unfinished(control, now)
