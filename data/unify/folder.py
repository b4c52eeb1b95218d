"""What a folder holds: which file is of which shape, what a mapping may read, and what is not understood."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import BadInput
from data.shapes import SHAPES, Shape
from data.speech import english

_SHAPE_ENDINGS = (".csv.gz", ".csv", ".parquet", ".ndjson.gz", ".ndjson")
_FORMATS = {
    ".csv": "csv",
    ".csv.gz": "csv",
    ".tsv": "csv",
    ".tsv.gz": "csv",
    ".json": "json",
    ".json.gz": "json",
    ".jsonl": "json",
    ".jsonl.gz": "json",
    ".ndjson": "json",
    ".ndjson.gz": "json",
    ".parquet": "parquet",
}
MAPPING = ".sql"


@dataclass(frozen=True)
class Incoming:
    """A file that holds rows of a shape, or a mapping that selects them."""

    path: Path
    shape: Shape

    @property
    def is_mapping(self) -> bool:
        return self.path.suffix == MAPPING


@dataclass(frozen=True)
class Foreign:
    """Files of one format that a mapping sees as one table."""

    format: str
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Survey:
    files: tuple[Incoming, ...]
    problems: tuple[str, ...]
    tables: Mapping[str, Foreign] = field(default_factory=dict)


def survey(folder: Path) -> Survey:
    """Look over a folder; below its top level only a mapping sees anything.

    Raises:
        BadInput: it is not a folder, holds nothing that can be imported, or gives a shape twice.
    """
    if not folder.is_dir():
        raise BadInput(english("{folder} is not a folder.", folder=folder))
    shown = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    files = _in_order_of_loading(path for path in shown if shape_of(path))
    if not files:
        raise BadInput(
            english(
                "{folder} holds no file named for a shape, such as accounts.csv or "
                "events.parquet, and no mapping such as accounts.sql.",
                folder=folder,
            )
        )
    _refuse_doubles(files)
    if not any(incoming.is_mapping for incoming in files):
        return Survey(
            files, tuple(f"{path.name} was not read: {_why(path)}." for path in shown if not shape_of(path))
        )
    return _with_tables(folder, shown, files)


def _in_order_of_loading(paths: Iterable[Path]) -> tuple[Incoming, ...]:
    order = list(SHAPES)
    found = [Incoming(path, SHAPES[shape_of(path)]) for path in paths]
    return tuple(sorted(found, key=lambda incoming: (order.index(incoming.shape.name), incoming.path.name)))


def shape_of(path: Path) -> str:
    """The shape a file is named for, or nothing."""
    name = _without(path.name, (*_SHAPE_ENDINGS, MAPPING))
    return name if name in SHAPES and path.is_file() else ""


def _without(name: str, endings: Iterable[str]) -> str:
    found = next((ending for ending in sorted(endings, key=len, reverse=True) if name.endswith(ending)), "")
    return name.removesuffix(found) if found else ""


def _refuse_doubles(files: tuple[Incoming, ...]) -> None:
    for mapping in files:
        others = [other.path.name for other in files if other.shape == mapping.shape and other != mapping]
        if mapping.is_mapping and others:
            raise BadInput(
                english(
                    "{name} and {others} both give {shape}; keep one of them.",
                    name=mapping.path.name,
                    others=others[0],
                    shape=mapping.shape.name,
                )
            )


def _why(path: Path) -> str:
    if path.is_dir():
        return "folders inside the folder are read only through a mapping"
    if name := _without(path.name, (*_SHAPE_ENDINGS, MAPPING)):
        return f"there is no shape {name!r}; the shapes are {', '.join(SHAPES)}"
    return f"the files read are {', '.join(_SHAPE_ENDINGS)}"


def _with_tables(folder: Path, shown: list[Path], files: tuple[Incoming, ...]) -> Survey:
    """The survey of a folder with mappings: every data file, and every folder of them, is a table."""
    tables: dict[str, Foreign] = {}
    problems = []
    for path in shown:
        if path.name.endswith(MAPPING):
            problems += [] if shape_of(path) else [f"{path.name} was not read: {_why(path)}."]
            continue
        try:
            name, found = _table(folder, path)
        except BadInput as failure:
            problems.append(str(failure))
            continue
        if name in tables:
            raise BadInput(
                english(
                    "{name} and {other} would both be the table {table}.",
                    name=tables[name].files[0].name,
                    other=path.name,
                    table=name,
                )
            )
        tables[name] = found
    return Survey(files, tuple(problems), tables)


def _table(folder: Path, path: Path) -> tuple[str, Foreign]:
    inside = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    if any(not file.resolve().is_relative_to(folder.resolve()) for file in inside):
        raise BadInput(english("{name} was not read: it leads out of the folder.", name=path.name))
    data = [file for file in inside if _format(file)]
    formats = Counter(_format(file) for file in data)
    if not data:
        raise BadInput(english("{name} was not read: it holds no CSV, JSON or Parquet.", name=path.name))
    if len(formats) > 1:
        raise BadInput(
            english(
                "{name} was not read: it mixes {formats}.",
                name=path.name,
                formats=" and ".join(sorted(formats)),
            )
        )
    name = path.name if path.is_dir() else _without(path.name, _FORMATS)
    return name, Foreign(_format(data[0]), tuple(data))


def _format(path: Path) -> str:
    stem = _without(path.name, _FORMATS)
    return _FORMATS[path.name.removeprefix(stem)] if stem else ""
