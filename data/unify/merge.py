"""Takes the rows of staged files into the store, a stretch at a time, and counts what became of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from data.errors import BadInput
from data.shapes import SHAPES, Shape
from data.store.local_time import FIRST, LAST, jumps
from data.store.warehouse import Warehouse
from data.unify.check import Check, checks
from data.unify.facts import changes_of_spans, checked_rows, set_aside_rows
from data.unify.insert import Facts, add
from data.unify.parse import Clock
from data.unify.stage import Staged

STRETCH = 1_000_000


@dataclass
class Tally:
    """What became of the rows of one shape."""

    read: int = 0
    added: int = 0
    repeated: int = 0
    waiting: int = 0
    quarantined: int = 0

    def count(self, *, read: int, bad: int, added: int, waiting: int) -> None:
        self.read += read
        self.quarantined += bad
        self.added += added
        self.waiting += waiting
        self.repeated += read - bad - added


@dataclass
class Merge:
    """One import on its way into the store."""

    warehouse: Warehouse
    source: str
    import_id: int
    source_key: int
    zone: str
    strict: bool
    progress: Callable[[str, int], None]
    tallies: dict[str, Tally] = field(default_factory=dict)

    def take(self, staged: Staged, shape: Shape) -> None:
        """Load the rows of one file."""
        tally = self.tallies.setdefault(shape.name, Tally())
        if staged.broken:
            self._set_aside_broken(staged, shape, tally)
        clock = Clock(self.zone, _years(self.warehouse, staged, shape, self.zone))
        found = checks(shape, staged.types, clock)
        first_seq = _next_seq(self.warehouse, shape)
        for start in range(0, staged.end, STRETCH):
            relation = partial(staged.relation, shape, start, start + STRETCH)
            read, bad = self._check(staged, shape, found, relation)
            added, waiting = self._add(staged, shape, first_seq, partial(relation, with_raw=True))
            tally.count(read=read, bad=bad, added=added, waiting=waiting)
            self.progress(shape.name, tally.read)

    def _check(
        self, staged: Staged, shape: Shape, found: tuple[Check, ...], relation: Callable[..., str]
    ) -> tuple[int, int]:
        """Read and judge a stretch into the table `checked`; how many rows there are, and how many bad."""
        self._table("checked", checked_rows(relation(), shape, found, self.source))
        read, bad = self.warehouse.rows("select count(*), count(*) filter (where is_bad) from checked")[0]
        if bad:
            self._table("aside", set_aside_rows(relation(with_raw=True), shape, found))
            self._quarantine(staged.file, shape)
        return int(read), int(bad)

    def _add(
        self, staged: Staged, shape: Shape, first_seq: int, relation: Callable[[], str]
    ) -> tuple[int, int]:
        """Store what is new in `checked`; how many rows brought something, and how many of them wait."""
        rests_as, table = shape, "checked"
        if shape.name == "subscriptions":
            rests_as, table = SHAPES["subscription_changes"], "changes"
            self._table(table, changes_of_spans(self.source))
        facts = Facts(table, rests_as, shape.name, staged.file, first_seq, self.import_id, self.source_key)
        return add(self.warehouse, facts, relation)

    def finish(self) -> None:
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

    def _set_aside_broken(self, staged: Staged, shape: Shape, tally: Tally) -> None:
        self._table("aside", "select 0 as row, '' as field, '' as value, '' as reason, '' as raw limit 0")
        for broken in staged.broken:
            self.warehouse.run("insert into aside values ($row, null, null, $reason, $raw)", vars(broken))
        tally.count(read=len(staged.broken), bad=len(staged.broken), added=0, waiting=0)
        self._quarantine(staged.file, shape)

    def _quarantine(self, file: str, shape: Shape) -> None:
        """Keep the rows of `aside` with their reasons; a strict import ends here."""
        if self.strict:
            row, why = self.warehouse.rows("select row, reason from aside order by row limit 1")[0]
            raise BadInput(f"{file}, row {row}: {why}; nothing was loaded.")
        self.warehouse.run(
            _KEEP_ASIDE, {"source": self.source, "shape": shape.name, "file": file, **self._keys}
        )

    @property
    def _keys(self) -> dict[str, Any]:
        return {"import_id": self.import_id, "source_key": self.source_key}

    def _table(self, name: str, query: str) -> None:
        self.warehouse.run(f"create or replace temp table {name} as {query}")


_KEEP_ASIDE = """
insert into quarantine by name
with told as (
    select
        *,
        md5_number(
            concat_ws(chr(31), $source, $shape, coalesce(field, chr(28)), coalesce(value, chr(28)), raw)
        ) as quarantine_id,
    from aside
)
select
    quarantine_id, $import_id as import_id, $source_key as source_key, $shape as shape, $file as file,
    row, field, value, reason, raw,
from told
where quarantine_id not in (select quarantine_id from quarantine)
qualify row_number() over (partition by quarantine_id order by row) = 1
order by row
"""


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
