"""Writes a batch of a company as files named after the shapes: CSV (also gzip), NDJSON, Parquet."""

import csv
import gzip
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from tests.metrics.companies import Batch, Row

COLUMNS = {
    "accounts": ["account_id", "created_at"],
    "events": ["account_id", "occurred_at", "name"],
    "subscription_changes": ["subscription_id", "account_id", "effective_at", "mrr"],
    "subscriptions": ["subscription_id", "account_id", "started_at", "mrr"],
    "fx_rates": ["date", "currency", "rate"],
}
EPOCH = datetime(1970, 1, 1)


def write_batch(batch: Batch, folder: Path, seed: int) -> None:
    """Write every shape of the batch into `folder`, each in a form of its own."""
    folder.mkdir(parents=True)
    for shape, rows in batch.rows.items():
        rng = Random(f"{seed} {shape} {batch.as_of} {batch.zone}")
        rest = sorted({name for row in rows for name in row.values} - set(COLUMNS[shape]))
        given = [name for name in rest if any(row.values.get(name) is not None for row in rows)]
        columns = COLUMNS[shape] + (given if rng.random() < 0.5 else rest)
        rng.shuffle(columns)
        form = rng.choice([write_csv, write_csv, write_gzip, write_ndjson, write_parquet])
        form(folder / shape, columns, rows, batch.zone)


def write_csv(path: Path, columns: list[str], rows: list[Row], zone: str) -> None:
    path.with_suffix(".csv").write_text(csv_text(columns, rows, zone), encoding="utf-8", newline="")


def write_gzip(path: Path, columns: list[str], rows: list[Row], zone: str) -> None:
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(csv_text(columns, rows, zone).encode()))


def csv_text(columns: list[str], rows: list[Row], zone: str) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = cells_of(row, zone)
        writer.writerow([cells.get(name, "") for name in columns])
    return file.getvalue()


def write_ndjson(path: Path, columns: list[str], rows: list[Row], zone: str) -> None:
    lines = []
    for row in rows:
        cells: dict[str, str | None] = {**cells_of(row, zone)}
        rng = Random(row.salt)
        for name in columns:
            if cells.get(name, "") == "" and rng.random() < 0.7:
                cells.pop(name, None)
                cells |= {name: None} if rng.random() < 0.5 else {}
        lines.append(
            json.dumps({name: as_number(cells[name], rng, name) for name in columns if name in cells})
        )
    path.with_suffix(".ndjson").write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def as_number(text: str | None, rng: Random, name: str) -> Any:
    """Epochs, and amounts that survive as a JSON number, are numbers now and then."""
    if (
        text
        and name in ("occurred_at", "created_at", "effective_at")
        and text.isdigit()
        and rng.random() < 0.7
    ):
        return int(text)
    if name in ("mrr", "rate") and text and "," not in text and rng.random() < 0.5:
        try:
            return float(text) if Decimal(repr(float(text))) == Decimal(text) else text
        except ValueError:
            return text
    return text


def write_parquet(path: Path, columns: list[str], rows: list[Row], zone: str) -> None:
    """Typed columns; where a row is bad, text."""
    rng = Random(f"{path.name} {len(rows)} {zone}")
    arrays = [parquet_column(name, rows, zone, rng) for name in columns]
    pq.write_table(pa.table(dict(zip(columns, arrays, strict=True))), path.with_suffix(".parquet"))


def parquet_column(name: str, rows: list[Row], zone: str, rng: Random) -> pa.Array:
    values = [row.values.get(name) for row in rows]
    known = next((value for value in values if value is not None), None)
    if any(row.bad for row in rows) or known is None or isinstance(known, str) or rng.random() < 0.2:
        return pa.array([cells_of(row, zone).get(name) for row in rows], pa.string())
    if isinstance(known, datetime):
        return parquet_times(values, zone, rng)
    if isinstance(known, Decimal):
        return pa.array(values, pa.decimal128(18, 6 if name == "rate" else 4))
    return pa.array(values, pa.date32())


def parquet_times(values: list[datetime | None], zone: str, rng: Random) -> pa.Array:
    walls = [value and wall_time(value, zone, Random(1)) for value in values]
    if rng.random() < 0.4 and all(wall or not value for wall, value in zip(walls, values, strict=True)):
        return pa.array(walls, pa.timestamp("us"))
    if rng.random() < 0.3 and all(not value or value.microsecond % 1000 == 0 for value in values):
        return pa.array([value and int(epoch(value) * 1000) for value in values], pa.int64())
    return pa.array(values, pa.timestamp("us", tz="UTC"))


def cells_of(row: Row, zone: str) -> dict[str, str]:
    """Column → text, in one of the ways it may be written."""
    rng = Random(row.salt)
    cells = {name: text_of(value, zone, rng) for name, value in row.values.items()}
    if row.bad:
        cells |= {row.bad[0]: row.bad[1]}
    return cells


def text_of(value: Any, zone: str, rng: Random) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return time_text(value, zone, rng)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return rng.choice([str(value), f"{value:f}", f"{value.normalize():f}", f"+{value:f}"])
    return rng.choice([value, value.lower()]) if value in ("EUR", "GBP") else str(value)


def time_text(at: datetime, zone: str, rng: Random) -> str:
    """An instant as text: with an offset, without one in the source's zone, or as an epoch."""
    offset = timedelta(minutes=rng.choice([0, 120, -210, 345]))
    local = (at + offset).isoformat(sep=rng.choice(["T", " "]))
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(int(offset.total_seconds())) // 60
    ways = [
        f"{at.isoformat()}Z",
        f"{at.isoformat()}+00:00",
        f"{local}{sign}{minutes // 60:02}:{minutes % 60:02}",
    ]
    wall = wall_time(at, zone, rng)
    if wall is not None:
        ways += [wall.isoformat(), wall.isoformat(sep=" ")]
    if at.microsecond % 1000 == 0 and epoch(at) >= 10**9:
        ways.append(str(int(epoch(at) * 1000)))
    if at.microsecond == 0:
        ways.append(str(int(epoch(at))))
    if wall is not None and wall.time() == wall.time().min:
        ways.append(wall.date().isoformat())
    return rng.choice(ways)


def epoch(at: datetime) -> Decimal:
    gone = at - EPOCH
    return Decimal(gone.days * 86_400 + gone.seconds) + Decimal(gone.microseconds) / 10**6


def wall_time(at: datetime, zone: str, rng: Random) -> datetime | None:
    """What a clock in the zone shows, where that reads back as the same instant.

    Twice a year there is another text that does: one inside the hour that the clock skipped.
    """
    here = ZoneInfo(zone)
    around = [at.replace(tzinfo=UTC) - timedelta(hours=hours) for hours in (0, 3)]
    walls = {at + (moment.astimezone(here).utcoffset() or timedelta()) for moment in around}
    readable = sorted(wall for wall in walls if read_back(wall, here) == at)
    return rng.choice(readable) if readable else None


def read_back(wall: datetime, here: ZoneInfo) -> datetime:
    """A local time that comes twice is the earlier one; a skipped one counts with the offset before."""
    return wall.replace(tzinfo=here, fold=0).astimezone(UTC).replace(tzinfo=None)
