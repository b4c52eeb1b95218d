"""What in a folder is imported together: a file that is named for a shape, or a mapping with all it reads."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.shapes import SHAPES

ENDINGS = (".csv", ".csv.gz", ".ndjson", ".ndjson.gz", ".parquet")
FOREIGN = (".tsv", ".tsv.gz", ".json", ".json.gz", ".jsonl", ".jsonl.gz")  # what only mappings read
LONGEST_FIRST = "|".join(sorted(SHAPES, key=len, reverse=True))
NAMED = re.compile(rf"({LONGEST_FIRST})([^a-z].*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """Files that are imported together.

    Args:
        name: the name of the file, or of the mapping.
        files: by the names under which they are imported, which say the shape.
        looks: what changes when one of them does; empty while one cannot be read.
        size: of all of them, in bytes.
    """

    name: str
    files: Mapping[str, Path]
    looks: str
    size: int

    @property
    def looks_now(self) -> str:
        return looks_of(self.files)


@dataclass(frozen=True)
class Folder:
    """What lies in a folder, in the order of loading, and what of it cannot be taken."""

    units: tuple[Unit, ...]
    problems: tuple[str, ...]


def read(folder: Path) -> Folder:
    """Look over a folder. Hidden files and those with unknown endings are nobody's business."""
    shown = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    inside = [path for path in shown if path.resolve().is_relative_to(folder.resolve())]
    problems = [f"{path.name} leads out of the folder" for path in shown if path not in inside]
    mappings = [path for path in inside if path.suffix == ".sql" and path.stem in SHAPES and path.is_file()]
    units = [*_plain(inside), *_mapped(mappings, inside)]
    if not mappings:
        problems += [f"{path.name} is named for no shape" for path in inside if _is_stray(path)]
    ordered = sorted(units, key=lambda unit: (_order(unit), unit.name))
    return Folder(tuple(unit for unit in ordered if unit.looks and unit.size), tuple(problems))


def _plain(paths: list[Path]) -> Iterator[Unit]:
    for path in paths:
        stem, ending = split(path.name)
        named = NAMED.fullmatch(stem) if ending in ENDINGS and path.is_file() else None
        if named:
            yield _unit(path.name, {f"{named[1].lower()}{ending}": path})


def _mapped(mappings: list[Path], paths: list[Path]) -> Iterator[Unit]:
    """Each mapping with every file that it may read, down to those in folders."""
    if not mappings:
        return
    read = [path for path in paths if path.is_dir() or split(path.name)[1]]
    files = {str(file.relative_to(top.parent)): file for top in read for file in _files(top)}
    for mapping in mappings:
        yield _unit(mapping.name, {mapping.name: mapping} | files)


def _files(top: Path) -> list[Path]:
    below = sorted(top.rglob("*")) if top.is_dir() else [top]
    return [file for file in below if file.is_file() and not file.name.startswith(".")]


def _unit(name: str, files: Mapping[str, Path]) -> Unit:
    try:
        size = sum(file.stat().st_size for file in files.values())
    except OSError:
        size = 0
    return Unit(name, files, looks_of(files), size)


def _order(unit: Unit) -> int:
    shape = next(iter(unit.files)).partition(".")[0]
    return list(SHAPES).index(shape)


def _is_stray(path: Path) -> bool:
    stem, ending = split(path.name)
    return (
        path.is_file()
        and ending in (*ENDINGS, *FOREIGN)
        and not (ending in ENDINGS and NAMED.fullmatch(stem))
    )


def split(name: str) -> tuple[str, str]:
    """A file's name and its ending, if that is one that can be read."""
    known = sorted((*ENDINGS, *FOREIGN), key=len, reverse=True)
    ending = next((ending for ending in known if name.lower().endswith(ending)), "")
    return (name[: -len(ending)], ending) if ending else (name, "")


def looks_of(files: Mapping[str, Path]) -> str:
    """Size and time of change of every file; empty where one of them went away meanwhile."""
    try:
        stats = [(name, file.stat()) for name, file in sorted(files.items())]
    except OSError:
        return ""
    told = "\n".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:24]
