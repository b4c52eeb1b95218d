"""Files that last: what is put in place here is there after a loss of power, whole or not at all."""

import os
from pathlib import Path


def put_in_place(unfinished: Path, target: Path) -> None:
    """Give a finished file or folder its name in one step."""
    sync(unfinished)
    unfinished.rename(target)
    sync(target.parent)


def write(target: Path, content: str) -> None:
    """Write a small text file; a reader sees the old one or the new one."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        unfinished.write_text(content, encoding="utf-8")
        put_in_place(unfinished, target)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; each is named on the disk when this returns.

    Raises:
        FileExistsError: something else has that name.
    """
    if folder.is_dir():
        return
    if folder.exists():
        raise FileExistsError(
            f"{folder} must be a folder, and is a file: move it away, and it goes on by itself."
        )
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
