"""What the warehouse holds already: ids of facts, and numbers of names, found without reading tables."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.store.ids import Ids, IdSet
from data.store.kept_ids import Kept, Shelf

_BLOCK = 1 << 22
_LOW = 0xFFFF_FFFF_FFFF_FFFF
_WORTH_A_FILE = 1 << 20  # ids; fewer are sooner read from the table again

Ask = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Column:
    """Where the ids of a table are: SQL for hash and number, and the column that only rises."""

    table: str
    hash: str
    number: str
    mark: str


@dataclass
class Known:
    """The ids in each table, read from it or from files beside it, and kept up by whoever inserts.

    `ask` runs a SELECT and gives its columns as arrays.
    """

    ask: Ask
    folder: Path
    warehouse_id: str = ""
    sets: dict[Column, IdSet] = field(default_factory=dict)

    def facts(self, table: str) -> IdSet:
        """The ids of the facts in a table."""
        return self._of(Column(table, "fact_id", "", "import_id"))

    def names(self, table: str, number: str, name: str) -> IdSet:
        """The hashes of the names in a table, with their numbers."""
        return self._of(Column(table, f"md5_number({name})", number, number))

    def _of(self, column: Column) -> IdSet:
        if column not in self.sets:
            self.sets[column] = self._read(column)
            self._keep(column)
        return self.sets[column]

    def _read(self, column: Column) -> IdSet:
        """What files hold, as far as the table agrees, and the rows that came after them."""
        kept = self._shelf(column).read()
        before = f"select count(*) as rows from {column.table} where {column.mark} <= {kept.upto}"
        if kept.count != self._number(before, "rows"):
            self._shelf(column).clear()
            kept = Kept(-1, [])
        found = IdSet(kept.runs, write=self._shelf(column).write)
        self._read_table(column, found, f"{column.mark} > {kept.upto}")
        return found

    def _read_table(self, column: Column, found: IdSet, where: str) -> None:
        rows = f"from {column.table} where {where}"
        first = self._number(f"select coalesce(min(rowid), 0) as rows {rows}", "rows")
        end = self._number(f"select coalesce(max(rowid), -1) + 1 as rows {rows}", "rows")
        number = f", cast({column.number} as integer) as number" if column.number else ""
        for start in range(first, end, _BLOCK):
            stretch = f"rowid >= {start} and rowid < {start + _BLOCK}"
            block = self.ask(f"select {words(column.hash)}{number} {rows} and {stretch}")
            found.add(Ids(block["high"], block["low"], block.get("number")))
            found.settle()

    def _number(self, sql: str, name: str) -> int:
        return int(self.ask(sql)[name][0])

    def settle(self) -> None:
        """What was added has been committed."""
        for column, ids in self.sets.items():
            ids.settle()
            self._keep(column)

    def _keep(self, column: Column) -> None:
        """Put runs into files when there is enough in memory; without room on the disk they stay there."""
        ids = self.sets[column]
        if ids.in_memory < _WORTH_A_FILE and not ids.has_new_files:
            return
        if ids.keep():
            with suppress(OSError):
                self._shelf(column).list(Kept(self._mark(column), ids.runs))

    def _mark(self, column: Column) -> int:
        return self._number(f"select coalesce(max({column.mark}), -1) as mark from {column.table}", "mark")

    def _shelf(self, column: Column) -> Shelf:
        return Shelf(self.folder / column.table, self.warehouse_id)

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
