"""Clears away what nobody needs any more: jobs long done, and what killed processes left behind."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.settings import Settings
from engine.control import jobs, sign_ins
from engine.control.store import Control

LEFT_BEHIND = timedelta(days=1)
OVER = timedelta(days=31)  # no sign-in lasts so long


def sweep(settings: Settings, control: Control, now: datetime) -> bool:
    jobs.prune(control, now)
    sign_ins.forget_old(control, now, OVER)
    for path in leftovers(settings.home / "tmp", now):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return True


def leftovers(folder: Path, now: datetime) -> list[Path]:
    """What lies in the temporary folder untouched for a day."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if now - _touched_at(path) > LEFT_BEHIND]


def _touched_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC).replace(tzinfo=None)
