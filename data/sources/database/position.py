"""How far a table was read: the cursor, as it is kept between two pages, and what it remembers."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from data.intake.delivery import Fact

MOST_REMEMBERED = 20_000  # facts; those beyond are given again, and the warehouse knows them
MARK = 12  # characters that one fact is remembered by
TIME_AS_TEXT = re.compile(r"(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00(:?00)?)?")

KINDS: Mapping[str, tuple[type, Callable[[str], Any]]] = {
    "int": (int, int),
    "decimal": (Decimal, Decimal),
    "float": (float, float),
    "datetime": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "uuid": (UUID, UUID),
    "bytes": (bytes, bytes.fromhex),
    "text": (str, str),
}


@dataclass(frozen=True)
class Position:
    """How far a table was read, in passes over the values of its cursor column.

    Args:
        of: what was read, so that the position is void once the source reads something else.
        base: the value at which a pass begins, less the look-back; None reads from the start.
        began: when the present pass began; None between two passes.
        until: the value at which the present pass ends.
        at: the value up to which the present pass has come.
        seen: the marks of facts from `base` on that earlier passes gave.
        fresh: the marks of facts that this pass came by and the next will come by again.
        part: the marks of facts behind `at` that were given already, where a value has more rows than a page.
        crowd: how many rows the next pass will come by again, where they are too many to remember.
    """

    of: str
    base: Any = None
    began: datetime | None = None
    until: Any = None
    at: Any = None
    seen: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()
    part: frozenset[str] = frozenset()
    crowd: int | None = None

    def begun(self, until: Any, now: datetime, again: int) -> "Position":
        crowd = again if again > MOST_REMEMBERED else None
        return replace(
            self, began=now, until=until, at=None, fresh=frozenset(), part=frozenset(), crowd=crowd
        )

    def moved(self, at: Any) -> "Position":
        return replace(self, at=at, part=frozenset())

    def with_fresh(self, marks: set[str]) -> "Position":
        return replace(self, fresh=_remembered(self.fresh, marks))

    def with_part(self, marks: set[str]) -> "Position":
        return replace(self, part=_remembered(self.part, marks))

    def finished(self, base: Any) -> "Position":
        return Position(self.of, base, seen=self.fresh, crowd=self.crowd)

    def has_given(self, mark: str) -> bool:
        return mark in self.seen or mark in self.fresh or mark in self.part


def _remembered(before: frozenset[str], marks: set[str]) -> frozenset[str]:
    room = max(0, MOST_REMEMBERED - len(before))
    return before | frozenset(sorted(marks - before)[:room])


def write(position: Position) -> str:
    told = {
        "of": position.of,
        "base": _written(position.base),
        "began": position.began.isoformat() if position.began else None,
        "until": _written(position.until),
        "at": _written(position.at),
        "seen": "".join(sorted(position.seen)),
        "fresh": "".join(sorted(position.fresh)),
        "part": "".join(sorted(position.part)),
        "crowd": position.crowd,
    }
    return json.dumps({name: value for name, value in told.items() if value})


def read(cursor: str | None, of: str) -> Position:
    """The position that was kept; a beginning, if there is none or it is a position in something else."""
    told = json.loads(cursor) if cursor else {}
    if told.get("of") != of:
        return Position(of)
    return Position(
        of,
        base=_read(told.get("base")),
        began=datetime.fromisoformat(told["began"]) if "began" in told else None,
        until=_read(told.get("until")),
        at=_read(told.get("at")),
        seen=_marks(told.get("seen", "")),
        fresh=_marks(told.get("fresh", "")),
        part=_marks(told.get("part", "")),
        crowd=told.get("crowd"),
    )


def _marks(joined: str) -> frozenset[str]:
    return frozenset(joined[place : place + MARK] for place in range(0, len(joined), MARK))


def _written(value: Any) -> str | None:
    """A value with its type: `int 5`, `datetime 2025-03-01T09:00:00+00:00`."""
    if value is None:
        return None
    kind = next(name for name, (kind, _) in KINDS.items() if isinstance(value, kind))
    if isinstance(value, date):
        return f"{kind} {value.isoformat()}"
    return f"{kind} {value.hex() if isinstance(value, bytes) else value}"


def _read(told: str | None) -> Any:
    if told is None:
        return None
    kind, _, text = told.partition(" ")
    return KINDS[kind][1](text)


def is_usable(value: Any) -> bool:
    """Whether a cursor column may hold such values."""
    return isinstance(value, tuple(kind for kind, _ in KINDS.values())) and not isinstance(value, bool)


def mark_of(fact: Fact) -> str:
    """A short text that no two different facts share: nine bytes of their hash."""
    told = json.dumps([fact.shape, fact.values], ensure_ascii=False, sort_keys=True)
    return b64encode(hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=9).digest()).decode()


def looked_back(until: Any, began: datetime, zone: tzinfo, *, seconds: int, steps: int) -> Any:
    """Where the next pass begins: so much before the end of this one, but not in the future.

    What was committed late lies within the look-back. Texts that are no times are not looked back from.
    """
    if isinstance(until, datetime):
        now = began.replace(tzinfo=UTC)
        here = now if until.tzinfo else now.astimezone(zone).replace(tzinfo=None)
        return _earlier(min(until, here), timedelta(seconds=seconds))
    if isinstance(until, date):
        today = began.replace(tzinfo=UTC).astimezone(zone).date()
        return min(until, today) - timedelta(days=-(-seconds // 86_400))
    if isinstance(until, int | Decimal | float):
        return until - steps
    return _earlier_text(until, began, zone, seconds) if isinstance(until, str) else until


def _earlier(at: datetime, by: timedelta) -> datetime:
    try:
        return at - by
    except OverflowError:
        return at


def _earlier_text(until: str, began: datetime, zone: tzinfo, seconds: int) -> str:
    """A time kept as text, in the form it had: what is shorter sorts before what goes on."""
    found = TIME_AS_TEXT.fullmatch(until)
    if not found:
        return until
    day, between, clock, _, offset, _ = found.groups()
    here = began.replace(tzinfo=UTC).astimezone(UTC if offset else zone).replace(tzinfo=None)
    at = min(datetime.fromisoformat(f"{day}T{clock}"), here.replace(microsecond=0))
    return _earlier(at, timedelta(seconds=seconds)).isoformat(between, "seconds")
