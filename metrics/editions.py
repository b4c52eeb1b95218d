"""How published editions are called, and which is current; whoever reads needs no more of publishing."""

import re
from pathlib import Path

from data.errors import NoEdition
from data.settings import Settings

POINTER = "current"
SUFFIX = ".duckdb"
UNFINISHED = ".part"
NAME = re.compile(r"[\w-]+(\.duckdb)?")


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
            f"{settings.published / POINTER} names no edition; publish one: `python -m engine refresh`."
        )
    return name.removesuffix(SUFFIX) or None
