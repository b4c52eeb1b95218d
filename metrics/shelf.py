"""The shelf: published editions held open, read-only, for as long as somebody reads them.

A place on it is a database in memory that one edition at a time is attached to: to make one takes five times
as long as to attach an edition, so a place that an edition left is kept for the next.
"""

import atexit
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.errors import NoEdition
from data.speech import english
from data.store.warehouse import quoted
from metrics.editions import SUFFIX

HELD = 3  # editions kept open though nobody reads them
ATTACHED = ("volume", "edition")  # an edition, and what it builds on where somebody asked for that
OPTIONS: dict[str, str | bool | int | float | list[str]] = {"threads": 1, "python_enable_replacements": False}


@dataclass
class Held:
    connection: duckdb.DuckDBPyConnection
    readers: int = 0


_held: OrderedDict[Path, Held] = OrderedDict()
_free: list[duckdb.DuckDBPyConnection] = []
_lock = threading.Lock()


@contextmanager
def reading(folder: Path, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of one's own on an edition; safe from any thread.

    Raises:
        NoEdition: it was never published, was removed since, is damaged, or lacks what is asked for: it was
            made by an earlier Holdfast, or files beside it were removed.
    """
    path = folder / (name + SUFFIX)
    held = take(path)
    try:
        with held.connection.cursor() as cursor:
            cursor.execute("use edition")
            yield cursor
    except (duckdb.CatalogException, duckdb.BinderException, duckdb.IOException) as lacking:
        raise NoEdition(
            english(
                "Edition {name} lacks what is asked for: it was made by an earlier Holdfast, or files "
                "beside it were removed; publish another: `python -m engine refresh`.",
                name=name,
            )
        ) from lacking
    finally:
        give_back(held)


def take(path: Path) -> Held:
    with _lock:
        held = _held.get(path) or _held.setdefault(path, opened(path))
        _held.move_to_end(path)
        held.readers += 1
        close_unused()
    return held


def give_back(held: Held) -> None:
    with _lock:
        held.readers -= 1
        close_unused()


def opened(path: Path) -> Held:
    if not path.is_file():
        raise NoEdition(english("There is no edition {name}; the newest is the one to read.", name=path.stem))
    place = _free.pop() if _free else duckdb.connect(config=OPTIONS)
    try:
        place.execute(f"attach {quoted(str(path))} as edition (read_only)")
        return Held(place)
    except duckdb.Error as damaged:
        place.close()  # whatever the file did to it, the next edition does not find it
        raise NoEdition(
            english("Edition {name} is damaged; publish another: `python -m engine refresh`.", name=path.stem)
        ) from damaged


@atexit.register
def clear() -> None:
    """Close everything, as DuckDB wants it before the interpreter ends."""
    with _lock:
        for place in (*_free, *(held.connection for held in _held.values())):
            place.close()
        _free.clear()
        _held.clear()


def close_unused() -> None:
    """Close the editions read longest ago, but for the last few and those being read."""
    for path, held in list(_held.items())[:-HELD]:
        if not held.readers:
            empty(held.connection)
            del _held[path]


def empty(place: duckdb.DuckDBPyConnection) -> None:
    """Leave a place as a new one is; one that broke is not used again."""
    try:
        for name in ATTACHED:
            place.execute(f"detach database if exists {name}")
        place.execute(f"set threads = {OPTIONS['threads']}")
        _free.append(place)
    except duckdb.Error:
        place.close()
