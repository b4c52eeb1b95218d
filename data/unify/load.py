"""Loads facts: the files of a folder, the whole of it or nothing, or rows that are at hand."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from data.errors import BadInput
from data.settings import known_zone
from data.shapes import Shape
from data.speech import english
from data.store.warehouse import StoreError, Warehouse, first_line
from data.unify.aside import Bad
from data.unify.folder import Incoming, Survey, survey
from data.unify.loading import Load, begin
from data.unify.mapping import stage_mapping
from data.unify.merge import Merge, silent
from data.unify.report import ImportReport, ShapeCount
from data.unify.rows import Rows, in_order_of_loading, staged_frame
from data.unify.stage import Staged, stage_parquet
from data.unify.stage_text import stage_csv, stage_ndjson
from data.unify.text import unpacked


@dataclass(frozen=True)
class ImportOrder:
    """What an import was asked to do; `zone` is that of times without an offset, `folder` only names it."""

    folder: str
    source: str
    zone: str
    strict: bool
    now: datetime


Keep = Callable[[int, ImportOrder, Sequence[tuple[Shape, Staged]]], None]


def keep_nothing(_import_id: int, _order: ImportOrder, _pairs: Sequence[tuple[Shape, Staged]]) -> None:
    """Nobody asked for what was read to be kept."""


def import_folder(
    warehouse: Warehouse,
    folder: Path,
    *,
    source: str = "files",
    zone: str | None = None,
    strict: bool = False,
    now: datetime,
    progress: Callable[[str, int], None] = silent,
    keep: Keep = keep_nothing,
) -> ImportReport:
    """Load the shape-named files of a folder, or what its mappings select, in one transaction.

    Times without an offset are read in `zone`, else in the zone the settings give for the source.
    `keep` writes what was read to the archive, just before it is committed.

    Raises:
        BadInput: nothing can be loaded, or a row is bad and the import is strict; nothing was loaded.
    """
    found = survey(folder)
    order = ImportOrder(str(folder.resolve()), source, _zone(warehouse, source, zone), strict, now)
    with warehouse.thrift(), _staged(warehouse, found) as staged:
        pairs = [(one.shape, rows) for one, rows in zip(found.files, staged, strict=True)]
        report = load_staged(warehouse, order, pairs, progress=progress, keep=keep)
    return replace(report, problems=found.problems)


def load_staged(
    warehouse: Warehouse,
    order: ImportOrder,
    pairs: Sequence[tuple[Shape, Staged]],
    *,
    progress: Callable[[str, int], None] = silent,
    keep: Keep = keep_nothing,
) -> ImportReport:
    """Load what was staged before, in one transaction, as one import."""
    with warehouse.transaction():
        load = begin(warehouse, order.source, order.now)
        merge = Merge(load, order.zone, order.strict, progress)
        for shape, rows in pairs:
            merge.take(rows, shape)
        counts = merge.finish()
        _keep_import(load, order, counts)
        keep(load.import_id, order, pairs)
    return ImportReport(load.import_id, order.source, counts)


def _zone(warehouse: Warehouse, source: str, zone: str | None) -> str:
    try:
        return known_zone(zone) if zone else warehouse.settings.zone_of(source)
    except ValueError as unknown:
        raise BadInput(english("The zone {unknown}.", unknown=unknown)) from unknown


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
        raise BadInput(
            english(
                "{file} lacks the column {missing}; it has: {columns}.",
                file=staged.file,
                missing=missing[0],
                columns=", ".join(staged.columns),
            )
        )
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
        raise BadInput(
            english("{name} cannot be read: {first_line}.", name=name, first_line=first_line(failure))
        ) from failure


def load_rows(
    warehouse: Warehouse, source: str, rows: Sequence[Rows], bad: Sequence[Bad] = (), *, now: datetime
) -> ImportReport:
    """Load facts that are at hand, in the caller's transaction; bad rows are set aside."""
    load = begin(warehouse, source, now)
    merge = Merge(load, _zone(warehouse, source, None))
    for shape, frame in in_order_of_loading(rows):
        with staged_frame(warehouse, shape, frame) as staged:
            merge.take(staged, shape)
    merge.set_aside(bad)
    return ImportReport(load.import_id, source, merge.finish())


def _keep_import(load: Load, order: ImportOrder, counts: Sequence[ShapeCount]) -> None:
    """Write down that this folder was imported, and what became of its rows."""
    load.warehouse.run(
        "insert into imports values ($import_id, $source_key, $folder, $now)",
        {**load.keys, "folder": order.folder, "now": order.now},
    )
    for count in counts:
        load.warehouse.run(
            "insert into import_counts values "
            "($import_id, $shape, $read, $added, $repeated, $waiting, $quarantined)",
            {"import_id": load.import_id, **vars(count)},
        )
