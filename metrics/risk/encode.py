"""From features to a matrix: lines, steps and levels, centred, with what was learnt of them kept as data."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.risk.columns import Column

Matrix = NDArray[np.float64]
EDGE = 0.005  # beyond this share of accounts at either end a figure counts as the one there
MOST_LEVELS = 12
LEAST_ROWS = 30  # of a level, to be told apart
FLAT = 1e-9


@dataclass(frozen=True)
class Term:
    """One column of the matrix: `how` a feature becomes a number, which is then centred and scaled.

    line: the figure, held between `low` and `high`. step: 1 from `low` until `high`. level: 1 where it is
    `level`. missing: 1 where nothing is known.
    """

    column: str
    group: str
    how: str
    low: float = 0.0
    high: float = 0.0
    is_log: bool = False
    level: str = ""
    center: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True)
class Encoding:
    """The terms in their order; `usual`: the figure in the middle of all, by feature."""

    terms: tuple[Term, ...]
    usual: dict[str, float]

    def matrix(self, table: pl.DataFrame) -> Matrix:
        """A row an account, a column a term."""
        made = np.empty((table.height, len(self.terms)), order="F")
        columns: dict[str, Any] = {}
        for place, term in enumerate(self.terms):
            if term.column not in columns:
                columns[term.column] = values_of(table, term.column)
            figure = filled(raw(columns[term.column], term), term.center)
            made[:, place] = (figure - term.center) / term.scale
        return made

    def weighed(self, table: pl.DataFrame, weights: Matrix) -> Matrix:
        """The matrix times weights, without the matrix: term by term, the same whatever the other rows."""
        total, away = np.zeros(table.height), 0.0
        columns: dict[str, Any] = {}
        for term, weight in zip(self.terms, weights.tolist(), strict=True):
            if term.column not in columns:
                columns[term.column] = values_of(table, term.column)
            each = weight / term.scale
            if term.how == "line":
                total += (filled(raw(columns[term.column], term), term.center) - term.center) * each
            else:
                total += flag(columns[term.column], term) * each
                away += term.center * each
        return total - away

    def told(self) -> dict[str, Any]:
        return {"terms": [asdict(term) for term in self.terms], "usual": self.usual}

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Encoding":
        return cls(tuple(Term(**term) for term in told["terms"]), dict(told["usual"]))


def values_of(table: pl.DataFrame, name: str) -> Any:
    """A column as numbers, with NaN where nothing is known; levels stay a series of text."""
    column = table[name]
    if column.dtype == pl.String:
        return column.fill_null("")
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def flag(values: Any, term: Term) -> NDArray[np.bool_]:
    """Whether an account has the level, is in the step, or nothing is known of it."""
    if term.how == "level":
        return np.asarray((values == term.level).to_numpy())
    if term.how == "missing":
        return np.asarray(np.isnan(values))
    return np.asarray((values >= term.low) & (values < term.high))


def raw(values: Any, term: Term) -> Matrix:
    if term.how != "line":
        return flag(values, term).astype(np.float64)
    figure = np.clip(values, term.low, term.high)
    return np.asarray(np.log1p(figure) if term.is_log else figure)


def filled(figure: Matrix, center: float) -> Matrix:
    """What is not known is as the average is."""
    unknown = np.isnan(figure)
    return np.where(unknown, center, figure) if unknown.any() else figure


def learn(table: pl.DataFrame, columns: Iterable[Column]) -> Encoding:
    """What the matrix of a table of snapshots looks like; a feature that never differs is left out."""
    return learned(table, columns)[0]


def learned(table: pl.DataFrame, columns: Iterable[Column]) -> tuple[Encoding, Matrix]:
    """The encoding, and the matrix of the table that it is learnt from: each figure is made once."""
    terms: list[Term] = []
    usual: dict[str, float] = {}
    asked = tuple(columns)
    matrix = np.empty((table.height, sum(most_terms(column) for column in asked)), order="F")
    for column in asked:
        values = values_of(table, column.name)
        ordered = np.empty(0) if column.kind == "category" else np.sort(values[~np.isnan(values)])
        if ordered.size:
            usual[column.name] = quantile(ordered, 0.5)
        for term in terms_of(column, values, ordered):
            figure = raw(values, term)
            center = mean_of_known(figure)
            if np.isnan(center):
                continue
            figure = filled(figure, center)
            scale = float(np.std(figure))
            if scale > FLAT:
                term = replace(term, center=rounded(center), scale=rounded(scale))  # noqa: PLW2901
                matrix[:, len(terms)] = (figure - term.center) / term.scale
                terms.append(term)
    return Encoding(tuple(terms), usual), matrix[:, : len(terms)]


def mean_of_known(figure: Matrix) -> float:
    known = figure[~np.isnan(figure)]
    return float(known.mean()) if known.size else float("nan")


def quantile(ordered: Matrix, share: float) -> float:
    """Of figures in their order, between two of them as far as need be."""
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def most_terms(column: Column) -> int:
    return MOST_LEVELS if column.kind == "category" else len(column.edges) + 2


def terms_of(column: Column, values: Any, ordered: Matrix) -> Iterable[Term]:
    """`ordered`: those of the figures that are known, sorted."""
    name, group = column.name, column.group
    if column.kind == "category":
        order = sorted((-count, level) for level, count in values.value_counts().iter_rows())
        for count, level in order[:MOST_LEVELS]:
            if -count >= LEAST_ROWS:
                yield Term(name, group, "level", level=str(level))
        return
    if column.kind == "steps":
        for low, high in zip(column.edges, (*column.edges[1:], float("1e18")), strict=True):
            yield Term(name, group, "step", low, high)
    if column.kind != "steps" or column.is_line:
        yield line(column, ordered)
    if column.empty is None:
        yield Term(name, group, "missing")


def line(column: Column, ordered: Matrix) -> Term:
    low, high = (quantile(ordered, EDGE), quantile(ordered, 1 - EDGE)) if ordered.size else (0.0, 0.0)
    if column.kind == "flag" or low == high:
        low, high = (float(ordered[0]), float(ordered[-1])) if ordered.size else (0.0, 0.0)
    is_log = column.kind in ("log", "steps")
    low = max(low, 0.0) if is_log else low
    return Term(column.name, column.group, "line", low, max(high, low), is_log)


def rounded(value: float) -> float:
    """Twelve digits: enough for every use, and the same wherever it was computed."""
    return float(f"{value:.12g}")
