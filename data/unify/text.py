"""Reads the text formats: what a CSV file's first line says, and files too broken for the fast reader."""

import csv
import gzip
import io
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import BadInput
from data.speech import english

_DELIMITERS = ",;\t|"
_HEAD = 1 << 16
_BLOCK = 1 << 22
_BLANK = re.compile(rb"\n\r?\n")
_BOM = b"\xef\xbb\xbf"
_SHOWN = 2_000
_LONGEST = 10_000  # lines that one quoted value may run over

csv.field_size_limit(1 << 30)

TOO_FEW = english("the row has too few fields: {count} instead of {wanted}")
TOO_MANY = english("the row has too many fields: {count} instead of {wanted}")


@dataclass(frozen=True)
class Header:
    """The columns of a CSV file, in its order, and what separates them."""

    columns: tuple[str, ...]
    delimiter: str


@dataclass(frozen=True)
class Broken:
    """A record that is not one: where it stands, why, and its text."""

    row: int
    reason: str
    raw: str


@dataclass
class Mended:
    """A text file rewritten so that the fast reader takes it: each record with its row number before it."""

    path: Path
    broken: list[Broken] = field(default_factory=list)


def read_header(path: Path, name: str) -> Header:
    """The first line of a CSV file.

    Raises:
        BadInput: the file is empty, not UTF-8, or names a column twice.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(english("{name} is UTF-16 text; save it as UTF-8.", name=name))
    line = _decoded(head.removeprefix(_BOM).split(b"\n", 1)[0]).removesuffix("\r")
    if not line.strip():
        wrong = english("begins with an empty line") if head.strip() else english("is empty")
        raise BadInput(
            english("{name} {wrong}: its first line must name the columns.", name=name, wrong=wrong)
        )
    if "\0" in line:
        raise BadInput(english("{name} is not text: there are NUL bytes in its first line.", name=name))
    if "\r" in line:
        raise BadInput(
            english("{name} ends its lines with carriage returns alone; save it with line feeds.", name=name)
        )
    delimiter = max(_DELIMITERS, key=line.count)
    found = next(csv.reader([line], delimiter=delimiter))
    columns = tuple(normal(column) or f"column_{place}" for place, column in enumerate(found, start=1))
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise BadInput(english("{name} has the column {twice} more than once.", name=name, twice=twice[0]))
    return Header(columns, delimiter)


def normal(name: str) -> str:
    """A column's name as the shapes write it: ` Account ID` is `account_id`."""
    return "_".join(name.strip().lower().split())


def unpacked(path: Path, scratch: Path, name: str) -> Path:
    """The file, or what a .gz holds, in the scratch folder under a plain name without pattern signs.

    Raises:
        BadInput: the file ends in .gz and is not gzip.
    """
    plain = scratch / name
    if path.suffix != ".gz":
        plain.symlink_to(path.resolve())
        return plain
    try:
        with gzip.open(path) as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out, _BLOCK)
    except (OSError, EOFError, zlib.error) as failure:
        raise BadInput(english("{name} is not a whole gzip file.", name=path.name)) from failure
    return plain


def has_blank_lines(path: Path) -> bool:
    """Whether an empty line stands between others: the fast reader would not count it."""
    kept = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            joined = kept + block if kept else block
            end = len(joined.rstrip(b"\r\n"))
            if _BLANK.search(joined, 0, end):
                return True
            kept = joined[end : end + 16]  # what ends a block may go on in the next
    return False


def mend_csv(path: Path, scratch: Path, header: Header) -> Mended:
    """Rewrite a CSV file with broken records in it; each record keeps the number it had."""
    mended = Mended(scratch / f"{path.name}.mended")
    with mended.path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for row, record in _records(path, header.delimiter):
            if isinstance(record, Broken):
                mended.broken.append(record)
            elif len(record) != len(header.columns):
                mended.broken.append(_ragged(row, record, header))
            else:
                writer.writerow((row, *record))
    return mended


def _ragged(row: int, record: list[str], header: Header) -> Broken:
    wrong = TOO_FEW if len(record) < len(header.columns) else TOO_MANY
    reason = wrong.format(count=len(record), wanted=len(header.columns))
    return Broken(row, reason, header.delimiter.join(record))


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str] | Broken]]:
    """The records after the header, numbered as a spreadsheet numbers its rows; empty lines only count."""
    with path.open("rb") as file:
        lines = _Lines(file)
        lines.take()
        row = 1
        while (line := lines.take()) is not None:
            row += 1
            if line.strip(b"\r\n"):
                yield row, _record(row, line, lines, delimiter)


def _record(row: int, line: bytes, lines: "_Lines", delimiter: str) -> list[str] | Broken:
    try:
        if b'"' in line:
            return _quoted(line, lines, delimiter)
        return line.decode("utf-8").rstrip("\r\n").split(delimiter)
    except UnicodeDecodeError:
        return Broken(row, english("the row is not UTF-8 text"), _decoded(line)[:_SHOWN])
    except csv.Error:
        return Broken(
            row,
            english("a quoted value is not closed, or goes on after its closing quote"),
            _decoded(line)[:_SHOWN],
        )


def _quoted(line: bytes, lines: "_Lines", delimiter: str) -> list[str]:
    """A record with quotes, over as many lines as its quotes hold open.

    Where they never close, only the first line is given up, and reading goes on with the next.
    """
    parts = [line]
    while len(parts) <= _LONGEST:
        if (fields := _split(b"".join(parts), delimiter)) is not None:
            lines.skip(len(parts) - 1)
            return fields
        parts += lines.to_next_quote(len(parts) - 1)
    raise csv.Error("open")


def _split(record: bytes, delimiter: str) -> list[str] | None:
    """The fields of a whole record; None while a quote is open."""
    text = record.decode("utf-8").rstrip("\r\n")
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as failure:
        if "end of data" in str(failure):
            return None
        raise
    if len(found) != 1:
        raise csv.Error("more than one record")
    return found[0]


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").rstrip("\r\n")


class _Lines:
    """The lines of a file, with a look ahead."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self._ahead: list[bytes] = []

    def take(self) -> bytes | None:
        return self._ahead.pop(0) if self._ahead else (self._file.readline() or None)

    def to_next_quote(self, start: int) -> list[bytes]:
        """The lines from a place ahead to the next that has a quote in it, left where they are."""
        for place in range(start, start + _LONGEST):
            if place == len(self._ahead) and not self._read_ahead():
                break
            if b'"' in self._ahead[place]:
                return self._ahead[start : place + 1]
        raise csv.Error("no quote follows")

    def _read_ahead(self) -> bool:
        line = self._file.readline()
        self._ahead += [line] if line else []
        return bool(line)

    def skip(self, count: int) -> None:
        del self._ahead[:count]


def mend_ndjson(path: Path, scratch: Path) -> Mended:
    """Rewrite a file of JSON lines that is not UTF-8 throughout."""
    mended = Mended(scratch / f"{path.name}.mended")
    with path.open("rb") as file, mended.path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row, line in enumerate(file, start=1):
            try:
                writer.writerow((row, line.removeprefix(_BOM).decode("utf-8").strip()))
            except UnicodeDecodeError:
                mended.broken.append(
                    Broken(row, english("the line is not UTF-8 text"), _decoded(line)[:_SHOWN])
                )
    return mended
