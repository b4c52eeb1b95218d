"""A load on its way: who brings it, what it did so far."""

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from data.store.warehouse import Warehouse
from data.unify.report import Gain, Tally


@dataclass
class Load:
    """One load: the warehouse it goes into, its number and source, and its running counts.

    Args:
        gains: by the shape that facts rest as.
        named: per stretch, under which accounts facts came: came_as, rests_as, account_key, rows, facts.
        has_foreign: whether facts came in a currency that has no rate yet.
        numbers: of the names met so far, by the table that numbers them.
    """

    warehouse: Warehouse
    source: str
    source_key: int
    import_id: int
    now: datetime
    tallies: dict[str, Tally] = field(default_factory=dict)
    gains: dict[str, Gain] = field(default_factory=dict)
    named: list[pl.DataFrame] = field(default_factory=list)
    has_foreign: bool = False
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    _placed: dict[str, int] = field(default_factory=dict)

    @property
    def keys(self) -> dict[str, int]:
        return {"import_id": self.import_id, "source_key": self.source_key}

    def tally(self, shape: str) -> Tally:
        return self.tallies.setdefault(shape, Tally())

    def gain(self, shape: str) -> Gain:
        return self.gains.setdefault(shape, Gain())

    def first_seq(self, table: str, places: int) -> int:
        """The first of so many numbers of arrival: they rise from load to load and within one."""
        first = self._placed.get(table, 0)
        self._placed[table] = first + places
        return (self.import_id << 32) + first


def begin(warehouse: Warehouse, source: str, now: datetime) -> Load:
    """A load gets its number, one above the last; a rollback gives it back."""
    import_id = warehouse.value("update last_import set import_id = import_id + 1 returning import_id")
    return Load(warehouse, source, _key_of(warehouse, source), int(import_id), now)


def _key_of(warehouse: Warehouse, source: str) -> int:
    given = {"source": source}
    found = warehouse.rows("select source_key from sources where source = $source", given)
    return int((found or warehouse.rows(_LEARN, given))[0][0])


_LEARN = """
insert into sources
select coalesce(max(source_key), 0) + 1, $source from sources
returning source_key
"""
