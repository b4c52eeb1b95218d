"""Sets of 128-bit ids that answer at once which of many are in them, however many they hold.

The ids are hashes, so that no order or range tells where one lies: sorted runs are searched, a few large ones
and some small ones that grow together as an LSM tree's do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Numbers = NDArray[np.int32]
LARGEST = 1 << 22  # runs of this size are left as they are: growing them further would take seconds
NONE = -1


@dataclass(frozen=True)
class Ids:
    """Ids: two words each, and the number each stands for, if being there is not all that counts.

    `file` is the name of the file they are read from, if they do not lie in memory.
    """

    high: Words
    low: Words
    number: Numbers | None = None
    file: str = ""

    def __len__(self) -> int:
        return len(self.high)

    def at(self, places: NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        number = None if self.number is None else self.number[places]
        return type(self)(self.high[places], self.low[places], number)

    def sorted(self) -> Self:
        return self.at(np.argsort(self.high))

    def find(self, high: Words, low: Words) -> Numbers:
        """For each id asked for, its number here or `NONE`; these ids must be sorted."""
        place = np.searchsorted(self.high, high)
        found = np.full(len(high), NONE, np.int32)
        asked = np.flatnonzero(place < len(self))
        while len(asked):  # once, but where two ids share their first word
            asked = asked[self.high[place[asked]] == high[asked]]
            is_met = self.low[place[asked]] == low[asked]
            met = asked[is_met]
            found[met] = 0 if self.number is None else self.number[place[met]]
            asked = asked[~is_met]
            place[asked] += 1
            asked = asked[place[asked] < len(self)]
        return found


def joined(one: Ids, other: Ids) -> Ids:
    """Two sorted runs as one: this kind of sorting finds that they are sorted."""
    high = np.concatenate([one.high, other.high])
    low = np.concatenate([one.low, other.low])
    numbers = [run.number for run in (one, other) if run.number is not None]
    order = np.argsort(high, kind="stable")
    return Ids(high, low, np.concatenate(numbers) if numbers else None).at(order)


@dataclass
class IdSet:
    """A set of ids; what was added last can be taken back until it is settled.

    `write` puts a run into a file and gives it back from there; where it cannot, runs stay in memory.
    """

    runs: list[Ids] = field(default_factory=list)
    unsettled: list[Ids] = field(default_factory=list)
    write: Callable[[Ids], Ids] | None = None
    has_new_files: bool = False

    def __len__(self) -> int:
        return sum(map(len, self.runs)) + sum(map(len, self.unsettled))

    @property
    def highest(self) -> int:
        """The highest number; 0 where there is none."""
        numbers = [run.number for run in (*self.runs, *self.unsettled) if run.number is not None]
        return max((int(number.max()) for number in numbers), default=0)

    @property
    def in_memory(self) -> int:
        return sum(len(run) for run in self.runs if not run.file)

    def add(self, ids: Ids) -> None:
        """Add ids that are not in the set."""
        if len(ids):
            self.unsettled.append(ids.sorted())
            _grow_together(self.unsettled)
            self.unsettled = self._written(self.unsettled, LARGEST // 2)

    def _written(self, runs: list[Ids], least: int) -> list[Ids]:
        """The runs, those of at least that many ids in files."""
        return [run if run.file or len(run) < least else self._in_file(run) for run in runs]

    def _in_file(self, run: Ids) -> Ids:
        if self.write is None:
            return run
        self.has_new_files = True
        try:
            return self.write(run)
        except OSError:
            return run

    def settle(self) -> None:
        for run in self.unsettled:
            self.runs.append(run)
            _grow_together(self.runs)
        self.unsettled.clear()

    def take_back(self) -> None:
        self.unsettled.clear()

    def find(self, high: Words, low: Words) -> Numbers:
        """For each id asked for, its number (0 where they have none) or `NONE`."""
        order = np.argsort(high)  # neighbours in the question are neighbours in a run
        high, low = high[order], low[order]
        found = np.full(len(high), NONE, np.int32)
        for run in (*self.runs, *self.unsettled):
            np.maximum(found, run.find(high, low), out=found)
        answer = np.empty_like(found)
        answer[order] = found
        return answer

    def keep(self) -> bool:
        """Put every settled run into a file; whether they all are in one now."""
        self.runs = self._written(self.runs, 0)
        self.has_new_files = False
        return all(run.file for run in self.runs)


def _grow_together(runs: list[Ids]) -> None:
    """Join the last runs as long as they are alike in size, so that there are few of them."""
    while len(runs) > 1 and len(runs[-2]) < 2 * len(runs[-1]) and len(runs[-2]) + len(runs[-1]) <= LARGEST:
        last = runs.pop()
        runs.append(joined(runs.pop(), last))
