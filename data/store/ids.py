"""Sets of 128-bit ids that answer at once which of many are in them, however many they hold.

The ids are hashes, so that no order or range tells where one lies: sorted runs are searched, a few large ones
and some small ones that grow together as an LSM tree's do.
"""

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
    """Ids as they come: two words each, and what each stands for (all 0 where only being there counts)."""

    high: Words
    low: Words
    number: Numbers

    @classmethod
    def of(cls, high: Words, low: Words, number: Numbers | None = None) -> Self:
        return cls(high, low, np.zeros(len(high), np.int32) if number is None else number)

    def __len__(self) -> int:
        return len(self.high)

    def sorted(self) -> "Ids":
        return self._in(np.argsort(self.high))

    def mended(self) -> "Ids":
        """Sorted, where sorted stretches follow each other: this kind of sorting finds them."""
        return self._in(np.argsort(self.high, kind="stable"))

    def _in(self, order: NDArray[np.intp]) -> "Ids":
        return Ids(self.high[order], self.low[order], self.number[order])

    def find(self, high: Words, low: Words) -> Numbers:
        """For each id asked for, its number here or `NONE`; these ids must be sorted."""
        place = np.searchsorted(self.high, high)
        found = np.full(len(high), NONE, np.int32)
        asked = np.flatnonzero(place < len(self))
        while len(asked):  # once, but where two ids share their first word
            asked = asked[self.high[place[asked]] == high[asked]]
            met = self.low[place[asked]] == low[asked]
            found[asked[met]] = self.number[place[asked[met]]]
            asked = asked[~met]
            place[asked] += 1
            asked = asked[place[asked] < len(self)]
        return found


def joined(runs: list[Ids]) -> Ids:
    return Ids(
        np.concatenate([run.high for run in runs]),
        np.concatenate([run.low for run in runs]),
        np.concatenate([run.number for run in runs]),
    )


@dataclass
class IdSet:
    """A set of ids; what was added last can be taken back until it is settled."""

    runs: list[Ids] = field(default_factory=list)
    unsettled: list[Ids] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.runs)) + sum(map(len, self.unsettled))

    def add(self, ids: Ids) -> None:
        """Add ids that are not in the set."""
        if len(ids):
            self.unsettled.append(ids.sorted())
            _grow_together(self.unsettled)

    @property
    def highest(self) -> int:
        """The highest number; 0 where there is none."""
        return max((int(run.number.max()) for run in (*self.runs, *self.unsettled)), default=0)

    def settle(self) -> None:
        for run in self.unsettled:
            self.runs.append(run)
            _grow_together(self.runs)
        self.unsettled.clear()

    def take_back(self) -> None:
        self.unsettled.clear()

    def find(self, high: Words, low: Words) -> Numbers:
        """For each id asked for, its number or `NONE`."""
        order = np.argsort(high)  # neighbours in the question are neighbours in a run
        high, low = high[order], low[order]
        found = np.full(len(high), NONE, np.int32)
        for run in (*self.runs, *self.unsettled):
            np.maximum(found, run.find(high, low), out=found)
        answer = np.empty_like(found)
        answer[order] = found
        return answer


def _grow_together(runs: list[Ids]) -> None:
    """Join the last runs as long as they are alike in size, so that there are few of them."""
    while len(runs) > 1 and len(runs[-2]) < 2 * len(runs[-1]) and len(runs[-2]) + len(runs[-1]) <= LARGEST:
        last = [runs.pop(), runs.pop()]
        runs.append(joined(last[::-1]).mended())
