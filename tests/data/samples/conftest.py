from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from data.samples import company
from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import import_folder
from engine.refresh import refresh
from metrics.read import current
from tests.pages.once import made_once

NOW = datetime(2026, 3, 18, 14, 23, 5)


def read(path: Path) -> pl.DataFrame:
    if path.suffix == ".csv":
        frame = pl.read_csv(path, schema_overrides={"mrr": pl.Decimal(18, 4), "rate": pl.Decimal(18, 10)})
    else:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_ndjson(path)
    times = [name for name in frame.columns if name.endswith("_at") and frame[name].dtype == pl.String]
    return frame.with_columns(pl.col(times).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us"))


def tables(folder: Path) -> dict[str, pl.DataFrame]:
    return {path.name.split(".")[0]: read(path) for path in sorted(folder.iterdir())}


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def default_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company as `make run` makes it: made once, read by many."""
    return made_once(tmp_path_factory, "demo", lambda base: company.write(base / "home", now=NOW))


@pytest.fixture(scope="session")
def demo(default_folder: Path) -> dict[str, pl.DataFrame]:
    return tables(default_folder)


@pytest.fixture(scope="session")
def published(default_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """The demo company gone the whole way: imported, computed, published; the edition's name."""

    def make(base: Path) -> None:
        settings = Settings(home=base / "home")
        with Warehouse.open(settings) as warehouse:
            import_folder(warehouse, default_folder, source="demo", strict=True, now=NOW)
            refresh(settings, warehouse, NOW)

    settings = Settings(home=made_once(tmp_path_factory, "published_demo", make))
    return settings, str(current(settings))
