"""Which files a number is made of, and the order in which they are computed."""

from functools import lru_cache
from pathlib import Path

from metrics.files import ROOM, SqlFile, read_folder

NOT_ROOMS = frozenset({"inputs", "steps", "tables", "audits"})
SHAPE_TABLES = frozenset(
    {
        "accounts", "events", "subscription_changes", "invoices", "invoice_lines", "payments", "messages",
        "feedback", "tickets", "plan_limits", "redemptions", "fx_rates",
    }
)  # fmt: skip
# Tables that come along with another one.
BESIDE = dict.fromkeys(("segment", "profile_segment", "account_dimension"), "account") | {
    "day_period": "calendar"
}
# Made in Python; the calendar says which periods there are, not what is in them.
MADE: dict[str, tuple[str, ...]] = {"account": ("visible_account",), "calendar": ()}


def inputs() -> tuple[SqlFile, ...]:
    return read_folder(ROOM / "inputs")


def steps() -> tuple[SqlFile, ...]:
    return read_folder(ROOM / "steps")


def tables() -> tuple[SqlFile, ...]:
    return read_folder(ROOM / "tables")


def metric_files(folder: Path = ROOM) -> tuple[SqlFile, ...]:
    """The files of every room: a folder of metrics, whatever its name."""
    rooms = sorted(room for room in folder.iterdir() if room.is_dir() and room.name not in NOT_ROOMS)
    return tuple(file for room in rooms for file in read_folder(room))


def needs(file: SqlFile) -> frozenset[str]:
    """What must be computed before a file is."""
    return frozenset(BESIDE.get(name, name) for name in file.reads - {file.name})


@lru_cache
def _reads() -> dict[str, frozenset[str]]:
    return {file.name: needs(file) for file in (*inputs(), *steps())} | {
        name: frozenset(made_of) for name, made_of in MADE.items()
    }


def tables_behind(file: SqlFile) -> frozenset[str]:
    """Every table that a file reads, and those that they read, and so on."""
    known = _reads()
    seen: set[str] = set()
    ahead = set(needs(file))
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= known.get(name, frozenset()) - seen
    return frozenset(seen)


def shapes_behind(file: SqlFile) -> tuple[str, ...]:
    return tuple(sorted(tables_behind(file) & SHAPE_TABLES))
