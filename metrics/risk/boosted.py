"""The challenger: small boosted trees, kept as the text that they can be read back from."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from metrics.risk.encode import Encoding
from metrics.risk.fit import Vector

if TYPE_CHECKING:
    from lightgbm import Booster

TREES = 60
# One thread: two that wait for each other cost four times as much; walks grow side by side instead.
SHAPE: dict[str, Any] = {
    "objective": "binary", "num_leaves": 8, "learning_rate": 0.1, "min_data_in_leaf": 200,
    "lambda_l2": 10.0, "max_bin": 31, "verbosity": -1, "deterministic": True, "force_col_wise": True,
    "bin_construct_sample_cnt": 50_000, "seed": 1, "num_threads": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Boosted:
    """Trees on the terms of an encoding; `text` is LightGBM's own dump."""

    encoding: Encoding
    text: str

    @cached_property
    def booster(self) -> "Booster":
        from lightgbm import Booster  # noqa: PLC0415 (few companies have a challenger)

        return Booster(model_str=self.text)

    def log_odds(self, table: pl.DataFrame) -> Vector:
        return np.asarray(self.booster.predict(single(self.encoding, table), raw_score=True, num_threads=1))

    def told(self) -> dict[str, Any]:
        return {"encoding": self.encoding.told(), "text": self.text}

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Boosted":
        return cls(Encoding.of(told["encoding"]), told["text"])


def grow(table: pl.DataFrame, outcome: Vector, encoding: Encoding) -> Boosted:
    """Fit to the same rows as the regression that it challenges."""
    from lightgbm import Dataset, train  # noqa: PLC0415

    data = Dataset(single(encoding, table), label=outcome, params=SHAPE)
    return Boosted(encoding, train(SHAPE, data, num_boost_round=TREES).model_to_string())


def single(encoding: Encoding, table: pl.DataFrame) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """The terms in single precision: trees ask only on which side of a split a figure lies."""
    return encoding.matrix(table).astype(np.float32)
