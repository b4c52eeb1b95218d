"""Names to numbers: account ids and event names, each numbered when it first comes."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from data.store.ids import NONE, Ids, Numbers
from data.store.warehouse import Warehouse
from data.unify.loading import Load

_REMEMBERED = 500_000


def account_keys(load: Load, account_ids: pl.Series) -> pl.Series:
    """The number of each account id; new ones are learnt."""
    return _numbered(load, "account_keys", "account_key", "account_id", account_ids)


def event_names(load: Load, names: pl.Series) -> pl.Series:
    """The number of each event's name; new ones are learnt."""
    return _numbered(load, "event_names", "name_key", "name", names)


def _numbered(load: Load, table: str, key: str, name: str, given: pl.Series) -> pl.Series:
    coded = given.to_arrow().dictionary_encode()
    names = coded.dictionary.to_pylist()
    met = load.numbers.setdefault(table, {})
    fresh = [one for one in names if one not in met]
    if len(met) > _REMEMBERED:
        met.clear()
        fresh = names
    if fresh:
        met.update(zip(fresh, _numbers(load.warehouse, table, key, name, fresh).tolist(), strict=True))
    numbers = np.fromiter((met[one] for one in names), np.int32, len(names))
    return pl.Series(key, numbers[coded.indices.to_numpy()])


def _numbers(warehouse: Warehouse, table: str, key: str, name: str, names: Sequence[str]) -> Numbers:
    """The numbers of different names."""
    ids = hashes(names)
    known = warehouse.known.names(table, key, name)
    numbers = known.find(ids.high, ids.low)
    fresh = np.flatnonzero(numbers == NONE)
    if len(fresh):
        first = known.highest + 1
        numbers[fresh] = np.arange(first, first + len(fresh), dtype=np.int32)
        learnt = pl.DataFrame({"key": numbers[fresh], "name": [names[int(place)] for place in fresh]})
        with warehouse.given(learnt=learnt):
            warehouse.run(f"insert into {table} ({key}, {name}) select key, name from learnt")
        known.add(replace(ids.at(fresh), number=numbers[fresh]))
    return numbers


def hashes(names: Sequence[str]) -> Ids:
    """What SQL's md5_number gives for each name."""
    digests = b"".join(hashlib.md5(name.encode(), usedforsecurity=False).digest() for name in names)
    words = np.frombuffer(digests, "<u8").reshape(-1, 2).astype(np.uint64)
    return Ids(words[:, 1], words[:, 0])
