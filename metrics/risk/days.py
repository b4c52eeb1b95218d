"""What was done in the ninety days before one, added up event by event: a bit for each day, name, user."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.risk.places import Rows, Vector

Bits = NDArray[np.uint64]
WEEK, MONTH, BEFORE, HALF, ALL = 7, 28, 56, 64, 91
BYTE = 256
UNIT = 1_048_576
ACTIVE = np.array([round(UNIT * 2.0 ** (-age / 7.0)) for age in range(2 * HALF)])
EVENT = np.array([round(UNIT * 2.0 ** (-age / 14.0)) for age in range(2 * HALF)])


class Usage:
    """Sums by account; the days of `near` are 0 to 63 days ago, those of `far` 64 and more."""

    ROWS = 2_000_000  # events read at once
    MOST = 100_000  # events of an account and a day that count

    def __init__(self, size: int) -> None:
        self.size = size
        self.near, self.far, self.names, self.users = (np.zeros(size, dtype=np.uint64) for _ in range(4))
        self.counts = {
            name: np.zeros(size, dtype=np.int64) for name in ("7", "28", "90", "before", "value", "recent")
        }

    def add(self, rows: Rows) -> None:
        age, place = rows.values("age"), rows.place
        order = np.argsort(age, kind="stable")  # small numbers are sorted by counting
        age, place = age[order], place[order]
        edges = np.searchsorted(age, np.arange(ALL + 1))
        for ago in np.unique(age).tolist():
            days = self.near if ago < HALF else self.far
            days[place[edges[ago] : edges[ago + 1]]] |= np.uint64(1 << (ago % HALF))
        week, month, before = (edges[ago + 1] for ago in (WEEK, MONTH, BEFORE))
        late = place[:month]
        self.plus("7", place[:week])
        self.plus("28", late)
        self.plus("90", place)
        self.plus("before", place[month:before])
        self.plus("recent", place, EVENT[age].astype(np.float64))
        self.plus("value", late[rows.values("is_value")[order][:month]])
        mark(self.names, late, rows.values("name")[order][:month])
        mark(self.users, late, rows.values("user")[order][:month])

    def plus(self, name: str, place: Any, weight: Vector | None = None) -> None:
        if len(place):
            self.counts[name] += np.bincount(place, weight, self.size).astype(np.int64)

    @property
    def is_crowded(self) -> bool:
        """Whether there may be a day with more events than count."""
        return bool((self.counts["90"] > self.MOST).any())

    def cap(self, crowded: Rows) -> None:
        """Take off what is beyond: account, age, and how many more there are."""
        np.subtract.at(
            self.counts["recent"], crowded.place, EVENT[crowded.values("age")] * crowded.values("more")
        )

    def told(self) -> dict[str, Vector]:
        """The features; NaN where nothing was done."""
        month, before = (1 << (MONTH + 1)) - 1, (1 << (BEFORE + 1)) - (1 << (MONTH + 1))
        near, far = self.near, self.far
        found = {
            "days_since_active": since(near, far),
            "active_7": counted(near & np.uint64((1 << (WEEK + 1)) - 1)),
            "active_28": counted(near & np.uint64(month)),
            "active_90": counted(near) + counted(far),
            "active_before": counted(near & np.uint64(before)),
            "recent_active": weighed(near, ACTIVE[:HALF]) + weighed(far, ACTIVE[HALF:]),
            "recent_events": self.counts["recent"].astype(np.float64),
            "value_28": self.counts["value"].astype(np.float64),
            "breadth_28": counted(self.names),
            "users_28": counted(self.users),
        }
        named = {"events_7": "7", "events_28": "28", "events_90": "90", "events_before": "before"}
        return found | {name: self.counts[count].astype(np.float64) for name, count in named.items()}


def mark(bits: Bits, place: Any, bit: NDArray[np.uint8]) -> None:
    """Set a bit of each account; one of 63 and more stands for nothing."""
    order = np.argsort(bit, kind="stable")
    edges = np.searchsorted(bit[order], np.arange(HALF))
    for number in range(HALF - 1):
        if edges[number] < edges[number + 1]:
            bits[place[order[edges[number] : edges[number + 1]]]] |= np.uint64(1 << number)


def counted(bits: Bits) -> Vector:
    return np.bitwise_count(bits).astype(np.float64)


def since(near: Bits, far: Bits) -> Vector:
    """The lowest bit that is set, NaN where none is."""
    with np.errstate(divide="ignore"):
        low, high = (np.log2((half & (~half + np.uint64(1))).astype(np.float64)) for half in (near, far))
    found = np.where(near > 0, low, high + HALF)
    return np.where((near | far) > 0, found, np.nan)


def weighed(bits: Bits, weights: NDArray[np.int64]) -> Vector:
    """The sum of the weights of the bits that are set: a byte at a time, from a table of all there are."""
    total = np.zeros(len(bits), dtype=np.int64)
    parts = np.ascontiguousarray(bits).view(np.uint8).reshape(-1, 8)  # the lowest byte first
    for number in range(8):
        own = weights[8 * number : 8 * number + 8]
        table = np.array(
            [sum(w for n, w in enumerate(own.tolist()) if byte >> n & 1) for byte in range(BYTE)]
        )
        total += table[parts[:, number]]
    return total.astype(np.float64)
