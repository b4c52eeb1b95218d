"""Who is whom: devices and customers that are persons, persons in groups, in any order of arrival."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.identity import Link, accounts_of
from data.unify.load import load_rows
from data.unify.report import ImportReport
from data.unify.rows import Rows
from tests.data.unify.who_is_whom import Said, accounts

START = datetime(2024, 1, 1)
NOW = datetime(2025, 1, 1)


def said(text: str) -> Said:
    """`anon person u1 5`: on day 5 anon was said to be the person u1."""
    account, kind, into, day = text.split()
    return Said(account, into, START + timedelta(days=int(day)), kind)


def link(warehouse: Warehouse, *links: Said, source: str = "web") -> ImportReport:
    told = [one._replace(linked_at=one.linked_at.isoformat() + "Z") for one in links]
    frame = pl.DataFrame(told, schema=list(Said._fields), orient="row")
    with warehouse.transaction():
        return load_rows(warehouse, source, [Rows("identities", frame, "delivery")], now=NOW)


def merged(warehouse: Warehouse) -> dict[str, str]:
    return dict(
        warehouse.rows(
            "select a.account_id, b.account_id from merged as m "
            "join account_keys as a on m.account_key = a.account_key "
            "join account_keys as b on m.into_key = b.account_key"
        )
    )


def merges(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select m.import_id, k.account_id, a.account_id, b.account_id from merges as m "
        "join account_keys as k on m.account_key = k.account_key "
        "join account_keys as a on m.old_key = a.account_key "
        "join account_keys as b on m.new_key = b.account_key order by all"
    )


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (["anon person u1 1"], {"anon": "u1"}),
        (["anon person u1 2", "anon person u2 1"], {"anon": "u2"}),
        (["a person b 1", "b person c 1"], {"a": "c", "b": "c"}),
        (["b person a 1", "a person b 2"], {"b": "a"}),
        (["c person b 1", "b person a 1", "a person c 1", "x person b 1"], {"c": "a", "b": "a", "x": "a"}),
        (["u person u 1"], {}),
        (["u group g 1"], {"u": "g"}),
        (["u group g 1", "u group h 2"], {"u": "h"}),
        (["anon person u 5", "u group g 1"], {"anon": "g", "u": "g"}),
        (["anon person u 5", "u group g 1", "anon group h 2"], {"anon": "h", "u": "h"}),
        (["cus billing u 1", "u group g 1"], {"cus": "g", "u": "g"}),
        (["cus billing g 1", "u group g 1"], {"cus": "g", "u": "g"}),
        (["cus billing u 1", "anon person u 1"], {"cus": "u", "anon": "u"}),
        (["u group g 1", "g person h 1"], {"u": "h", "g": "h"}),
        (["u group g 1", "g group h 1"], {"u": "h", "g": "h"}),
        (["g group h 1", "h group g 1", "u group h 1"], {"h": "g", "u": "g"}),
        (["anon person u 1", "u group anon 1"], {"anon": "u"}),
    ],
)
def test_links_say_who_is_whom(desk, links: list[str], expected: dict[str, str]) -> None:
    assert accounts(map(said, links), "web") == expected
    link(desk.warehouse, *map(said, links))
    assert merged(desk.warehouse) == expected


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["anon person u 3", "cus billing u 1", "u group g 2"]))
)
def test_the_order_of_arrival_does_not_matter(desk, order: tuple[str, ...]) -> None:
    for one in order:
        link(desk.warehouse, said(one))
    assert merged(desk.warehouse) == {"anon": "g", "cus": "g", "u": "g"}


def test_every_change_of_account_is_written_down(desk) -> None:
    link(desk.warehouse, said("anon person u 5"))
    link(desk.warehouse, said("u group g 1"))
    link(desk.warehouse, said("u group g 2"))
    link(desk.warehouse, said("anon person v 1"))
    assert merges(desk.warehouse) == [
        (1, "anon", "anon", "u"),
        (2, "anon", "u", "g"),
        (2, "u", "u", "g"),
        (4, "anon", "g", "v"),
    ]


def test_a_link_said_again_moves_its_time_only(desk) -> None:
    link(desk.warehouse, said("u group g 1"), said("u group g 3"), said("u group h 2"))
    report = link(desk.warehouse, said("u group h 4"), said("a person u 9"))
    assert [(c.read, c.added, c.repeated) for c in report.counts] == [(2, 1, 1)]
    assert merged(desk.warehouse) == {"u": "h", "a": "h"}
    asked = "select kind, linked_at from identities order by all"
    assert desk.rows(asked) == [
        ("group", START + timedelta(days=3)),
        ("group", START + timedelta(days=4)),
        ("person", START + timedelta(days=9)),
    ]
    link(desk.warehouse, said("u group h 1"), said("a person u 2"), said("a person u 30"))
    assert desk.rows(asked)[2] == ("person", START + timedelta(days=2))
    assert merged(desk.warehouse) == {"u": "h", "a": "h"}


def test_a_person_of_several_ids_moves_with_its_last_group(desk) -> None:
    link(desk.warehouse, said("x person u 1"), said("x group g 5"), said("u group h 7"))
    assert merged(desk.warehouse) == {"x": "h", "u": "h"}
    link(desk.warehouse, said("x group g 9"))
    assert merged(desk.warehouse) == {"x": "g", "u": "g"}


def test_members_follow_their_group(desk) -> None:
    link(desk.warehouse, *[said(f"u{n} group g 1") for n in range(20)])
    link(desk.warehouse, said("g person h 1"))
    assert set(merged(desk.warehouse).values()) == {"h"}
    assert len(merged(desk.warehouse)) == 21


def test_facts_wait_by_the_account_they_come_to(desk) -> None:
    event = {"event_id": "1", "account_id": "anon", "occurred_at": "2024-01-01T00:00:00Z", "name": "x"}
    with desk.warehouse.transaction():
        load_rows(desk.warehouse, "web", [Rows("events", pl.DataFrame([event]), "d")], now=NOW)
    link(desk.warehouse, said("anon person u 1"))
    assert desk.rows("from waiting_counts") == [("web", "events", 1)]
    seen = pl.DataFrame([{"account_id": "u", "updated_at": "2024-01-01T00:00:00Z"}])
    with desk.warehouse.transaction():
        load_rows(desk.warehouse, "web", [Rows("account_updates", seen, "d")], now=NOW)
    assert desk.rows("from waiting_counts") == []
    link(desk.warehouse, said("u group g 1"))
    assert desk.rows("from waiting_counts") == []


def test_sources_may_say_the_same_link(desk) -> None:
    for source in ("web", "app"):
        assert link(desk.warehouse, said("u group g 1"), source=source).counts[0].added == 1
    assert merged(desk.warehouse) == {"u": "g"}


def test_a_chain_of_thousands_is_followed() -> None:
    chain = [Link(n, n + 1, "person", 0, n) for n in range(20_000)]
    assert set(accounts_of(chain, str).values()) == {20_000}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A warehouse for many searches, each with ids of its own."""
    with Warehouse.open(Settings(home=tmp_path_factory.mktemp("crowd"))) as warehouse:
        yield warehouse


LINKS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from("abcdefgh"),
        st.integers(0, 4),
        st.sampled_from(["person", "person", "group", "group", "billing"]),
    ),
    min_size=1,
    max_size=14,
)
_searches = itertools.count()


@settings(max_examples=40)
@given(told=LINKS, seed=st.integers(0, 2**16), size=st.integers(1, 6))
def test_any_order_and_batching_gives_what_all_links_give(
    crowd: Warehouse, told, seed: int, size: int
) -> None:
    prefix = f"{next(_searches)}-"
    links = [Said(prefix + a, prefix + b, START + timedelta(days=day), kind) for a, b, day, kind in told]
    arriving = links + links[::2]
    random.Random(seed).shuffle(arriving)
    for start in range(0, len(arriving), size):
        link(crowd, *arriving[start : start + size])
    found = {name: end for name, end in merged(crowd).items() if name.startswith(prefix)}
    assert found == accounts(links, "web")
    assert replayed(crowd, prefix) == found


def replayed(warehouse: Warehouse, prefix: str) -> dict[str, str]:
    """What the log of changes comes to; each change begins where the one before it ended."""
    at: dict[str, str] = {}
    for _, name, old, new in merges(warehouse):
        if name.startswith(prefix):
            assert at.get(name, name) == old
            at[name] = new
    return {name: end for name, end in at.items() if name != end}
