"""Copies what cannot be computed again: control store, inbox, archive, the metrics' history, settings."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from data import disk
from data.errors import BadInput, TryAgain
from data.settings import Settings, config_file
from data.snapshot import snapshot
from engine.control.copying import copy_out
from engine.control.store import Control

MANIFEST = "manifest.json"
ARCHIVE, HISTORY, MODELS = "archive", "history", "models"
MERGES = 5  # of the history, during one backup: there is one in two dozen editions
MARK = "holdfast backup"
STORES = ("inbox", "control")  # the inbox first: what leaves it later is in the archive by then
OTHERS = ("demo.json",)
Show = Callable[[str], None]


@dataclass(frozen=True)
class Copied:
    """A file of a backup: `name` is its path in the backup, `goes_to` its path in the home, if it has one."""

    name: str
    goes_to: str | None
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, and the instant it was taken."""

    taken_at: datetime
    files: tuple[Copied, ...]

    @property
    def bytes(self) -> int:
        return sum(copied.bytes for copied in self.files)


def backup(settings: Settings, folder: Path, *, now: datetime, show: Show) -> Manifest:
    """Make or renew a backup while everything runs; until it is whole, the one before stays valid.

    Raises:
        BadInput: the folder holds something else than a backup.
    """
    before = accepted(settings, folder)
    known = {copied.name: copied for copied in before.files} if before else {}
    files = [*_stores(settings, folder, now), *_archive(settings, folder, known, show)]
    files += _history(settings, folder, known)  # after the control store, which says how far it was judged
    files += [_kept(settings, folder, {}, model) for model in _models(settings)]
    files += _settings(settings, folder, now)
    manifest = Manifest(now, tuple(files))
    disk.write(folder / MANIFEST, told(manifest))
    _forget_others(folder, manifest)
    disk.write(settings.home / "backup.json", json.dumps({"at": now.isoformat(), "folder": str(folder)}))
    return manifest


def accepted(settings: Settings, folder: Path) -> Manifest | None:
    """The backup that is in the folder already; a new folder is marked as one."""
    if folder.resolve().is_relative_to(settings.home):
        raise BadInput(
            f"{folder} lies in the home {settings.home}, which it is to save; name another folder."
        )
    if not folder.exists() or not any(folder.iterdir()):
        disk.make_folder(folder)
        folder.chmod(0o700)
        disk.write(folder / MANIFEST, json.dumps({"what": MARK, "taken_at": None, "files": []}))
        return None
    return manifest_of(folder)


def manifest_of(folder: Path) -> Manifest | None:
    """What a backup says it holds; None where it was begun and never became whole.

    Raises:
        BadInput: the folder holds no backup.
    """
    try:
        given = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        given = None
    if not isinstance(given, dict) or given.get("what") != MARK:
        raise BadInput(f"{folder} holds no backup of Holdfast (no valid {MANIFEST}); name an empty folder.")
    if given["taken_at"] is None:
        return None
    files = tuple(Copied(**one) for one in given["files"])
    return Manifest(datetime.fromisoformat(given["taken_at"]), files)


def told(manifest: Manifest) -> str:
    files = [asdict(copied) for copied in manifest.files]
    given = {"what": MARK, "taken_at": manifest.taken_at.isoformat(), "files": files}
    return json.dumps(given, indent=1) + "\n"


def _stores(settings: Settings, folder: Path, now: datetime) -> Iterator[Copied]:
    for name in STORES:
        source = settings.home / f"{name}.sqlite"
        target = folder / f"{name}-{now:%Y%m%dT%H%M%S%f}.sqlite"
        if name == "control" and settings.control:
            copy_out(Control.open(settings), target)
        elif source.exists():
            snapshot(source, target)
        else:
            continue
        yield _copied(folder, target, source.name)


def _archive(settings: Settings, folder: Path, known: dict[str, Copied], show: Show) -> Iterator[Copied]:
    """Every finished file of the archive."""
    for number, source in enumerate(archived(settings)):
        show(f"archive: {number:,} files")
        yield _kept(settings, folder, known, source)


def _history(settings: Settings, folder: Path, known: dict[str, Copied]) -> list[Copied]:
    """Every file of the metrics' history; when a merge takes some away meanwhile, it is begun again."""
    for _ in range(MERGES):
        with suppress(FileNotFoundError):
            found = sorted((settings.home / HISTORY).glob("[0-9]*.parquet"))
            return [_kept(settings, folder, known, source) for source in found]
    raise TryAgain("The metrics' history is merged again and again; take the backup later.")


def _models(settings: Settings) -> list[Path]:
    """The churn models; each is whole from the moment it has its name."""
    return sorted(path for path in (settings.home / MODELS).glob("*") if not path.name.startswith("."))


def _kept(settings: Settings, folder: Path, known: dict[str, Copied], source: Path) -> Copied:
    """A file that never changes; one that an earlier backup holds is there already."""
    place = source.relative_to(settings.home)
    target, size = folder / place, source.stat().st_size
    there = known.get(str(place))
    if there and there.bytes == size and target.is_file() and target.stat().st_size == size:
        return there
    disk.make_folder(target.parent)
    _copy(source, target)
    return _copied(folder, target, str(place))


def archived(settings: Settings) -> list[Path]:
    """The files of the archive that will not change any more."""
    found = [path for path in settings.archive.rglob("*") if path.is_file()]
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(settings.home).parts)
    )


def _settings(settings: Settings, folder: Path, now: datetime) -> Iterator[Copied]:
    """The settings, for whoever restores to look at, and what else lies in the home."""
    sources: list[tuple[Path, str, str | None]] = [(config_file(), "holdfast.toml", None)]
    sources += [(settings.home / name, name, name) for name in OTHERS]
    for source, name, goes_to in sources:
        if source.is_file():
            target = folder / f"{Path(name).stem}-{now:%Y%m%dT%H%M%S%f}{Path(name).suffix}"
            _copy(source, target)
            yield _copied(folder, target, goes_to)


def _copy(source: Path, target: Path) -> None:
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, unfinished)
    disk.put_in_place(unfinished, target)


def _copied(folder: Path, target: Path, goes_to: str | None) -> Copied:
    name = str(target.relative_to(folder))
    return Copied(name, goes_to, target.stat().st_size, checksum(target))


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _forget_others(folder: Path, manifest: Manifest) -> None:
    """Remove what only an earlier backup in this folder held."""
    held = {folder / copied.name for copied in manifest.files} | {folder / MANIFEST}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in held:
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Last:
    """The backup made last, as this home remembers it."""

    at: datetime
    folder: str


def last(settings: Settings) -> Last | None:
    try:
        given = json.loads((settings.home / "backup.json").read_text(encoding="utf-8"))
        return Last(datetime.fromisoformat(given["at"]), given["folder"])
    except (OSError, ValueError, KeyError):
        return None
