"""Imports of folders as they were read: one folder each, with a list of what is in it."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from data import disk
from data.errors import GiveUp
from data.settings import Settings
from data.shapes import SHAPES, Shape
from data.store.warehouse import StoreError, Warehouse, named, quoted
from data.unify.load import ImportOrder, load_staged
from data.unify.report import ImportReport
from data.unify.stage import NUMBER, Staged, stage_table
from data.unify.stage_text import lines_staged
from data.unify.text import Broken

PENDING = ".pending-"
NAME = "import-"
CONTENTS = "import.json"
LINE = "line"


@dataclass(frozen=True)
class KeptFile:
    """A file of an import: `file` is what it was called, `rows` where its rows are; `broken` were no rows."""

    shape: str
    file: str
    rows: str
    has_lines: bool  # of JSON, instead of columns
    broken: tuple[Broken, ...]


@dataclass(frozen=True)
class KeptImport:
    """An import in the archive, and its place among them.

    Args:
        import_id: what it was called in the warehouse.
        positions: how far each stream had been taken in before it.
    """

    folder: Path
    number: int
    import_id: int
    order: ImportOrder
    positions: Mapping[str, int]
    files: tuple[KeptFile, ...]


class Keeper:
    """Writes imports down before they are committed, and gives them their name after."""

    def __init__(self, settings: Settings, warehouse: Warehouse) -> None:
        self.settings, self.warehouse = settings, warehouse

    def keep(self, import_id: int, order: ImportOrder, pairs: Sequence[tuple[Shape, Staged]]) -> None:
        """Write what was read, in the import's own transaction; on the disk when this returns."""
        day = self.settings.archive / f"{order.now:%Y-%m-%d}"
        number = 1 + max((_number(place) for place in _places(self.settings)), default=0)
        place = day / f"{PENDING}{NAME}{number:010d}"
        disk.make_folder(day)
        place.mkdir()
        try:
            self._write(KeptImport(place, number, import_id, order, self._positions(), ()), pairs)
        except (OSError, StoreError):
            shutil.rmtree(place, ignore_errors=True)
            raise
        disk.sync(day)

    def _positions(self) -> dict[str, int]:
        return dict(self.warehouse.rows("select stream, position from positions order by stream"))

    def _write(self, kept: KeptImport, pairs: Sequence[tuple[Shape, Staged]]) -> None:
        files = [self._keep(kept.folder / f"{number}.parquet", *pair) for number, pair in enumerate(pairs)]
        disk.write(kept.folder / CONTENTS, _told(replace(kept, files=tuple(files))))

    def _keep(self, target: Path, shape: Shape, staged: Staged) -> KeptFile:
        rows = _rows(self.warehouse, staged)
        self.warehouse.run(f"copy ({rows}) to {quoted(str(target))} (format parquet, compression zstd)")
        disk.sync(target)
        return KeptFile(shape.name, staged.file, target.name, staged.raw == LINE, staged.broken)

    def settle(self) -> None:
        """Name what was committed, and remove what was not. Call it only while holding the warehouse."""
        for place in sorted(self.settings.archive.glob(f"*/{PENDING}{NAME}*")):
            kept = _read(place)
            if kept and self._is_committed(kept):
                disk.put_in_place(place, place.with_name(place.name.removeprefix(PENDING)))
            else:
                shutil.rmtree(place)

    def _is_committed(self, kept: KeptImport) -> bool:
        given = {"import_id": kept.import_id, "folder": kept.order.folder, "now": kept.order.now}
        wanted = "import_id = $import_id and folder = $folder and finished_at = $now"
        return bool(self.warehouse.rows(f"select 1 from imports where {wanted}", given))


def _rows(warehouse: Warehouse, staged: Staged) -> str:
    """SELECT of a file's columns as they came, each row behind its number."""
    if staged.raw == LINE:
        return f"select {staged.row} as {named(NUMBER)}, {LINE} from {staged.origin}"
    found = [name for name, *_ in warehouse.rows(f"describe select * from {staged.origin}")]
    given = [named(name) for name in found if name not in (NUMBER, staged.position)]
    return f"select {staged.row} as {named(NUMBER)}, {', '.join(given)} from {staged.origin}"


def _told(kept: KeptImport) -> str:
    told = asdict(kept) | {"folder": None}
    return json.dumps(told, default=datetime.isoformat, indent=1) + "\n"


def _read(place: Path) -> KeptImport | None:
    """An import as it was written down; None where its writer was killed before it ended."""
    try:
        told = json.loads((place / CONTENTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    order = ImportOrder(**(told["order"] | {"now": datetime.fromisoformat(told["order"]["now"])}))
    files = tuple(_file(one) for one in told["files"])
    return KeptImport(place, told["number"], told["import_id"], order, told["positions"], files)


def _file(told: dict[str, Any]) -> KeptFile:
    return KeptFile(**(told | {"broken": tuple(Broken(**one) for one in told["broken"])}))


def imports(settings: Settings) -> list[KeptImport]:
    """All imports in the archive, in the order in which they were done.

    Raises:
        GiveUp: one is damaged.
    """
    found = []
    for place in _places(settings):
        kept = _read(place)
        if kept is None:
            raise GiveUp(f"{place / CONTENTS} cannot be read; put {place} back from a backup.")
        found.append(kept)
    return found


def _places(settings: Settings) -> list[Path]:
    return sorted(settings.archive.glob(f"*/{NAME}*"), key=_number)


def _number(place: Path) -> int:
    return int(place.name.removeprefix(NAME))


def import_again(warehouse: Warehouse, kept: KeptImport) -> ImportReport:
    """Do an import again, from the archive.

    Raises:
        GiveUp: a file of it is damaged.
    """
    with warehouse.thrift(), _staged(warehouse, kept) as pairs:
        return load_staged(warehouse, kept.order, pairs)


@contextmanager
def _staged(warehouse: Warehouse, kept: KeptImport) -> Iterator[list[tuple[Shape, Staged]]]:
    with ExitStack() as tables:
        yield [tables.enter_context(_table(warehouse, kept, number)) for number in range(len(kept.files))]


@contextmanager
def _table(warehouse: Warehouse, kept: KeptImport, number: int) -> Iterator[tuple[Shape, Staged]]:
    """A kept file in a temporary table, staged as it was the first time."""
    file, table = kept.files[number], f"kept_{number}"
    path, shape = kept.folder / file.rows, SHAPES[file.shape]
    try:
        warehouse.run(f"create temp table {table} as select * from read_parquet({quoted(str(path))})")
    except StoreError as damaged:
        raise GiveUp(f"{path} cannot be read; put it back from a backup.") from damaged
    try:
        stage = lines_staged if file.has_lines else stage_table
        staged = stage(warehouse, table, file.file, shape)
        yield shape, Staged(**(vars(staged) | {"broken": file.broken}))
    finally:
        warehouse.run(f"drop table {table}")
