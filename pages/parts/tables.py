"""Tables that leave the pages as files."""

import polars as pl

DANGEROUS = r"^[=+\-@\t\r\n＝＋－＠]"


def csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(harmless(name) for name in texts).write_csv().encode()


def harmless(name: str) -> pl.Expr:
    text = pl.col(name)
    runs = text.str.contains(DANGEROUS) | text.str.strip_chars_start().str.contains(DANGEROUS)
    return pl.when(runs).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)
