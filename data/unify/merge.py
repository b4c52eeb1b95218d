"""Takes the rows of staged files into the store, a stretch at a time, and counts what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import polars as pl

from data.errors import BadInput
from data.shapes import SHAPES, Shape
from data.store.local_time import FIRST, LAST, jumps
from data.store.warehouse import Warehouse
from data.unify.aside import Bad, keep_aside
from data.unify.check import Check, checks
from data.unify.counters import Gain, keep_counts
from data.unify.facts import changes_of_spans, checked_rows, set_aside_rows
from data.unify.insert import Added, Facts, add
from data.unify.parse import Clock
from data.unify.report import ShapeCount, Tally
from data.unify.stage import Staged

STRETCH = 1_000_000


def silent(_shape: str, _rows: int) -> None:
    """Nobody watches."""


@dataclass
class Merge:
    """One import on its way into the store."""

    warehouse: Warehouse
    source: str
    import_id: int
    source_key: int
    zone: str
    now: datetime
    strict: bool = False
    progress: Callable[[str, int], None] = silent
    tallies: dict[str, Tally] = field(default_factory=dict)
    gains: dict[str, Gain] = field(default_factory=dict)  # by the shape that facts rest as

    def take(self, staged: Staged, shape: Shape) -> None:
        """Load the rows of one file."""
        tally = self.tallies.setdefault(shape.name, Tally())
        self.set_aside(
            [Bad(shape.name, staged.file, b.row, None, None, b.reason, b.raw) for b in staged.broken]
        )
        clock = Clock(self.zone, _years(self.warehouse, staged, shape, self.zone))
        found = checks(shape, staged.types, clock)
        first_seq = _next_seq(self.warehouse, shape)
        for start in range(0, staged.end, STRETCH):
            relation = partial(staged.relation, shape, start, start + STRETCH)
            read, bad = self._check(staged, shape, found, relation)
            added = self._add(shape, first_seq, partial(relation, with_raw=True))
            tally.count(read=read - added.sightings, bad=bad, added=added.rows, waiting=added.waiting)
            self.progress(shape.name, tally.read)

    def _check(
        self, staged: Staged, shape: Shape, found: tuple[Check, ...], relation: Callable[..., str]
    ) -> tuple[int, int]:
        """Read and judge a stretch into the table `checked`; how many rows there are, and how many bad."""
        self._table("checked", checked_rows(relation(), shape, found, self.source))
        read, bad = self.warehouse.rows("select count(*), count(*) filter (where is_bad) from checked")[0]
        if bad:
            self._table("aside", set_aside_rows(relation(with_raw=True), shape, found))
            self._quarantine()
        return int(read), int(bad)

    def _add(self, shape: Shape, first_seq: int, relation: Callable[[], str]) -> Added:
        """Store what is new in `checked`."""
        rests_as, table = shape, "checked"
        if shape.name == "subscriptions":
            rests_as, table = SHAPES["subscription_changes"], "changes"
            self._table(table, changes_of_spans(self.source))
        facts = Facts(table, rests_as, shape.name, first_seq, self.import_id, self.source_key, self.now)
        added = add(self.warehouse, facts, relation)
        self.gains.setdefault(rests_as.name, Gain()).add(added.facts, added.last_at)
        return added

    def finish(self) -> tuple[ShapeCount, ...]:
        """Keep the running counts; what became of the rows of each shape."""
        self._count_unconverted()
        keep_counts(self.warehouse, self.source_key, self.tallies, self.gains, self.now)
        return tuple(ShapeCount(name, **vars(tally)) for name, tally in self.tallies.items())

    def _count_unconverted(self) -> None:
        """Count as set aside what came in a currency without a rate: it is stored and waits for one."""
        found = self.warehouse.rows(
            "select shape, file, row, currency, count(*) over (partition by shape) from still_unconverted "
            "where import_id = $import_id order by shape, file, row",
            {"import_id": self.import_id},
        )
        if found and self.strict:
            _, file, row, currency, _ = found[0]
            raise BadInput(f"{file}, row {row}: currency '{currency}' has no rate; nothing was loaded.")
        for shape, count in {(shape, count) for shape, *_, count in found}:
            self.tallies[shape].added -= count
            self.tallies[shape].quarantined += count

    def set_aside(self, bad: Sequence[Bad]) -> None:
        """Keep what could not be read at all, and count it."""
        if not bad:
            return
        for one in bad:
            self.tallies.setdefault(one.shape, Tally()).count(read=1, bad=1)
        self.warehouse.connection.register(
            "aside_given", pl.DataFrame([vars(one) for one in bad], schema=_BAD)
        )
        self._table("aside", "select * from aside_given")
        self.warehouse.connection.unregister("aside_given")
        self._quarantine()

    def _quarantine(self) -> None:
        """Keep the rows of `aside` with their reasons; a strict import ends here."""
        if self.strict:
            file, row, why = self.warehouse.rows("select file, row, reason from aside order by row limit 1")[
                0
            ]
            raise BadInput(f"{file}, row {row}: {why}; nothing was loaded.")
        keep_aside(
            self.warehouse,
            "aside",
            source=self.source,
            source_key=self.source_key,
            import_id=self.import_id,
            now=self.now,
        )

    def _table(self, name: str, query: str) -> None:
        self.warehouse.run(f"create or replace temp table {name} as {query}")


_BAD = {
    "shape": pl.String, "file": pl.String, "row": pl.Int64, "field": pl.String, "value": pl.String,
    "reason": pl.String, "raw": pl.String,
}  # fmt: skip


def _next_seq(warehouse: Warehouse, shape: Shape) -> int:
    if shape.name == "events":
        return 0
    return int(warehouse.value(f"select coalesce(max(seq), -1) + 1 from {shape.rests_in}"))


def _years(warehouse: Warehouse, staged: Staged, shape: Shape, zone: str) -> tuple[int, int]:
    """The years that times without an offset may lie in: few years make short SQL."""
    whole = (FIRST.year, LAST.year)
    columns = [
        column.name for column in shape.columns if column.kind == "instant" and column.name in staged.columns
    ]
    if not jumps(zone)[1] or not columns:
        return whole
    given = [f"cast({staged.columns[name]} as varchar)" for name in columns]
    years = [f"case when trim({text}) <> '' then substr({text}, 1, 4) end" for text in given]
    asked = ", ".join(f"min({year}), max({year})" for year in years)
    texts = [text for text in warehouse.rows(f"select {asked} from {staged.origin}")[0] if text]
    known = [int(text) for text in texts if text.isdecimal()]
    if len(known) < len(texts) or not known:
        return whole
    return max(whole[0], min(known)), min(whole[1], max(known))
