"""What is known of the files of a watched folder; it is the source's cursor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

MOST_GONE = 10_000  # files that are no longer there and still known, should they come back


@dataclass(frozen=True)
class Seen:
    """How files looked, and since when they look so."""

    looks: str
    since: datetime


@dataclass(frozen=True)
class Asked:
    """An import that was asked for: how its files looked, what they held, where copies of them lie."""

    looks: str
    stamp: str
    job: int
    room: str


@dataclass(frozen=True)
class Taken:
    looks: str
    stamp: str


@dataclass(frozen=True)
class Ledger:
    """Everything by the name of what is imported together: a file, or a mapping with all it reads."""

    seen: Mapping[str, Seen] = field(default_factory=dict)
    asked: Mapping[str, Asked] = field(default_factory=dict)
    taken: Mapping[str, Taken] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    def is_news(self, name: str, looks: str) -> bool:
        """Whether something looks otherwise than when it was taken, and is not being imported."""
        return name not in self.asked and (name not in self.taken or self.taken[name].looks != looks)

    def is_quiet(self, name: str, looks: str, quiet: timedelta, now: datetime) -> bool:
        """Whether it looked like this for so long that its writer must have finished."""
        seen = self.seen.get(name)
        if seen is None or seen.looks != looks or now < seen.since:
            return not quiet
        return now - seen.since >= quiet

    def with_sight(self, looks: Mapping[str, str], now: datetime) -> "Ledger":
        """How the folder looks now; what is gone is forgotten, but what was taken is kept for a while."""
        seen = {
            name: self._since(name, look, now) for name, look in looks.items() if self.is_news(name, look)
        }
        gone = [name for name in self.taken if name not in looks]
        forgotten = set(gone[: max(0, len(gone) - MOST_GONE)])
        return replace(
            self,
            seen=seen,
            taken={name: taken for name, taken in self.taken.items() if name not in forgotten},
            wrong={name: said for name, said in self.wrong.items() if name in looks or name in self.asked},
        )

    def _since(self, name: str, looks: str, now: datetime) -> Seen:
        seen = self.seen.get(name)
        return seen if seen and seen.looks == looks and seen.since <= now else Seen(looks, now)

    def with_asked(self, name: str, asked: Asked) -> "Ledger":
        return replace(self, asked={**self.asked, name: asked}, seen=without(self.seen, name))

    def with_taken(self, name: str, taken: Taken, wrong: str | None = None) -> "Ledger":
        """It was imported, or cannot be: then it is not tried again before it changes."""
        faults = without(self.wrong, name) | ({name: wrong} if wrong else {})
        return replace(
            self,
            seen=without(self.seen, name),
            asked=without(self.asked, name),
            taken={**without(self.taken, name), name: taken},
            wrong=faults,
        )

    def with_nothing_asked(self, name: str) -> "Ledger":
        """The import was lost; it will be asked for again."""
        return replace(self, asked=without(self.asked, name))


def without(known: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in known.items() if key != name}


def write(ledger: Ledger) -> str:
    told = {
        "seen": {name: [seen.looks, seen.since.isoformat()] for name, seen in ledger.seen.items()},
        "asked": {name: list(vars(asked).values()) for name, asked in ledger.asked.items()},
        "taken": {name: list(vars(taken).values()) for name, taken in ledger.taken.items()},
        "wrong": dict(ledger.wrong),
    }
    return json.dumps(told, ensure_ascii=True)


def read(cursor: str | None) -> Ledger:
    told = json.loads(cursor) if cursor else {}
    seen = told.get("seen", {}).items()
    return Ledger(
        seen={name: Seen(looks, datetime.fromisoformat(since)) for name, (looks, since) in seen},
        asked={name: Asked(*values) for name, values in told.get("asked", {}).items()},
        taken={name: Taken(*values) for name, values in told.get("taken", {}).items()},
        wrong=told.get("wrong", {}),
    )
