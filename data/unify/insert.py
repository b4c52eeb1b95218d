"""Puts checked facts where they rest: each once, the first to come wins, under the keys of its names."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.shapes import Shape
from data.store.ids import NONE, Ids
from data.store.known import whole
from data.store.local_time import day_of
from data.unify.loading import Load
from data.unify.names import account_keys, event_names


@dataclass(frozen=True)
class Facts:
    """Good facts as a frame: the columns of `shape`, `extras`, `row`, `position`, the words of the id.

    `came_as` is the name of the shape in the file: spans come as subscriptions and rest as changes.
    """

    frame: pl.DataFrame
    shape: Shape
    came_as: str
    first_seq: int

    @property
    def are_halves(self) -> bool:
        """Whether a row of the file gave more than one fact."""
        return self.came_as != self.shape.name

    @property
    def place(self) -> pl.Expr:
        """The position of the row that a fact came from."""
        return pl.col("position") // 2 if self.are_halves else pl.col("position")


def add(load: Load, facts: Facts) -> pl.DataFrame:
    """Insert what is new, and give it back with the numbers of its names."""
    fresh = with_keys(load, facts.shape, unseen(load, facts.shape.rests_in, facts.frame))
    if fresh.height:
        insert(load, facts, fresh)
    return fresh


def unseen(load: Load, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The facts that are neither stored nor said earlier in this stretch; from now on they are."""
    high = np.sort(frame["high"].to_numpy())
    if (high[1:] == high[:-1]).any():
        frame = frame.unique(["high", "low"], keep="first", maintain_order=True)
    is_new = learnt(load, table, frame)
    return frame if is_new.all() else frame.filter(pl.Series(is_new))


def learnt(load: Load, table: str, frame: pl.DataFrame) -> NDArray[np.bool_]:
    """Which of these facts, all different, the table does not hold; they count as held from now on."""
    known = load.warehouse.known.facts(table)
    ids = Ids(frame["high"].to_numpy(), frame["low"].to_numpy())
    is_new: NDArray[np.bool_] = known.find(ids.high, ids.low) == NONE
    known.add(ids.at(is_new))
    return is_new


def with_keys(load: Load, shape: Shape, frame: pl.DataFrame) -> pl.DataFrame:
    """The facts with the numbers of the names in them."""
    keys = []
    if "account_id" in shape.names:
        keys.append(account_keys(load, frame["account_id"]))
    if "into_id" in shape.names:
        keys.append(account_keys(load, frame["into_id"]).alias("into_key"))
    if shape.name == "events":
        keys.append(event_names(load, frame["name"]))
    return frame.hstack(keys)


def insert(load: Load, facts: Facts, fresh: pl.DataFrame) -> None:
    """Insert facts that have the numbers of their names, and count them."""
    columns = stored_columns(facts, fresh, load.warehouse.settings.timezone)
    with load.warehouse.given(fresh=fresh):
        load.warehouse.run(
            f"insert into {facts.shape.rests_in} ({', '.join(columns)}) "
            f"select {', '.join(columns.values())} from fresh as f",
            load.keys,
        )
    _count(load, facts, fresh)


def _count(load: Load, facts: Facts, fresh: pl.DataFrame) -> None:
    """Note what came, when it happened, and for whom."""
    at = facts.shape.happened_at
    load.gain(facts.shape.name).add(fresh.height, bounds(fresh[at])[1] if at else None)
    if facts.shape.waits:
        load.named.append(
            fresh.group_by("account_key").agg(
                came_as=pl.lit(facts.came_as),
                rests_as=pl.lit(facts.shape.name),
                rows=facts.place.n_unique().cast(pl.Int64),
                facts=pl.len().cast(pl.Int64),
            )
        )


def bounds(times: pl.Series) -> tuple[datetime, datetime]:
    """The first and the last of some instants or dates."""
    instants = times.cast(pl.Datetime("us"))
    return cast(datetime, instants.min()), cast(datetime, instants.max())


def stored_columns(facts: Facts, fresh: pl.DataFrame, zone: str) -> dict[str, str]:
    """The store's columns for a shape, with SQL over a fact `f` that has its keys."""
    shape = facts.shape
    columns = {"fact_id": whole("f."), "source_key": "$source_key", "import_id": "$import_id"}
    columns |= {name: f"f.{name}" for name in fresh.columns if name in ("account_key", "into_key")}
    columns |= {name: f"f.{name}" for name in shape.names if name != "into_id"} | {shape.extras: "f.extras"}
    if shape.name != "accounts":
        columns.pop("account_id", None)
    if shape.name == "events":
        del columns["event_id"], columns["name"]
        first, last = bounds(fresh["occurred_at"])
        return columns | {
            "day": day_of("f.occurred_at", zone, first, last),
            "name_key": "f.name_key",
            "properties": _PROPERTIES,
        }
    columns["seq"] = f"{facts.first_seq} + f.position"
    if shape.name == "subscription_changes":
        columns["status"] = "coalesce(f.status, 'active')"
        columns["ends_span"] = "f.ends_span" if facts.are_halves else "false"
    return columns


# An event has properties of its own; columns that the shape does not name join them.
_PROPERTIES = """
case
    when f.extras is null then f.properties
    when f.properties is null then f.extras
    when json_type(f.properties) = 'OBJECT' then cast(json_merge_patch(f.extras, f.properties) as varchar)
    else cast(json_merge_patch(f.extras, json_object('properties', json(f.properties))) as varchar)
end
"""
