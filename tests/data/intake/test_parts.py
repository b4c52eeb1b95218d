"""What the doors are made of, part by part."""

import asyncio
import gzip
import zlib
from collections.abc import Sequence
from datetime import datetime
from threading import Event
from types import ModuleType

import pytest

from data.errors import BadDefinition, TryAgain
from data.intake import catalog, measures
from data.intake.answers import Refusal
from data.intake.delivery import Item
from data.intake.inbox import Arrival
from data.intake.rates import BURST_SECONDS, Rates
from data.intake.recent import RecentIds
from data.intake.unpack import unpacked
from data.intake.writer import Writer

BODY = b'{"userId": "u"}' * 100
NOON = datetime(2025, 3, 1, 12)


def raw_deflate(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(body) + packing.flush()


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (BODY, ""),
        (BODY, "identity"),
        (gzip.compress(BODY), "gzip"),
        (gzip.compress(BODY), "GZIP "),
        (gzip.compress(BODY), "x-gzip"),
        (gzip.compress(BODY), ""),
        (gzip.compress(BODY[:500]) + gzip.compress(BODY[500:]), "gzip"),
        (zlib.compress(BODY), "deflate"),
        (raw_deflate(BODY), "deflate"),
    ],
)
def test_bodies_are_unpacked_however_they_are_packed(packed: bytes, encoding: str) -> None:
    assert unpacked(packed, encoding, len(BODY)) == BODY


@pytest.mark.parametrize(
    ("packed", "encoding", "status"),
    [
        (gzip.compress(BODY), "br", 415),
        (gzip.compress(BODY), "gzip, gzip", 415),
        (BODY, "gzip", 400),
        (gzip.compress(BODY)[:-9], "gzip", 400),
        (gzip.compress(BODY) + b"rest", "gzip", 400),
        (b"\x1f\x8b", "", 400),
        (BODY, "deflate", 400),
        (gzip.compress(b"x" * 10_000_000), "gzip", 413),
        (gzip.compress(gzip.compress(BODY) * 50), "gzip", 413),
    ],
)
def test_bodies_that_cannot_be_unpacked_are_refused(packed: bytes, encoding: str, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        unpacked(packed, encoding, len(BODY))
    assert refused.value.status == status


def test_a_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    rates = Rates(10)
    assert [rates.wait("web", 0.0) for _ in range(10 * BURST_SECONDS)] == [0.0] * 10 * BURST_SECONDS
    assert rates.wait("web", 0.0) == pytest.approx(0.1)
    assert rates.wait("app", 0.0) == 0.0
    assert rates.wait("web", 0.1) == 0.0
    assert rates.wait("web", 0.1) > 0


def test_a_slow_rate_lets_the_first_request_through() -> None:
    rates = Rates(0.01)
    assert rates.wait("web", 0.0) == 0.0
    assert rates.wait("web", 0.0) == pytest.approx(100)


def named(*ids: str | None) -> list[Item]:
    return [Item("accepted", item_id=one) for one in ids]


def test_ids_are_repeats_from_the_second_time_and_per_source() -> None:
    recent = RecentIds()
    assert recent.repeated("web", named("a", "b", "a", None, None)) == [False, False, True, False, False]
    recent.remember("web", named("a", "b"))
    assert recent.repeated("web", named("a", "c")) == [True, False]
    assert recent.repeated("app", named("a")) == [False]


def test_an_item_that_was_set_aside_may_come_again() -> None:
    recent = RecentIds()
    recent.remember("web", [Item("quarantined", item_id="a")])
    assert recent.repeated("web", named("a")) == [False]


def test_the_memory_of_ids_is_bounded_and_forgets_the_oldest() -> None:
    recent = RecentIds(generation=3)
    for number in range(100):
        recent.remember("web", named(str(number)))
    assert len(recent.young) + len(recent.old) <= 6
    assert recent.repeated("web", named("99", "1")) == [True, False]


@pytest.mark.parametrize("body", [b'["' + b"x" * 2000 + b'"]', b'{"batch": [1, "' + b"x" * 2000 + b'"]}'])
def test_an_item_that_is_too_large_is_named(body: bytes) -> None:
    with pytest.raises(Refusal, match=r"Item [12] is 2,002 bytes large; an item may have 1,500"):
        measures.refuse_oversize(body, 1500)
    measures.refuse_oversize(body, 2500)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no body"),
        (b"  ", "no body"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b"1" * 5000, "not JSON"),
    ],
)
def test_a_body_that_is_no_json_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        measures.refuse_malformed(body)


@pytest.mark.parametrize("body", [b"{}", b'"\\ud800"', b"[NaN]", b"data=eyJ9", b"ip=1&data=eyJ9"])
def test_what_clients_send_and_strict_parsers_refuse_is_let_through(body: bytes) -> None:
    measures.refuse_malformed(body)


def module(**parts: object) -> ModuleType:
    made = ModuleType("data.intake.kinds.spike")
    whole = {
        "TITLE": "Spike",
        "ABOUT": "",
        "AUTH": "key",
        "PATHS": ("/spike",),
        "HEADERS": (),
        "SNIPPET": "",
        "translate": lambda _: [],
        "credentials": lambda *_: "key",
    }
    for name, part in (whole | parts).items():
        if part is not None:
            setattr(made, name, part)
    return made


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"TITLE": None, "translate": None}, "data.intake.kinds.spike must define TITLE, translate."),
        ({"AUTH": None}, 'data.intake.kinds.spike must define AUTH as "key" or "secret".'),
        ({"credentials": None}, "data.intake.kinds.spike must define credentials."),
        ({"AUTH": "secret"}, "data.intake.kinds.spike must define is_authentic."),
    ],
)
def test_a_kind_that_lacks_a_part_says_which(parts: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadDefinition) as lacking:
        catalog.defined(module(**parts))
    assert str(lacking.value) == sentence


def test_a_kind_without_doors_needs_no_key() -> None:
    kind = catalog.defined(module(PATHS=(), AUTH=None, credentials=None))
    assert (kind.name, kind.auth, kind.paths) == ("spike", None, ())


def test_every_kind_of_the_folder_is_whole_and_no_two_share_a_door() -> None:
    paths = [path for kind in catalog.kinds().values() for path in kind.paths]
    assert {"segment", "posthog", "facts"} <= catalog.kinds().keys()
    assert len(paths) == len(set(paths))


def arrival(number: int) -> Arrival:
    return Arrival("web", "segment", NOON, {}, b"x" * number)


def test_what_comes_in_while_the_writer_writes_is_committed_together() -> None:
    going, batches = Event(), []

    def keep(arrivals: Sequence[Arrival]) -> list[int]:
        batches.append(len(arrivals))
        going.wait(10)
        return [len(one.body) for one in arrivals]

    async def scene() -> list[int]:
        writer = Writer(keep, limit_bytes=10**6)
        writer.start()
        puts = [asyncio.create_task(writer.put(arrival(number))) for number in range(10)]
        while not batches or writer.waiting < 10:
            await asyncio.sleep(0)
        going.set()
        ids = await asyncio.gather(*puts)
        await writer.stop()
        return list(ids)

    assert asyncio.run(scene()) == list(range(10))
    assert sum(batches) == 10
    assert len(batches) <= 3


def test_a_writer_that_is_full_or_closed_refuses() -> None:
    going = Event()

    def keep(arrivals: Sequence[Arrival]) -> list[int]:
        going.wait(10)
        return list(range(len(arrivals)))

    async def scene() -> None:
        writer = Writer(keep, limit_bytes=100)
        writer.start()
        first = asyncio.create_task(writer.put(arrival(90)))
        await asyncio.sleep(0)
        with pytest.raises(TryAgain, match="More comes in than can be written"):
            await writer.put(arrival(20))
        going.set()
        await first
        await writer.put(arrival(500))  # larger than all room, but alone
        await writer.stop()
        with pytest.raises(TryAgain, match="closing"):
            await writer.put(arrival(1))

    asyncio.run(scene())


def test_a_batch_that_fails_is_told_to_all_and_the_writer_goes_on() -> None:
    faults: list[Exception] = [TryAgain("The disk is full."), RuntimeError("odd")]

    def keep(arrivals: Sequence[Arrival]) -> list[int]:
        if faults:
            raise faults.pop(0)
        return list(range(len(arrivals)))

    async def scene() -> None:
        writer = Writer(keep, limit_bytes=10**6)
        writer.start()
        with pytest.raises(TryAgain, match="disk is full"):
            await writer.put(arrival(1))
        assert writer.trouble == "The disk is full."
        with pytest.raises(TryAgain, match="odd"):
            await writer.put(arrival(1))
        assert await writer.put(arrival(1)) == 0
        assert writer.trouble is None
        await writer.stop()

    asyncio.run(scene())


def test_what_waits_when_the_writer_is_stopped_is_committed() -> None:
    kept: list[Arrival] = []

    def keep(arrivals: Sequence[Arrival]) -> list[int]:
        kept.extend(arrivals)
        return list(range(len(arrivals)))

    async def scene() -> None:
        writer = Writer(keep, limit_bytes=10**6)
        writer.start()
        puts = [asyncio.create_task(writer.put(arrival(number))) for number in range(50)]
        await asyncio.sleep(0)
        await writer.stop()
        await asyncio.gather(*puts)

    asyncio.run(scene())
    assert len(kept) == 50
