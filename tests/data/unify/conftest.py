"""A folder to fill, and an import of it into a warehouse of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import ImportReport, import_folder

NOW = datetime(2025, 1, 1)


@dataclass
class Desk:
    """A warehouse, and a folder whose files go into it."""

    warehouse: Warehouse
    folder: Path
    reports: list[ImportReport] = field(default_factory=list)

    def put(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def load(self, **options: Any) -> ImportReport:
        self.reports.append(import_folder(self.warehouse, self.folder, now=NOW, **options))
        return self.reports[-1]

    def take(self, name: str, text: str | bytes, **options: Any) -> tuple[int, int, int, int, int]:
        """Import one file; read, added, repeated, waiting, quarantined of its shape."""
        self.put(name, text)
        shape = name.split(".", maxsplit=1)[0]
        count = next(count for count in self.load(**options).counts if count.shape == shape)
        return count.read, count.added, count.repeated, count.waiting, count.quarantined

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.warehouse.rows(sql)

    def column(self, sql: str) -> list[Any]:
        return [row[0] for row in self.rows(sql)]

    def set_aside(self) -> list[tuple[Any, ...]]:
        return self.rows("select row, field, value, reason from quarantine_listing order by file, row")


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    opened: list[Warehouse] = []

    def opening(**settings: Any) -> Desk:
        place = tmp_path / f"desk_{len(opened)}"
        (place / "in").mkdir(parents=True)
        opened.append(Warehouse.open(Settings(home=place / "home", **settings)))
        return Desk(opened[-1], place / "in")

    yield opening
    for warehouse in opened:
        warehouse.close()


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()
