"""What a folder holds: which file is of which shape, and what is not understood."""

from dataclasses import dataclass
from pathlib import Path

from data.errors import BadInput
from data.shapes import SHAPES, Shape

_ENDINGS = (".csv", ".csv.gz", ".parquet", ".ndjson", ".ndjson.gz")


@dataclass(frozen=True)
class Incoming:
    """A file that holds rows of a shape."""

    path: Path
    shape: Shape


@dataclass(frozen=True)
class Survey:
    files: tuple[Incoming, ...]
    problems: tuple[str, ...]


def survey(folder: Path) -> Survey:
    """Look over the top level of a folder.

    Raises:
        BadInput: it is not a folder, or holds nothing that can be imported.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.")
    shown = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    files = [Incoming(path, SHAPES[stem(path)]) for path in shown if stem(path) in SHAPES]
    if not files:
        raise BadInput(f"{folder} holds no file named for a shape, such as accounts.csv or events.parquet.")
    order = list(SHAPES)
    files.sort(key=lambda incoming: order.index(incoming.shape.name))
    known = {incoming.path for incoming in files}
    return Survey(
        tuple(files), tuple(f"{path.name} was not read: {_why(path)}." for path in shown if path not in known)
    )


def stem(path: Path) -> str:
    """The file's name without an ending that Holdfast reads, or nothing."""
    found = next(
        (ending for ending in sorted(_ENDINGS, key=len, reverse=True) if path.name.endswith(ending)), ""
    )
    return path.name.removesuffix(found) if found and path.is_file() else ""


def _why(path: Path) -> str:
    if path.is_dir():
        return "folders inside the folder are read only through a mapping"
    if stem(path):
        return f"there is no shape {stem(path)!r}; the shapes are {', '.join(SHAPES)}"
    return f"files end in {', '.join(_ENDINGS)}"
