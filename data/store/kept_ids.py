"""Sets of ids in files: sorted runs that are mapped into memory, so that opening one reads next to nothing.

They only repeat what the tables hold, so that any doubt is answered by reading the table again.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data import disk
from data.store.ids import Ids

_LIST = "runs.json"


@dataclass(frozen=True)
class Kept:
    """Runs of ids that hold all rows of a table up to a mark."""

    upto: int
    runs: list[Ids]

    @property
    def count(self) -> int:
        return sum(map(len, self.runs))


@dataclass(frozen=True)
class Shelf:
    """A folder of runs that belong to one table of one warehouse."""

    folder: Path
    warehouse_id: str

    def read(self) -> Kept:
        """What was listed last; nothing where that is of another warehouse or damaged."""
        try:
            listed = json.loads((self.folder / _LIST).read_text(encoding="utf-8"))
            if listed["warehouse_id"] == self.warehouse_id:
                runs = [self._mapped(run["file"], run["ids"], run["has_numbers"]) for run in listed["runs"]]
                return Kept(int(listed["upto"]), runs)
        except (OSError, ValueError, KeyError):
            pass
        self.clear()
        return Kept(-1, [])

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, ids: Ids) -> Ids:
        """The same ids, in a file; it counts once it is listed."""
        disk.make_folder(self.folder)
        file = f"{1 + max((int(path.stem) for path in self.folder.glob('*.ids')), default=0):08d}.ids"
        with (self.folder / file).open("wb") as out:
            for part in (ids.high, ids.low, ids.number):
                if part is not None:
                    part.tofile(out)
        return self._mapped(file, len(ids), ids.number is not None)

    def _mapped(self, file: str, count: int, has_numbers: bool) -> Ids:
        path = self.folder / file
        if path.stat().st_size != count * (20 if has_numbers else 16):
            raise ValueError(f"{path} is not whole")
        words = np.memmap(path, np.uint64, "r", shape=(2, count)).view(np.ndarray)
        number = np.memmap(path, np.int32, "r", offset=16 * count, shape=count) if has_numbers else None
        return Ids(words[0], words[1], None if number is None else number.view(np.ndarray), file)

    def list(self, kept: Kept) -> None:
        """From here on these are the runs of the table; other files go."""
        runs = [
            {"file": run.file, "ids": len(run), "has_numbers": run.number is not None} for run in kept.runs
        ]
        for run in kept.runs:
            disk.sync(self.folder / run.file)
        told = {"warehouse_id": self.warehouse_id, "upto": kept.upto, "runs": runs}
        disk.write(self.folder / _LIST, json.dumps(told, indent=1) + "\n")
        listed = {run.file for run in kept.runs}
        for path in self.folder.glob("*.ids"):
            if path.name not in listed:
                path.unlink()
