"""Text that leaves as CSV: what a spreadsheet would run as a formula gets an apostrophe in front."""

import polars as pl

DANGEROUS = r"^[=+\-@\t\r\n＝＋－＠]"


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its text made harmless; numbers and dates stay as they are."""
    return frame.with_columns(told(name) for name, kind in frame.schema.items() if kind == pl.String)


def told(name: str) -> pl.Expr:
    text = pl.col(name)
    runs = text.str.contains(DANGEROUS) | text.str.strip_chars_start().str.contains(DANGEROUS)
    return pl.when(runs).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)
