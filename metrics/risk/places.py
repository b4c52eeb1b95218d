"""Where each account stands in arrays of a figure an account, and facts that are spread over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Whole = NDArray[np.integer[Any]]
NOBODY = -1
LEAST = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Places:
    """The accounts wanted, by key; `place`: of every key, where it stands, or `NOBODY`."""

    keys: Whole
    place: Whole

    @classmethod
    def of(cls, keys: Whole) -> "Places":
        """`keys`: in their order, each once."""
        place = np.full(int(keys[-1]) + 2 if len(keys) else 1, NOBODY, dtype=np.int32)
        place[keys] = np.arange(len(keys), dtype=np.int32)
        return cls(keys, place)

    @property
    def size(self) -> int:
        return len(self.keys)

    def rows(self, frame: pl.DataFrame) -> "Rows":
        """Those of a frame with `account_key` that are of accounts wanted."""
        place = self.place[np.minimum(frame["account_key"].to_numpy(), len(self.place) - 1)]
        wanted = place != NOBODY
        if wanted.all():
            return Rows(frame, place, self.size)
        return Rows(frame.filter(pl.Series(wanted)), place[wanted], self.size)


@dataclass(frozen=True)
class Rows:
    """Facts, and where the account of each stands among `size`."""

    frame: pl.DataFrame
    place: Whole
    size: int

    def values(self, name: str) -> NDArray[Any]:
        return self.frame[name].to_numpy()

    def having(self, **columns: Vector) -> "Rows":
        return Rows(
            self.frame.with_columns(**{n: pl.Series(v) for n, v in columns.items()}), self.place, self.size
        )

    def only(self, chosen: Whole) -> "Rows":
        if len(chosen) == len(self.place):
            return self
        return Rows(self.frame[chosen], self.place[chosen], self.size)

    def known(self, name: str) -> "Rows":
        """Those of which a column says something."""
        return self.only(np.flatnonzero(self.frame[name].is_not_null().to_numpy()))

    def last(self, *orders: str) -> "Rows":
        """Of each account the row that ranks highest."""
        return self.only(self.latest(self.place, *orders))

    def latest(self, group: Whole, *orders: str) -> Whole:
        """Of each group the row that ranks highest by one column, then the next; `group`: small numbers."""
        alone = np.bincount(group)[group] == 1 if len(group) else np.empty(0, dtype=bool)
        left = np.flatnonzero(~alone)
        for order in orders if len(left) else ():
            rank = self.rank(order, left)
            best = np.full(int(group.max()) + 1, LEAST)
            np.maximum.at(best, group[left], rank)
            left = left[rank == best[group[left]]]
        _, first = np.unique(group[left], return_index=True)
        return np.sort(np.concatenate([np.flatnonzero(alone), left[first]]))

    def rank(self, name: str, rows: Whole) -> Whole:
        column = self.frame[name][rows]
        return (column.rank("dense") if column.dtype == pl.String else column).cast(pl.Int64).to_numpy()

    def whose(self, name: str) -> Whole:
        """A number for each pair of an account and a column of text; an account with one row is its own."""
        shared = np.flatnonzero(np.bincount(self.place, minlength=self.size)[self.place] > 1)
        pairs = pl.DataFrame({"place": self.place[shared], "name": self.frame[name][shared]})
        found = self.place.astype(np.int64)
        if len(shared):
            number = pairs.select(pl.struct("place", "name").rank("dense")).to_series()
            found[shared] = self.size + number.cast(pl.Int64).to_numpy()
        return found

    def count(self) -> Vector:
        return np.bincount(self.place, minlength=self.size).astype(np.float64)

    def total(self, name: str) -> Vector:
        values = self.frame[name].fill_null(0.0).to_numpy()
        return np.bincount(self.place, values, self.size).astype(np.float64)

    def any(self, name: str) -> Vector:
        found = np.zeros(self.size)
        found[self.place[self.values(name)]] = 1.0
        return found

    def least(self, name: str) -> Vector:
        """The smallest of each account; NaN where nothing is known."""
        known = self.known(name)
        found = np.full(self.size, np.inf)
        np.minimum.at(found, known.place, known.values(name))
        found[np.isinf(found)] = np.nan
        return found

    def spread(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns with one row an account at most, over all of them: NaN where there is none."""
        found = {name: np.full(self.size, np.nan) for name in names}
        for name, column in found.items():
            column[self.place] = self.frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return found

    def spread_text(self, name: str) -> pl.Series:
        """The same of text: null where there is none."""
        row = np.full(self.size, len(self.place), dtype=np.int64)
        row[self.place] = np.arange(len(self.place))
        return pl.concat([self.frame[name], pl.Series(name, [None], dtype=pl.String)])[row]
