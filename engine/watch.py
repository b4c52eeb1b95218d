"""Has the files of watched folders imported: a copy is taken, a job is asked for, its end is written down."""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from data.intake.inbox import Inbox
from data.intake.registry import Source
from data.settings import Settings
from data.sources import Due, Find
from data.sources.watched import ledger
from data.sources.watched.ledger import Asked, Taken
from data.sources.watched.units import looks_of
from engine.control import jobs
from engine.control.store import Control

MOST_AT_ONCE = 8  # imports asked for and not done: their copies take room on the disk
BLOCK = 1 << 20


@dataclass
class Watch:
    """One look into the folder of a source."""

    settings: Settings
    inbox: Inbox
    source: Source
    now: datetime

    def __post_init__(self) -> None:
        self.control = Control.open(self.settings)
        self.known = ledger.read(self.source.cursor)
        self.cursor = self.source.cursor
        self.rooms = self.settings.home / "watched" / self.source.name  # where copies wait to be imported

    def look(self, find: Find, params: Any) -> str | None:
        """Settle what was asked for, ask for what is due; what is wrong with the folder, in a sentence."""
        for name, asked in self.known.asked.items():
            self.settle(name, asked)
        found = find(params, ledger.write(self.known), self.now)
        self.known = ledger.read(found.cursor)
        for due in found.due[: max(0, MOST_AT_ONCE - len(self.known.asked))]:
            self.take(due, getattr(params, "zone", None))
            self.keep()
        self.keep()
        self.clear()
        return sentence([*self.known.wrong.values(), *found.problems])

    def settle(self, name: str, asked: Asked) -> None:
        """Write down what became of an import; one that was lost with its copies is asked for again."""
        job = jobs.find(self.control, asked.job)
        if job is not None and not job.is_over:
            return
        if job is None or (job.state == "failed" and not Path(asked.room).is_dir()):
            self.known = self.known.with_nothing_asked(name)
            return
        wrong = f"{name}: {job.error}" if job.state == "failed" else None
        self.known = self.known.with_taken(name, Taken(asked.looks, asked.stamp), wrong)

    def take(self, due: Due, zone: str | None) -> None:
        """Copy the files and ask for their import, unless they change meanwhile or hold what was taken."""
        self.rooms.mkdir(parents=True, exist_ok=True)
        room = Path(mkdtemp(prefix=f"{self.now:%Y%m%dT%H%M%S}-", dir=self.rooms))
        try:
            stamp = copied(due.files, room)
        except FileNotFoundError:
            return
        before = self.known.taken.get(due.name)
        if looks_of(due.files) != due.stamp:
            return
        if before and before.stamp == stamp:
            self.known = self.known.with_taken(
                due.name, Taken(due.stamp, stamp), self.known.wrong.get(due.name)
            )
            return
        given = {"folder": str(room), "source": self.source.name, "zone": zone, "strict": False}
        job = jobs.submit(self.control, "import", given, self.now)
        self.known = self.known.with_asked(due.name, Asked(due.stamp, stamp, job, str(room)))

    def keep(self) -> None:
        """Write the ledger down where it changed."""
        cursor = ledger.write(self.known)
        if cursor != self.cursor:
            self.inbox.put_pulled(self.source.name, [], cursor)
            self.cursor = cursor

    def clear(self) -> None:
        """Remove the copies that no import waits for any more."""
        waiting = {Path(asked.room) for asked in self.known.asked.values()}
        for left in self.rooms.iterdir() if self.rooms.is_dir() else ():
            if left not in waiting:
                shutil.rmtree(left, ignore_errors=True)


def copied(files: Mapping[str, Path], room: Path) -> str:
    """Copy files under their names; what tells their content from any other."""
    content = hashlib.sha256()
    for name, file in sorted(files.items()):
        target = room / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content.update(f"{name}\0{file.stat().st_size}\0".encode("utf-8", "surrogateescape"))
        with file.open("rb") as source, target.open("wb") as copy:
            while block := source.read(BLOCK):
                content.update(block)
                copy.write(block)
    return content.hexdigest()[:24]


def sentence(wrong: list[str]) -> str | None:
    if not wrong:
        return None
    more = f"; and {len(wrong) - 1} more files are not taken" if len(wrong) > 1 else ""
    return f"{wrong[0].rstrip('.')}{more}."
