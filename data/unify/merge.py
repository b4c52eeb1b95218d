"""Takes the checked rows of a file into the store: each fact once, the first to come wins."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data.errors import BadInput
from data.shapes import SHAPES, Shape
from data.store.local_time import FIRST, LAST, day_of, jumps
from data.store.warehouse import Warehouse
from data.unify.check import Check, Clock, checks
from data.unify.facts import changes_of_spans, checked_rows, set_aside_rows, stored_columns
from data.unify.stage import Staged

CHUNK = 1_000_000
_NOT_DOUBLED = (
    "not exists (select 1 from doubled as d where d.fact_id = f.fact_id and d.position <> f.position)"
)
_NOT_STORED = "f.fact_id not in (select fact_id from stored)"


@dataclass
class Tally:
    """What became of the rows of one shape."""

    read: int = 0
    added: int = 0
    repeated: int = 0
    waiting: int = 0
    quarantined: int = 0


@dataclass
class Merge:
    """One import on its way into the store."""

    warehouse: Warehouse
    import_id: int
    source: str
    source_key: int
    zone: str
    strict: bool
    tallies: dict[str, Tally] = field(default_factory=dict)

    def take(self, staged: Staged, shape: Shape) -> None:
        """Load the rows of one file, a stretch at a time so that memory stays flat."""
        found = checks(shape, staged.types, Clock(self.zone, self._years(staged, shape)))
        first_seq = self._next_seq(shape)
        for start in range(0, staged.end, CHUNK):
            _Stretch(self, staged, shape, found, start, first_seq).load()

    def tally(self, shape: Shape) -> Tally:
        return self.tallies.setdefault(shape.name, Tally())

    def table(self, name: str, query: str) -> None:
        self.warehouse.run(f"drop table if exists {name}")
        self.warehouse.run(f"create temp table {name} as {query}")

    def quarantine(self, file: str, shape: Shape) -> None:
        """Keep the rows of `aside` with their reasons; a strict import ends here."""
        if self.strict:
            row, why = self.warehouse.rows("select row, reason from aside order by row limit 1")[0]
            raise BadInput(f"{file}, row {row}: {why}; nothing was loaded.")
        self.warehouse.run(
            "insert into quarantine by name with told as (select *, md5_number(concat_ws(chr(31), "
            "$source, $shape, coalesce(field, chr(28)), coalesce(value, chr(28)), raw)) as quarantine_id from aside) "
            "select quarantine_id, $import_id as import_id, $source_key as source_key, $shape as shape, "
            "$file as file, row, field, value, reason, raw from told "
            "where quarantine_id not in (select quarantine_id from quarantine) "
            "qualify row_number() over (partition by quarantine_id order by row) = 1 order by row",
            {"source": self.source, "shape": shape.name, "file": file, **self.keys},
        )

    @property
    def keys(self) -> dict[str, Any]:
        return {"import_id": self.import_id, "source_key": self.source_key}

    def _years(self, staged: Staged, shape: Shape) -> tuple[int, int]:
        """The years that times without an offset may lie in."""
        whole = (FIRST.year, LAST.year)
        columns = [c.name for c in shape.columns if c.kind == "instant" and c.name in staged.columns]
        if not jumps(self.zone)[1] or not columns:
            return whole
        years = [f"substr(cast({staged.columns[name]} as varchar), 1, 4)" for name in columns]
        found = [f"min({year}), max({year})" for year in years]
        texts = [
            text for text in self.warehouse.rows(f"select {', '.join(found)} from {staged.origin}")[0] if text
        ]
        known = [int(text) for text in texts if text.isdecimal()]
        if len(known) < len(texts) or not known:
            return whole
        return max(whole[0], min(known)), min(whole[1], max(known))

    def _next_seq(self, shape: Shape) -> int:
        if shape.name == "events":
            return 0
        return int(self.warehouse.value(f"select coalesce(max(seq), -1) + 1 from {shape.rests_in}"))


@dataclass
class _Stretch:
    """About a million rows of one file."""

    merge: Merge
    staged: Staged
    shape: Shape
    found: tuple[Check, ...]
    start: int
    first_seq: int

    def load(self) -> None:
        merge, shape = self.merge, self.shape
        relation = self.staged.relation(shape, self.start, self.start + CHUNK)
        merge.table("checked", checked_rows(relation, shape, self.found, merge.source))
        read, bad = merge.warehouse.rows("select count(*), count(*) filter (where is_bad) from checked")[0]
        tally = merge.tally(shape)
        tally.read += read
        tally.quarantined += bad
        if bad:
            self._set_aside()
        facts, rests_as = "checked", shape
        if shape.name == "subscriptions":
            merge.table("facts", changes_of_spans(merge.source))
            facts, rests_as = "facts", SHAPES["subscription_changes"]
        added = self._add(facts, rests_as, self._fresh(facts), tally)
        tally.added += added
        tally.repeated += read - bad - added

    def _set_aside(self) -> None:
        relation = self.staged.relation(self.shape, self.start, self.start + CHUNK, with_raw=True)
        self.merge.table("aside", set_aside_rows(relation, self.shape, self.found))
        self.merge.quarantine(self.staged.file, self.shape)

    def _fresh(self, facts: str) -> str:
        """SQL, true for a fact `f` that is neither stored nor said earlier in this stretch."""
        merge, good = self.merge, f"select fact_id from {facts} where not is_bad"
        merge.table(
            "doubled",
            f"select fact_id, min(position) as position from {facts} where not is_bad "
            "group by fact_id having count(*) > 1",
        )
        merge.table("stored", f"select fact_id from {self.shape.rests_in} where fact_id in ({good})")
        conditions = ["not f.is_bad"]
        if merge.warehouse.value("select count(*) from doubled"):
            conditions.append(_NOT_DOUBLED)
        if merge.warehouse.value("select count(*) from stored"):
            conditions.append(_NOT_STORED)
        return " and ".join(conditions)

    def _add(self, facts: str, shape: Shape, fresh: str, tally: Tally) -> int:
        """Insert what is new; the number of the file's rows that brought something new."""
        origin = f"{facts} as f"
        if "account_id" in shape.names:
            self._name_new("account_keys", "account_key", "account_id", facts, "account_id")
            origin += " inner join account_keys as k on f.account_id = k.account_id"
        if shape.name == "events":
            self._name_new("event_names", "name_key", "name", facts, "name")
            origin += " inner join event_names as n on f.name = n.name"
        columns = stored_columns(shape, self._day(facts), self.first_seq)
        if shape.name == "events":
            columns = {name: sql for name, sql in columns.items() if name not in ("event_id", "name", "seq")}
        if shape.name == "subscription_changes":
            columns["ends_span"] = "f.ends_span" if facts == "facts" else "false"
        if shape.waits:
            tally.waiting += self._waiting(origin, fresh)
        rows = (
            self.merge.warehouse.value(f"select count(distinct row) from {facts} as f where {fresh}")
            if facts == "facts"
            else -1
        )
        added = self.merge.warehouse.run(
            f"insert into {shape.rests_in} ({', '.join(columns)}) "
            f"select {', '.join(columns.values())} from {origin} where {fresh}",
            self.merge.keys,
        )
        return added if rows < 0 else int(rows)

    def _waiting(self, origin: str, fresh: str) -> int:
        unknown = (
            "select account_key from account_keys where account_key not in (select account_key from accounts)"
        )
        if not self.merge.warehouse.value(f"select count(*) from ({unknown})"):
            return 0
        return int(
            self.merge.warehouse.value(
                f"select count(distinct row) from {origin} where {fresh} and k.account_key in ({unknown})"
            )
        )

    def _name_new(self, table: str, key: str, name: str, facts: str, column: str) -> None:
        self.merge.warehouse.run(
            f"insert into {table} ({key}, {name}) "
            f"with new as (select {column}, min(position) as first from {facts} "
            f"where not is_bad and {column} not in (select {name} from {table}) group by {column}) "
            f"select (select coalesce(max({key}), 0) from {table}) + row_number() over (order by first), {column} from new"
        )

    def _day(self, facts: str) -> str:
        if self.shape.name != "events":
            return ""
        first, last = self.merge.warehouse.rows(
            f"select min(occurred_at), max(occurred_at) from {facts} where not is_bad"
        )[0]
        zone = self.merge.warehouse.settings.timezone
        return day_of("f.occurred_at", zone, first, last) if isinstance(first, datetime) else "null"
