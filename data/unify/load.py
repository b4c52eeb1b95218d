"""Imports a folder of files: the whole of it, or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.errors import BadInput
from data.settings import known_zone
from data.shapes import SHAPES
from data.store.warehouse import StoreError, Warehouse, first_line
from data.unify.folder import Incoming, Survey, survey
from data.unify.merge import Merge
from data.unify.stage import Staged, stage_csv, stage_ndjson, stage_parquet
from data.unify.text import read_header


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


def _silent(shape: str, rows: int) -> None:
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
    with warehouse.scratch_folder() as scratch, _staged(warehouse, found, scratch) as staged:
        with warehouse.transaction():
            merge = _begin(warehouse, folder, source, read_in, strict, now)
            for incoming, rows in zip(found.files, staged, strict=True):
                merge.take(rows, incoming.shape)
                progress(incoming.shape.name, merge.tally(incoming.shape).read)
            counts = _counts(merge)
    return ImportReport(merge.import_id, source, counts, found.problems)


def _zone(warehouse: Warehouse, source: str, zone: str | None) -> str:
    try:
        return known_zone(zone) if zone else warehouse.settings.zone_of(source)
    except ValueError as unknown:
        raise BadInput(f"The zone {unknown}.") from unknown


def _begin(warehouse: Warehouse, folder: Path, source: str, zone: str, strict: bool, now: datetime) -> Merge:
    import_id = warehouse.value("select coalesce(max(import_id), 0) + 1 from imports")
    if not warehouse.rows("select 1 from sources where source = $source", {"source": source}):
        warehouse.run(
            "insert into sources select coalesce(max(source_key), 0) + 1, $source from sources",
            {"source": source},
        )
    source_key = warehouse.value("select source_key from sources where source = $source", {"source": source})
    warehouse.run(
        "insert into imports values ($import_id, $source_key, $folder, $now)",
        {"import_id": import_id, "source_key": source_key, "folder": str(folder.resolve()), "now": now},
    )
    return Merge(warehouse, import_id, source, source_key, zone, strict)


@contextmanager
def _staged(warehouse: Warehouse, found: Survey, scratch: Path) -> Iterator[list[Staged]]:
    """All files as they are, in temporary tables made before the transaction: only then are rows numbered."""
    tables = [f"staged_{place}" for place in range(len(found.files))]
    try:
        yield [
            _stage(warehouse, incoming, table) for incoming, table in zip(found.files, tables, strict=True)
        ]
    finally:
        for table in tables:
            warehouse.run(f"drop table if exists {table}")


def _stage(warehouse: Warehouse, incoming: Incoming, table: str) -> Staged:
    path, shape = incoming.path, incoming.shape
    try:
        if path.name.endswith(".parquet"):
            staged = stage_parquet(warehouse, path, shape)
        elif path.name.endswith(".ndjson"):
            staged = stage_ndjson(warehouse, table, path, shape)
        else:
            staged = stage_csv(warehouse, table, path, read_header(path, path.name), shape)
    except StoreError as failure:
        raise BadInput(f"{path.name} cannot be read: {first_line(failure)}.") from failure
    if missing := [name for name in shape.required if name not in staged.columns]:
        raise BadInput(f"{path.name} lacks the column {missing[0]}; it has: {', '.join(staged.columns)}.")
    return staged


def _counts(merge: Merge) -> tuple[ShapeCount, ...]:
    counts = tuple(
        ShapeCount(name, tally.read, tally.added, tally.repeated, tally.waiting, tally.quarantined)
        for name, tally in merge.tallies.items()
    )
    for count in counts:
        merge.warehouse.run(
            "insert into import_counts values "
            "($import_id, $shape, $read, $added, $repeated, $waiting, $quarantined)",
            {"import_id": merge.import_id, **vars(count)},
        )
    return counts
