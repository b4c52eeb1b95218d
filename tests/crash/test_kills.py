"""Kills anything at any instant under load: what was accepted is stored once each, editions stay whole."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.archive import chunks
from data.store.warehouse import Warehouse
from engine.rebuild import rebuild
from tests.crash.town import Town, is_long

KILLS = 200 if is_long() else 10


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, seed=20261123)
    try:
        yield made
    finally:
        made.abandon()


def stored(town: Town) -> Counter[str]:
    with Warehouse.open(town.settings) as warehouse:
        rows = warehouse.rows("select properties from events")
    return Counter(json.loads(properties)["id"] for (properties,) in rows)


def counts(town: Town) -> tuple[int, int, int]:
    with Warehouse.open(town.settings) as warehouse:
        asked = "select sum(read), sum(added), sum(repeated) from source_counts where shape = 'events'"
        read, added, repeated = warehouse.rows(asked)[0]
    return int(read), int(added), int(repeated)


def rebuilt(town: Town) -> Counter[str]:
    """What the archive and the inbox give once more, from nothing."""
    with Warehouse.open(town.settings) as warehouse:
        rebuild(town.settings, warehouse, town.inbox, show=lambda _: None)
    return stored(town)


@pytest.mark.timeout(3600 if is_long() else 300)
def test_what_was_accepted_is_stored_once_each_whatever_is_killed(town: Town) -> None:
    town.begin()
    town.wait_for(lambda: len(town.accepted) > 0 and len(town.reader.seen) > 0, "the first edition")
    for _ in range(KILLS):
        town.kill_something()
    town.wait_for(lambda: town.reader.seen[-1][1] > 0, "an edition")
    town.end()
    found = stored(town)
    assert town.accepted - found.keys() == set()
    assert max(found.values()) == 1
    read, added, repeated = counts(town)
    assert (read, added, repeated) == (len(found), len(found), 0)
    assert town.reader.wrong == []
    assert len(town.reader.seen) > 1
    assert sum(town.killed.values()) == KILLS
    assert {"engine", "doors", "publisher"} == {whom for whom, times in town.killed.items() if times}
    assert len(chunks.chunks(town.settings)) > 1
    assert rebuilt(town) == found
