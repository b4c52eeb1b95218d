"""What stands on a chart, in the language of the run: titles, tips, names of series, numbers and months."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from data.speech.vega import conventions
from pages.parts import speech
from pages.parts.once import once
from pages.parts.speech import ENGLISH, say

Spec = dict[str, Any]
SAID = frozenset({"title", "labelExpr", "calculate", "text"})
OURS = ("state", "movement")  # columns whose values are words of ours, never names from outside


def spoken(drawn: Spec) -> Spec:
    """A specification without data, its English words said in the language of the run."""
    return drawn if speech.language() == ENGLISH else _translated(drawn)


@once
def _translated(drawn: Spec) -> Spec:
    found: Spec = _said(drawn)
    return found | {"config": {**found.get("config", {}), "locale": conventions(speech.language())}}


def _said(part: Any, key: str = "") -> Any:
    if isinstance(part, dict):
        return {name: value if name == "data" else _said(value, name) for name, value in part.items()}
    if isinstance(part, list):
        return [_said(value, key) for value in part]
    if not isinstance(part, str):
        return part
    if key == "format":
        return part.replace("$~s", "~s").replace("’%y", "%Y")  # what the axis counts stands in its title
    return say(part) if key in SAID or key == "domain" else part


def worded(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The same rows; of these columns, whose values are our own words, those of the language of the run."""
    ours = [column for column in columns if column in frame.columns]
    if speech.language() == ENGLISH or not ours:
        return frame
    return _worded(frame, tuple(ours))


@once
def _worded(frame: pl.DataFrame, ours: Sequence[str]) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).replace(_words(frame[column])) for column in ours)


def _words(column: pl.Series) -> dict[str, str]:
    return {word: say(word) for word in column.unique().drop_nulls().to_list()}
