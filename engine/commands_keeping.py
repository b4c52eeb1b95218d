"""The commands that keep what came in: rebuild, backup, restore."""

# Rooms are loaded by the commands that need them, so that every command starts quickly.
# ruff: noqa: PLC0415

from pathlib import Path
from typing import Annotated

import typer

from data.errors import EngineBusy
from data.settings import Settings, load
from engine.terminal import progress, tell, tell_edition


def register(app: typer.Typer) -> None:
    for command in (rebuild, backup, restore):
        app.command()(command)


def rebuild(
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Even where the archive lacks something that the warehouse has")
    ] = False,
) -> None:
    """Make the warehouse afresh from the archive; the metrics come out the same."""
    from engine import handover

    with progress() as show:
        result = handover.carry_out(load(), "rebuild", {"anyway": anyway}, show=show)
    tell(f"rebuilt from {result['imports']:,} imports and {result['deliveries']:,} deliveries")
    if "edition" in result:
        tell_edition(result)


def backup(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one that holds a backup to renew")],
) -> None:
    """Copy the control store, the inbox, the archive and the settings, while everything runs."""
    from engine import clock
    from engine.backup import backup as take

    with progress() as show:
        manifest = take(load(), folder.resolve(), now=clock.now(), show=show)
    tell(f"backed up {len(manifest.files):,} files, {manifest.bytes / 1e6:.1f} MB, in {folder}")


def restore(
    folder: Annotated[Path, typer.Argument(help="A folder that `backup` wrote")],
    force: Annotated[
        bool, typer.Option("--force", help="Move aside what is in the home, if it is not empty")
    ] = False,
) -> None:
    """Bring an empty home back as it was when the backup was taken; nothing else may run meanwhile."""
    from engine import clock
    from engine.lock import engine_lock, has_taken
    from engine.restore import restore as bring_back

    settings = load()
    lock = engine_lock(settings)
    if not has_taken(lock):
        raise EngineBusy(f"Something works in {settings.home}; stop everything, then restore.")
    try:
        with progress() as show:
            result = bring_back(settings, folder.resolve(), force=force, now=clock.now(), show=show)
    finally:
        lock.release()
    tell_restored(settings, folder, result["taken_at"], result["aside"])
    tell(f"rebuilt from {result['imports']:,} imports and {result['deliveries']:,} deliveries")


def tell_restored(settings: Settings, folder: Path, taken_at: str, aside: str | None) -> None:
    tell(f"{settings.home} is as it was at {taken_at}Z")
    if aside:
        tell(f"what was there before is in {aside}")
    for file in folder.glob("holdfast-*.toml"):
        tell(f"the settings of that time are in {file}")
