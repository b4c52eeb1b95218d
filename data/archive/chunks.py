"""Deliveries that left the inbox: many to a file, in the order in which they were taken in."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from data import disk
from data.errors import GiveUp
from data.intake.delivery import Delivery
from data.settings import Settings

NAME = re.compile(r"deliveries-(\d{10})-([0-9a-f]+)-(\d+)-(\d+)\.parquet")
UNFINISHED = ".unfinished"
SCHEMA: dict[str, Any] = {
    "delivery_id": pl.Int64,
    "source": pl.String,
    "kind": pl.String,
    "received_at": pl.Datetime("us"),
    "headers": pl.String,  # a JSON object
    "body": pl.Binary,
}


@dataclass(frozen=True, order=True)
class Chunk:
    """A file of the deliveries `first` to `last` of the inbox `epoch`; `number` is its place among all."""

    number: int
    epoch: str
    first: int
    last: int
    path: Path

    @classmethod
    def of(cls, path: Path) -> "Chunk | None":
        found = NAME.fullmatch(path.name)
        if not found:
            return None
        number, epoch, first, last = found.groups()
        return cls(int(number), epoch, int(first), int(last), path)


def chunks(settings: Settings) -> list[Chunk]:
    """All files of deliveries, in the order in which they were written."""
    found = [Chunk.of(path) for path in settings.archive.glob("*/deliveries-*.parquet")]
    return sorted(chunk for chunk in found if chunk)


def archived_until(known: Iterable[Chunk], epoch: str) -> int:
    """The last delivery of an inbox that is in the archive; 0 where none is."""
    return max((chunk.last for chunk in known if chunk.epoch == epoch), default=0)


def keep(settings: Settings, number: int, epoch: str, deliveries: Sequence[Delivery]) -> Chunk:
    """Write deliveries down, oldest first; they are on the disk when this returns."""
    first, last = deliveries[0], deliveries[-1]
    day = settings.archive / f"{first.received_at:%Y-%m-%d}"
    disk.make_folder(day)
    name = f"deliveries-{number:010d}-{epoch}-{first.delivery_id}-{last.delivery_id}.parquet"
    unfinished, target = day / f"{UNFINISHED}-{name}", day / name
    try:
        _frame(deliveries).write_parquet(unfinished, compression="zstd")
        disk.put_in_place(unfinished, target)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    return Chunk(number, epoch, first.delivery_id, last.delivery_id, target)


def _frame(deliveries: Sequence[Delivery]) -> pl.DataFrame:
    columns: dict[str, list[Any]] = {
        name: [getattr(delivery, name) for delivery in deliveries] for name in SCHEMA if name != "headers"
    }
    columns["headers"] = [json.dumps(dict(delivery.headers)) for delivery in deliveries]
    return pl.DataFrame(columns, schema=SCHEMA)


def read(chunk: Chunk) -> Iterator[Delivery]:
    """The deliveries of a file, oldest first.

    Raises:
        GiveUp: the file is damaged.
    """
    try:
        frame = pl.read_parquet(chunk.path)
    except (OSError, pl.exceptions.PolarsError) as damaged:
        raise GiveUp(
            f"{chunk.path} cannot be read; put it back from a backup, or remove it and lose "
            f"deliveries {chunk.first} to {chunk.last}."
        ) from damaged
    for row in frame.iter_rows(named=True):
        yield _delivery(row)


def find(settings: Settings, delivery_id: int, source: str, kind: str) -> Delivery | None:
    """A delivery by its number; of several inboxes the last is meant. None where it is not in the archive."""
    wanted = (pl.col("delivery_id") == delivery_id, pl.col("source") == source, pl.col("kind") == kind)
    for chunk in reversed(chunks(settings)):
        if chunk.first <= delivery_id <= chunk.last:
            for row in pl.scan_parquet(chunk.path).filter(*wanted).collect().iter_rows(named=True):
                return _delivery(row)
    return None


def _delivery(row: dict[str, Any]) -> Delivery:
    return Delivery(**(row | {"headers": json.loads(row["headers"])}))


def sweep(settings: Settings) -> None:
    """Remove what was left behind by a process that was killed while writing."""
    for left in settings.archive.glob(f"*/{UNFINISHED}-*.parquet"):
        left.unlink(missing_ok=True)
