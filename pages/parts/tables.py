"""Tables that leave the pages as files."""

import polars as pl

from data.spreadsheets import harmless


def csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV that a spreadsheet may open."""
    return harmless(frame).write_csv().encode()
