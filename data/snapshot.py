"""Copies SQLite files while others write to them: each copy is the file at one instant."""

import sqlite3
from contextlib import closing
from pathlib import Path

from data import disk
from data.errors import GiveUp


def snapshot(source: Path, target: Path) -> None:
    """Copy a file in use; writers go on meanwhile. The copy is on the disk when this returns.

    Raises:
        GiveUp: the file is damaged.
    """
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            target.chmod(0o600)  # it may hold secrets
            old.backup(new)
            new.execute("pragma journal_mode = delete").fetchall()
    except sqlite3.DatabaseError as damaged:
        raise GiveUp(f"{source} cannot be copied ({damaged}).") from damaged
    disk.sync(target)
