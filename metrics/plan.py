"""Which files a number is made of, and the order in which they are computed."""

from functools import lru_cache

from metrics.files import ROOM, SqlFile, in_order, read_folder

SHAPE_TABLES = frozenset(
    {
        "accounts", "events", "subscription_changes", "invoices", "invoice_lines", "payments", "messages",
        "feedback", "tickets", "plan_limits", "redemptions", "fx_rates",
    }
)  # fmt: skip
# Made in Python; the calendar says which periods there are, not what is in them.
MADE: dict[str, tuple[str, ...]] = {"account": ("visible_account",), "calendar": ()}
MADE |= dict.fromkeys(("segment", "profile_segment", "account_dimension"), ("account",))
MADE |= {"day_period": ("calendar",)}


def inputs() -> tuple[SqlFile, ...]:
    return in_order(read_folder(ROOM / "inputs"))


def steps() -> tuple[SqlFile, ...]:
    return in_order(read_folder(ROOM / "steps"))


def tables() -> tuple[SqlFile, ...]:
    return read_folder(ROOM / "tables")


@lru_cache
def _reads() -> dict[str, frozenset[str]]:
    return {file.name: file.reads for file in (*inputs(), *steps())} | {
        name: frozenset(made_of) for name, made_of in MADE.items()
    }


def tables_behind(file: SqlFile) -> frozenset[str]:
    """Every table that a file reads, and those that they read, and so on."""
    known = _reads()
    seen: set[str] = set()
    ahead = set(file.reads)
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= known.get(name, frozenset()) - seen
    return frozenset(seen)


def shapes_behind(file: SqlFile) -> tuple[str, ...]:
    return tuple(sorted(tables_behind(file) & SHAPE_TABLES))
