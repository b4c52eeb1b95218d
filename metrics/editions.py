"""How published editions are called, which is current and what each says of itself: all that readers need."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.errors import NoEdition
from data.settings import Settings
from data.speech import english

POINTER = "current"
SUFFIX = ".duckdb"
UNFINISHED = ".part"
NAME = re.compile(r"[\w-]+(\.duckdb)?")


@dataclass(frozen=True)
class EditionInfo:
    """What an edition says of itself; times are naive UTC.

    What may stand for a while says by itself up to when it is told: cohorts, curves of reaching value, what
    the explorer reads, risks of today, and lifetime values with the risks of days past.
    """

    edition: str
    as_of: datetime
    published_at: datetime
    timezone: str
    base_currency: str
    week_start: str
    within_days: int
    refresh_seconds: float
    accounts: int
    events: int
    waiting: int
    quarantined: int
    last_fact_at: datetime | None
    segments: tuple[str, ...]
    steps: tuple[str, ...]
    problems: tuple[str, ...]
    cohorts_as_of: datetime | None = None
    curves_as_of: datetime | None = None
    explorer_as_of: datetime | None = None
    risks_as_of: datetime | None = None
    lifetime_as_of: datetime | None = None


def editions(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"[0-9]*-*{SUFFIX}"))


def current_name(settings: Settings) -> str | None:
    """The name of the newest edition, from the pointer; nothing before the first publication.

    Raises:
        NoEdition: the pointer holds something else than the name of an edition.
    """
    try:
        name = (settings.published / POINTER).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
    if name and not NAME.fullmatch(name):
        raise NoEdition(
            english(
                "{file} names no edition; publish one: `python -m engine refresh`.",
                file=settings.published / POINTER,
            )
        )
    return name.removesuffix(SUFFIX) or None
