"""Takes staged rows into the store, a stretch at a time, and counts what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from data.errors import BadInput
from data.shapes import SHAPES, Shape
from data.store.local_time import FIRST, LAST, jumps
from data.store.warehouse import Warehouse
from data.unify.aside import BAD, Bad, keep_aside
from data.unify.check import Check, checks
from data.unify.counters import keep_counts
from data.unify.facts import changes_of_spans, checked_rows, set_aside_rows
from data.unify.foreign import count_foreign, remember
from data.unify.insert import Facts, add
from data.unify.links import add_links
from data.unify.loading import Load
from data.unify.parse import Clock
from data.unify.report import ShapeCount
from data.unify.sightings import without_sightings
from data.unify.stage import Staged
from data.unify.waiting import keep_waiting

STRETCH = 250_000


def silent(_shape: str, _rows: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Stretch:
    """Some rows of a staged file."""

    staged: Staged
    shape: Shape
    found: tuple[Check, ...]
    start: int
    stop: int

    def ask(self, warehouse: Warehouse, sql: str) -> pl.DataFrame:
        return self.staged.ask(sql) if self.staged.ask else warehouse.frame(sql)

    def checked(self, source: str) -> str:
        return checked_rows(self._relation(), self.shape, self.found, source)

    def set_aside(self) -> str:
        return set_aside_rows(self._relation(with_raw=True), self.shape, self.found)

    def raw_rows(self) -> str:
        return f"select position, file, raw from ({self._relation(with_raw=True)})"

    def _relation(self, *, with_raw: bool = False) -> str:
        return self.staged.relation(self.shape, self.start, self.stop, with_raw=with_raw)


@dataclass
class Merge:
    """Brings one load into the store."""

    load: Load
    zone: str
    strict: bool = False
    progress: Callable[[str, int], None] = silent

    def take(self, staged: Staged, shape: Shape) -> None:
        """Load the rows of one file."""
        self.set_aside(
            [Bad(shape.name, staged.file, b.row, None, None, b.reason, b.raw) for b in staged.broken]
        )
        found = checks(shape, staged.types, Clock(self.zone, self._years(staged, shape)))
        first_seq = self.load.first_seq(shape.rests_in, 2 * staged.end)
        tally = self.load.tally(shape.name)
        for start in range(0, staged.end, STRETCH):
            self._take(Stretch(staged, shape, found, start, start + STRETCH), first_seq)
            self.progress(shape.name, tally.read)

    def _take(self, stretch: Stretch, first_seq: int) -> None:
        tally = self.load.tally(stretch.shape.name)
        rows = stretch.ask(self.load.warehouse, stretch.checked(self.load.source))
        if bad := int(rows["is_bad"].sum()):
            tally.count(read=bad, bad=bad)
            self._quarantine(stretch.ask(self.load.warehouse, stretch.set_aside()))
            rows = rows.filter(~pl.col("is_bad"))
        if stretch.shape.name == "account_updates":
            rows = without_sightings(self.load, rows)
        if rows.height:
            tally.count(read=rows.height, added=self._add(stretch, rows, first_seq))

    def _add(self, stretch: Stretch, good: pl.DataFrame, first_seq: int) -> int:
        """Store what is new; how many rows brought something."""
        shape = stretch.shape
        if shape.name == "identities":
            return add_links(self.load, good, first_seq)
        facts = Facts(good, shape, shape.name, first_seq)
        if shape.name == "subscriptions":
            facts = Facts(self._changes(good), SHAPES["subscription_changes"], shape.name, first_seq)
        fresh = add(self.load, facts)
        remember(self.load, facts, fresh, partial(self._raw_rows, stretch))
        return int(fresh.select(facts.place.n_unique()).item())

    def _changes(self, spans: pl.DataFrame) -> pl.DataFrame:
        sieve = self.load.warehouse.sieve
        with sieve.holding(spans) as table:
            return sieve.select(changes_of_spans(table, self.load.source))

    def _raw_rows(self, stretch: Stretch) -> pl.DataFrame:
        return stretch.ask(self.load.warehouse, stretch.raw_rows())

    def set_aside(self, bad: Sequence[Bad]) -> None:
        """Keep what could not be read at all, and count it."""
        if bad:
            for one in bad:
                self.load.tally(one.shape).count(read=1, bad=1)
            self._quarantine(pl.DataFrame([vars(one) for one in bad], schema=BAD))

    def _quarantine(self, rows: pl.DataFrame) -> None:
        """Keep rows with their reasons; a strict import ends here."""
        if self.strict:
            file, row, why = rows.sort("row").select("file", "row", "reason").row(0)
            raise BadInput(f"{file}, row {row}: {why}; nothing was loaded.")
        keep_aside(self.load, rows)

    def finish(self) -> tuple[ShapeCount, ...]:
        """Keep the running counts; what became of the rows of each shape."""
        count_foreign(self.load, strict=self.strict)
        keep_waiting(self.load)
        keep_counts(self.load)
        return tuple(ShapeCount(name, **vars(tally)) for name, tally in self.load.tallies.items())

    def _years(self, staged: Staged, shape: Shape) -> tuple[int, int]:
        return WHOLE if staged.ask else _years(self.load.warehouse, staged, shape, self.zone)


WHOLE = (FIRST.year, LAST.year)


def _years(warehouse: Warehouse, staged: Staged, shape: Shape, zone: str) -> tuple[int, int]:
    """The years that times without an offset may lie in: few years make short SQL."""
    columns = [
        column.name for column in shape.columns if column.kind == "instant" and column.name in staged.columns
    ]
    if not jumps(zone)[1] or not columns:
        return WHOLE
    given = [f"cast({staged.columns[name]} as varchar)" for name in columns]
    years = [f"case when trim({text}) <> '' then substr({text}, 1, 4) end" for text in given]
    asked = ", ".join(f"min({year}), max({year})" for year in years)
    texts = [text for text in warehouse.rows(f"select {asked} from {staged.origin}")[0] if text]
    known = [int(text) for text in texts if text.isdecimal()]
    if len(known) < len(texts) or not known:
        return WHOLE
    return max(WHOLE[0], min(known)), min(WHOLE[1], max(known))
