"""What the warehouse holds already: ids of facts, and numbers of names, found without reading tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from data.store.ids import Ids, IdSet

_BLOCK = 1 << 22
_LOW = 0xFFFF_FFFF_FFFF_FFFF

Ask = Callable[[str], dict[str, Any]]


@dataclass
class Known:
    """The ids in each table, read from it once and kept up by whoever inserts.

    `ask` runs a SELECT and gives its columns as arrays.
    """

    ask: Ask
    sets: dict[str, IdSet] = field(default_factory=dict)

    def facts(self, table: str) -> IdSet:
        """The ids of the facts in a table."""
        return self._of(table, words("fact_id"), "0")

    def names(self, table: str, number: str, name: str) -> IdSet:
        """The hashes of the names in a table, with their numbers."""
        return self._of(table, words(f"md5_number({name})"), number)

    def _of(self, table: str, id_words: str, number: str) -> IdSet:
        if table not in self.sets:
            self.sets[table] = self._read(table, f"{id_words}, cast({number} as integer) as number")
        return self.sets[table]

    def _read(self, table: str, columns: str) -> IdSet:
        found = IdSet()
        end = int(self.ask(f"select coalesce(max(rowid), -1) + 1 as rows from {table}")["rows"][0])
        for start in range(0, end, _BLOCK):
            stretch = f"rowid >= {start} and rowid < {start + _BLOCK}"
            block = self.ask(f"select {columns} from {table} where {stretch}")
            found.add(Ids(block["high"], block["low"], block["number"]))
            found.settle()
        return found

    def settle(self) -> None:
        """What was added has been committed."""
        for ids in self.sets.values():
            ids.settle()

    def take_back(self) -> None:
        """What was added has been rolled back."""
        for ids in self.sets.values():
            ids.take_back()

    def forget(self) -> None:
        """Read everything afresh when it is asked for: the tables may be other ones now."""
        self.sets.clear()


def words(hash128: str) -> str:
    """SQL for the two words of a 128-bit number."""
    return f"cast({hash128} >> 64 as ubigint) as high, cast({hash128} & {_LOW}::uhugeint as ubigint) as low"


def whole(prefix: str = "") -> str:
    """SQL for the 128-bit number of two words."""
    return f"(cast({prefix}high as uhugeint) << 64 | {prefix}low)"
