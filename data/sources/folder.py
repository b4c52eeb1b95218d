"""Watches a folder for files that are new or were changed, and has them imported once nobody writes them."""

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import Field, field_validator

from data import sources
from data.errors import BadInput
from data.settings import known_zone
from data.sources import Due, Found
from data.sources.watched import ledger, units
from data.speech import english

TITLE = "Folder"
ABOUT = (
    "Watches a folder on this machine, such as one that another system exports to or uploads into. Every "
    "file named for a shape (events.csv, events-2025-03-01.csv.gz, accounts.parquet) is imported when it is "
    "new or was changed; files with other names are read through a mapping (accounts.sql) beside them."
)


class Params(sources.Params):
    folder: str = Field(description="The folder, such as /srv/exports")
    every: int = Field(10, ge=1, le=7 * 86_400, description="Seconds between two looks for something new")
    quiet: int = Field(
        10,
        ge=0,
        le=86_400,
        description="Seconds for which a file must not have changed: it may be being written",
    )
    zone: str | None = Field(None, description="The zone of times without an offset, such as Europe/Warsaw")

    @field_validator("folder")
    @classmethod
    def folder_is_absolute(cls, folder: str) -> str:
        if not Path(folder).expanduser().is_absolute():
            raise ValueError(english("write the whole path, from /"))
        return folder

    @field_validator("zone")
    @classmethod
    def zone_exists(cls, zone: str | None) -> str | None:
        return known_zone(zone) if zone else None

    @property
    def place(self) -> Path:
        return Path(self.folder).expanduser()


def check(params: Params) -> str:
    """What lies in the folder.

    Raises:
        BadInput: there is no such folder, or it may not be read.
    """
    found = _looked_over(params)
    named = ", ".join(unit.name for unit in found.units[:5]) or "nothing that can be imported yet"
    more = f" and {len(found.units) - 5} more" if len(found.units) > 5 else ""
    left = f"; {found.problems[0]}" if found.problems else ""
    return f"{params.place} holds {named}{more}{left}."


def find(params: Params, cursor: str | None, now: datetime) -> Found:
    """What is to be imported now, and the cursor as this look leaves it.

    Raises:
        BadInput: there is no such folder, or it may not be read.
    """
    known, found = ledger.read(cursor), _looked_over(params)
    quiet = timedelta(seconds=params.quiet)
    looks = {unit.name: unit.looks for unit in found.units}
    news = [unit for unit in found.units if known.is_news(unit.name, unit.looks)]
    due = [unit for unit in news if known.is_quiet(unit.name, unit.looks, quiet, now)]
    return Found(
        tuple(Due(unit.name, unit.files, unit.looks, unit.size) for unit in due),
        ledger.write(known.with_sight(looks, now)),
        tuple(f"{problem} and was not taken" for problem in found.problems),
    )


def _looked_over(params: Params) -> units.Folder:
    if not params.place.is_dir():
        raise BadInput(english("{place} is not a folder.", place=params.place))
    try:
        return units.read(params.place)
    except OSError as refused:
        raise BadInput(
            english("{place} cannot be read: {strerror}.", place=params.place, strerror=refused.strerror)
        ) from refused
