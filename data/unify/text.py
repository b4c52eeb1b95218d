"""Reads the text formats: what a CSV file's first line says, and files too broken for the fast reader."""

import csv
from dataclasses import dataclass
from pathlib import Path

from data.errors import BadInput

_DELIMITERS = ",;\t|"
_HEAD = 1 << 16
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Header:
    """The columns of a CSV file, in its order, and what separates them."""

    columns: tuple[str, ...]
    delimiter: str


def read_header(path: Path, name: str) -> Header:
    """The first line of a CSV file.

    Raises:
        BadInput: the file is empty, not UTF-8, or names a column twice.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(f"{name} is UTF-16 text; save it as UTF-8.")
    line = head.removeprefix(_BOM).split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", errors="replace")
    if not line.strip():
        raise BadInput(f"{name} is empty: its first line must name the columns.")
    delimiter = max(_DELIMITERS, key=line.count)
    found = next(csv.reader([line], delimiter=delimiter))
    columns = tuple(normal(column) or f"column_{place}" for place, column in enumerate(found, start=1))
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise BadInput(f"{name} has the column {twice[0]} more than once.")
    return Header(columns, delimiter)


def normal(name: str) -> str:
    """A column's name as the shapes write it: ` Account ID` is `account_id`."""
    return "_".join(name.strip().lower().split())
