"""Writes a published table out: to standard output or to a file, as CSV, Parquet or JSON."""

import io
import os
import sys
from pathlib import Path
from typing import Literal

import polars as pl

from data.errors import BadInput

Format = Literal["csv", "parquet", "json"]


def write(frame: pl.DataFrame, form: Format, output: Path | None) -> None:
    """Write to the file, whole or not at all; without one, to standard output."""
    _put(rendered(frame, form), output)


def write_text(text: str, output: Path | None) -> None:
    """Write text in the same way."""
    _put(text.encode(), output)


def _put(content: bytes, output: Path | None) -> None:
    if output is None:
        _write_out(content)
        return
    fresh = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(output)
    except OSError as refused:
        fresh.unlink(missing_ok=True)
        raise BadInput(f"Cannot write {output}: {refused.strerror}.") from refused


def rendered(frame: pl.DataFrame, form: Format) -> bytes:
    sink = io.BytesIO()
    if form == "csv":
        frame.write_csv(sink, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
    elif form == "parquet":
        frame.write_parquet(sink)
    else:
        readable(frame).write_json(sink)
        sink.write(b"\n")
    return sink.getvalue()


def readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Instants as ISO text with their Z, as CSV has them, and money as plain numbers instead of text."""
    return frame.with_columns(
        pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"), pl.col(pl.Decimal).cast(pl.Float64)
    )


def _write_out(content: bytes) -> None:
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
