"""Imports a folder of files: the whole of it, or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.errors import BadInput
from data.settings import known_zone
from data.store.warehouse import StoreError, Warehouse, first_line
from data.unify.folder import Incoming, Survey, survey
from data.unify.mapping import stage_mapping
from data.unify.merge import Merge
from data.unify.stage import Staged, stage_parquet
from data.unify.stage_text import stage_csv, stage_ndjson
from data.unify.text import unpacked


@dataclass(frozen=True)
class ShapeCount:
    """What became of the rows of one shape: read = added + repeated + quarantined."""

    shape: str
    read: int
    added: int
    repeated: int
    waiting: int  # of those added, how many wait for their account
    quarantined: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did; `problems` are sentences about what was left out."""

    import_id: int
    source: str
    counts: tuple[ShapeCount, ...]
    problems: tuple[str, ...]


def _silent(_shape: str, _rows: int) -> None:
    """Nobody watches."""


def import_folder(
    warehouse: Warehouse,
    folder: Path,
    *,
    source: str = "files",
    zone: str | None = None,
    strict: bool = False,
    now: datetime,
    progress: Callable[[str, int], None] = _silent,
) -> ImportReport:
    """Load the shape-named files of a folder, or what its mappings select, in one transaction.

    Times without an offset are read in `zone`, else in the zone the settings give for the source.

    Raises:
        BadInput: nothing can be loaded, or a row is bad and the import is strict; nothing was loaded.
    """
    found = survey(folder)
    read_in = _zone(warehouse, source, zone)
    with warehouse.thrift(), _staged(warehouse, found) as staged, warehouse.transaction():
        keys = _begin(warehouse, folder, source, now)
        merge = Merge(warehouse, source, *keys, zone=read_in, strict=strict, progress=progress)
        for incoming, rows in zip(found.files, staged, strict=True):
            merge.take(rows, incoming.shape)
        merge.finish()
        counts = _counts(merge)
    return ImportReport(merge.import_id, source, counts, found.problems)


def _zone(warehouse: Warehouse, source: str, zone: str | None) -> str:
    try:
        return known_zone(zone) if zone else warehouse.settings.zone_of(source)
    except ValueError as unknown:
        raise BadInput(f"The zone {unknown}.") from unknown


@contextmanager
def _staged(warehouse: Warehouse, found: Survey) -> Iterator[list[Staged]]:
    """All files as they are, in temporary tables made before the transaction: only then are rows numbered."""
    tables = [f"staged_{place}" for place in range(len(found.files))]
    with warehouse.scratch_folder() as scratch:
        try:
            pairs = zip(found.files, tables, strict=True)
            yield [_stage(warehouse, incoming, found, table, scratch) for incoming, table in pairs]
        finally:
            for table in tables:
                warehouse.run(f"drop table if exists {table}")


def _stage(warehouse: Warehouse, incoming: Incoming, found: Survey, table: str, scratch: Path) -> Staged:
    staged = _rows_of(warehouse, incoming, found, table, scratch)
    if missing := [name for name in incoming.shape.required if name not in staged.columns]:
        raise BadInput(f"{staged.file} lacks the column {missing[0]}; it has: {', '.join(staged.columns)}.")
    return staged


def _rows_of(warehouse: Warehouse, incoming: Incoming, found: Survey, table: str, scratch: Path) -> Staged:
    name, shape = incoming.path.name, incoming.shape
    try:
        if incoming.is_mapping:
            return stage_mapping(warehouse, incoming, found.tables, table, scratch)
        path = unpacked(incoming.path, scratch, table)
        if name.endswith(".parquet"):
            return stage_parquet(warehouse, path, name, shape)
        if ".ndjson" in name:
            return stage_ndjson(warehouse, table, path, name, shape)
        return stage_csv(warehouse, table, path, name, shape)
    except StoreError as failure:
        raise BadInput(f"{name} cannot be read: {first_line(failure)}.") from failure


def _begin(warehouse: Warehouse, folder: Path, source: str, now: datetime) -> tuple[int, int]:
    """Write the import down; its key and its source's."""
    import_id = warehouse.value("select coalesce(max(import_id), 0) + 1 from imports")
    warehouse.run(
        "insert into sources select (select coalesce(max(source_key), 0) + 1 from sources), $source "
        "where $source not in (select source from sources)",
        {"source": source},
    )
    source_key = warehouse.value("select source_key from sources where source = $source", {"source": source})
    warehouse.run(
        "insert into imports values ($import_id, $source_key, $folder, $now)",
        {"import_id": import_id, "source_key": source_key, "folder": str(folder.resolve()), "now": now},
    )
    return int(import_id), int(source_key)


def _counts(merge: Merge) -> tuple[ShapeCount, ...]:
    counts = tuple(ShapeCount(name, **vars(tally)) for name, tally in merge.tallies.items())
    for count in counts:
        merge.warehouse.run(
            "insert into import_counts values "
            "($import_id, $shape, $read, $added, $repeated, $waiting, $quarantined)",
            {"import_id": merge.import_id, **vars(count)},
        )
    return counts
