"""Puts a rebuilt warehouse in the place of the old one; a kill in between is finished at the next opening."""

from pathlib import Path

from data import disk
from data.settings import Settings


def building_site(settings: Settings) -> Settings:
    """The same settings for a warehouse that is being built beside the present one."""
    return settings.model_copy(update={"home": settings.home / "rebuild"})


def rebuilt(settings: Settings) -> Path:
    """Where a finished warehouse waits to take the place of the present one."""
    return settings.home / "warehouse.rebuilt.duckdb"


def hand_in(site: Settings, settings: Settings) -> None:
    """Declare a warehouse finished and closed; from here on it is the warehouse of this home."""
    disk.put_in_place(site.warehouse, rebuilt(settings))


def finish(settings: Settings) -> None:
    """Let a finished warehouse take its place. Nobody may have the old one open."""
    fresh = rebuilt(settings)
    if not fresh.exists():
        return
    settings.warehouse.with_name(f"{settings.warehouse.name}.wal").unlink(missing_ok=True)
    disk.put_in_place(fresh, settings.warehouse)


def set_aside(settings: Settings) -> Path:
    """Give a warehouse that cannot be read another name, so that somebody may look at it."""
    number = 1 + len(list(settings.home.glob("warehouse.unreadable-*.duckdb")))
    aside = settings.home / f"warehouse.unreadable-{number}.duckdb"
    wal = settings.warehouse.with_name(f"{settings.warehouse.name}.wal")
    if wal.exists():
        wal.rename(aside.with_name(f"{aside.name}.wal"))
    settings.warehouse.rename(aside)
    disk.sync(settings.home)
    return aside
