"""Gathers what deliveries hold into frames: one a source and shape, in the order in which the facts came."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
import polars as pl

from data.intake.delivery import Delivery, Fact, Item
from data.shapes import SHAPES
from data.unify.aside import Bad
from data.unify.rows import Rows


@dataclass
class Gathering:
    """Facts of one shape on their way to becoming a frame, and where each of them stood."""

    shape: str
    names: set[str] = field(default_factory=set)  # of the columns that any fact has
    facts: list[Mapping[str, Any]] = field(default_factory=list)
    extras: list[str | None] = field(default_factory=list)
    places: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, fact: Fact, place: tuple[Any, ...]) -> None:
        self.names.update(fact.values)
        self.facts.append(fact.values)
        self.extras.append(extras_of(fact))
        self.places.append(place)

    def rows(self) -> Rows:
        shape = SHAPES[self.shape]
        given = [name for name in shape.names if name in self.names or name in shape.required]
        columns = [texts(name, [fact.get(name) for fact in self.facts]) for name in given]
        if any(self.extras):
            columns.append(texts("extras", self.extras))
        row, raw, file = zip(*self.places, strict=True)
        columns += [pl.Series("row", row, pl.Int64), texts("raw", raw), texts("file", file)]
        return Rows(self.shape, pl.DataFrame(columns), file[0])


@dataclass
class Gathered:
    """What one source brought, and when the last of it came."""

    source: str
    arrived_at: datetime
    shapes: dict[str, Gathering] = field(default_factory=dict)
    bad: list[Bad] = field(default_factory=list)

    def take(self, kind: str, file: str, items: Iterable[Item], first: int = 1) -> None:
        """Add the items of a delivery, numbered from `first`."""
        for number, item in enumerate(items, start=first):
            if reason := reason_against(item):
                raw = whole_text(item.raw)
                self.bad.append(Bad(kind, file, number, item.field, whole_text(item.value), reason, raw))
                continue
            for fact in item.facts:
                place = (number, item.raw or raw_of(fact), file)
                self.shapes.setdefault(fact.shape, Gathering(fact.shape)).add(fact, place)

    @property
    def rows(self) -> list[Rows]:
        return [gathering.rows() for gathering in self.shapes.values()]


def gathered(pairs: Iterable[tuple[Delivery, list[Item]]]) -> list[Gathered]:
    """What each source brought, the source that came first first."""
    found: dict[str, Gathered] = {}
    for delivery, items in pairs:
        source = found.setdefault(delivery.source, Gathered(delivery.source, delivery.received_at))
        source.arrived_at = max(source.arrived_at, delivery.received_at)
        source.take(delivery.kind, name_of(delivery), items)
    return list(found.values())


def reason_against(item: Item) -> str:
    """Why an item is set aside; nothing where it is taken."""
    if item.outcome == "quarantined":
        return f"{whole_text(item.reason or 'its kind gave no reason')}"
    strange = [fact.shape for fact in item.facts if fact.shape not in SHAPES]
    return f"its kind gave a fact of the unknown shape {strange[0]!r}" if strange else ""


def name_of(delivery: Delivery) -> str:
    """What stands in the place of a file name: `segment delivery 17`."""
    return f"{delivery.kind} delivery {delivery.delivery_id}"


def raw_of(fact: Fact) -> str:
    return as_json({"shape": fact.shape, **fact.values})


def extras_of(fact: Fact) -> str | None:
    """What the shape does not name, as a JSON object."""
    known = _names(fact.shape)
    if fact.values.keys() <= known:
        return None
    extras = {name: value for name, value in fact.values.items() if name not in known and value is not None}
    return as_json(extras) if extras else None


@lru_cache(maxsize=100)
def _names(shape: str) -> frozenset[str]:
    return frozenset(SHAPES[shape].names)


def as_text(value: Any) -> str | None:
    """A value as a CSV file would hold it; objects and lists as JSON."""
    if value is None or isinstance(value, str):
        return value
    return as_json(value) if isinstance(value, bool | dict | list) else str(value)


def as_json(value: Any) -> str:
    """JSON text; numbers that JSON does not know, and anything else foreign to it, become texts."""
    try:
        told = orjson.dumps(value, default=str).decode()
    except (TypeError, ValueError):
        told = json.dumps(_finite(value), ensure_ascii=False, default=str)
    return str(told)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return str(value) if isinstance(value, float) else value


def texts(name: str, values: Sequence[Any]) -> pl.Series:
    """A column of texts; half characters, which no text may hold, become question marks."""
    try:
        return pl.Series(name, values, pl.String, strict=True)
    except TypeError:
        return texts(name, [as_text(value) for value in values])
    except UnicodeEncodeError:
        return pl.Series(name, [whole_text(as_text(value)) for value in values], pl.String)


def whole_text(value: Any) -> Any:
    """A text without the half characters that no file can hold; anything else as it is."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
